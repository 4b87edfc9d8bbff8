export {
  documentPath,
  maxContentBytes,
  openBundle,
  ownFiles,
  logoPath,
  snapshotPath,
  templateMediaType,
  templatePath,
  writeBundle,
  type OpenBundle,
} from './bundle.ts';
export {
  bundleFormat,
  ManifestRefused,
  readManifest,
  toTemplate,
  toVersions,
  writeManifest,
  type Manifest,
  type ManifestFile,
} from './manifest.ts';
export {
  createProofSigner,
  isEd25519,
  publicKeysIn,
  readOwnKey,
  readPublicKeys,
  SignatureRefused,
  verifySignature,
  type KeySet,
  type ProofSigner,
} from './signature.ts';
export { BundleRefused, maxBundleBytes, writeZip, type Files } from './zip.ts';
