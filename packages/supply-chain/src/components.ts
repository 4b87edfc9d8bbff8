import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { directIds, productionKeys, withoutPeers, type Lockfile } from './lockfile.ts';

/** A package of others that runs in production. */
export interface Component {
  name: string;
  version: string;
  /** As npm has it: "sha512-" and base64. */
  integrity: string;
  /** As its package.json says, an SPDX expression in most; undefined when it says nothing. */
  licence: string | undefined;
  /** "name@version" of what it needs itself. */
  needs: string[];
  /** Whether a package of ours names it. */
  direct: boolean;
  /** Whether it is for some platforms alone. */
  platform: boolean;
  /** Not on this machine, because it is for another; then its licence is not known. */
  elsewhere: boolean;
}

/** In order of name and version, each once. */
export const readComponents = (root: string, lockfile: Lockfile): Component[] => {
  const store = join(root, 'node_modules/.pnpm');
  const folders = readdirSync(store);
  const direct = directIds(lockfile);
  const byId = new Map<string, Component>();
  for (const key of productionKeys(lockfile)) {
    const id = withoutPeers(key);
    const at = id.lastIndexOf('@');
    const [name, version] = [id.slice(0, at), id.slice(at + 1)];
    const prefix = `${name.replaceAll('/', '+')}@${version}`;
    const folder = folders.find((each) => each === prefix || each.startsWith(`${prefix}_`));
    const file = join(store, folder ?? '', 'node_modules', name, 'package.json');
    const about = folder && existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as PackageJson) : undefined;
    const { dependencies = {}, optionalDependencies = {} } = lockfile.snapshots[key] ?? {};
    const needs = Object.entries({ ...dependencies, ...optionalDependencies }).map(([each, wanted]) =>
      withoutPeers(wanted in lockfile.snapshots ? wanted : `${each}@${wanted}`),
    );
    const known = byId.get(id);
    byId.set(id, {
      name,
      version,
      integrity: integrityOf(lockfile.packages[id]?.resolution['integrity']),
      licence: licenceOf(about),
      needs: [...new Set([...(known?.needs ?? []), ...needs])].toSorted(),
      direct: direct.has(id),
      platform: lockfile.packages[id]?.os !== undefined || lockfile.packages[id]?.cpu !== undefined,
      elsewhere: about === undefined,
    });
  }
  return [...byId.values()];
};

const integrityOf = (value: unknown): string => (typeof value === 'string' ? value : '');

interface PackageJson {
  license?: string | { type?: string };
  licenses?: { type?: string }[];
}

/** Older packages have an object, or a list of them to choose from. */
const licenceOf = ({ license, licenses }: PackageJson = {}): string | undefined => {
  if (typeof license === 'string') return license;
  return license?.type ?? (licenses?.map(({ type }) => type).join(' OR ') || undefined);
};
