/** What pnpm-lock.yaml says: our packages, those of others that they need, and where these come from. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

interface Resolved {
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}
type Wanted = Record<string, { specifier: string; version: string }>;
export interface Lockfile {
  lockfileVersion: string;
  /** Our packages, by folder. */
  importers: Record<string, { dependencies?: Wanted; devDependencies?: Wanted; optionalDependencies?: Wanted }>;
  /** "name@version" to where it comes from, and which platforms it is for. */
  packages: Record<
    string,
    { resolution: Record<string, unknown>; os?: string[]; cpu?: string[]; libc?: string[]; engines?: object }
  >;
  /** "name@version(peers)" to what it needs. */
  snapshots: Record<string, Resolved>;
}

export const readLockfile = (root: string): Lockfile => {
  const [, workspace = ''] =
    /((?:^|\n)lockfileVersion:[^]*)$/.exec(readFileSync(join(root, 'pnpm-lock.yaml'), 'utf8')) ?? [];
  return parse(workspace) as Lockfile;
};

/** "name@version" of a key that may carry peers in parentheses. */
export const withoutPeers = (key: string): string => key.replace(/\(.*$/, '');

/** What of others our shipped packages name themselves, as "name@version". */
export const directIds = ({ importers }: Lockfile): Set<string> =>
  new Set(shippedWants(importers).map(([name, version]) => withoutPeers(`${name}@${version}`)));

/** Everything of others that runs in production, as keys of `snapshots` in order: what our apps and packages depend on. */
export const productionKeys = ({ importers, snapshots }: Lockfile): string[] => {
  const found = new Set<string>();
  const visit = (name: string, version: string): void => {
    const key = version.includes('@', 1) && version in snapshots ? version : `${name}@${version}`;
    if (found.has(key)) return;
    found.add(key);
    const { dependencies = {}, optionalDependencies = {} } = snapshots[key] ?? {};
    for (const [each, wanted] of Object.entries({ ...dependencies, ...optionalDependencies })) visit(each, wanted);
  };
  for (const [name, version] of shippedWants(importers)) visit(name, version);
  return [...found].toSorted();
};

/** Names and versions that our shipped packages depend on, but for one another. */
const shippedWants = (importers: Lockfile['importers']): [name: string, version: string][] =>
  Object.entries(importers)
    .filter(([folder]) => isShipped(folder))
    .flatMap(([, { dependencies = {}, optionalDependencies = {} }]) =>
      Object.entries({ ...dependencies, ...optionalDependencies }),
    )
    .filter(([, { version }]) => !version.startsWith('link:'))
    .map(([name, { version }]) => [name, version]);

/** What runs where invoices are; the other packages are tools of ours. */
const isShipped = (folder: string): boolean => folder.startsWith('apps/') || folder === 'prisma' || shipped.has(folder);
const shipped = new Set(
  ['client', 'database', 'documents', 'invoice', 'proof', 'queue', 'renderers', 'storage', 'telemetry', 'verify'].map(
    (name) => `packages/${name}`,
  ),
);

/** Lines that a reviewer should never have to look for: a source beside the registry, and versions left open. */
export const faultsOfLockfile = ({ importers, packages }: Lockfile): string[] => [
  ...Object.entries(packages)
    .filter(([, { resolution }]) => !isOfRegistry(resolution))
    .map(
      ([key]) =>
        `pnpm-lock.yaml: ${key} does not come from the registry under a SHA-512; depend on a published version`,
    ),
  ...Object.entries(importers).flatMap(([folder, { dependencies, devDependencies, optionalDependencies }]) =>
    Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies })
      .filter(([, { specifier }]) => specifier !== 'workspace:*' && !exact.test(specifier))
      .map(([name, { specifier }]) => `${folder}/package.json: ${name} is "${specifier}"; pin one version`),
  ),
];

const exact = /^\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?$/;
/** A tarball's address, a git commit or a folder would stand beside the digest, or in its place. */
const isOfRegistry = (resolution: Record<string, unknown>): boolean =>
  Object.keys(resolution).join() === 'integrity' && String(resolution['integrity']).startsWith('sha512-');
