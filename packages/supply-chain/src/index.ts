export { readComponents, type Component } from './components.ts';
export { faultsOfContainer } from './containers.ts';
export { faultsOfLicences } from './licences.ts';
export { faultsOfLockfile, readLockfile, type Lockfile } from './lockfile.ts';
export { toBom, type Bom } from './sbom.ts';
export { faultsOfScripts } from './scripts.ts';
export { faultsOfSecrets } from './secrets.ts';
