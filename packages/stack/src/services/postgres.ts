/**
 * The embedded PostgreSQL 18: real server programs from npm, in a folder, on loopback, with scram passwords.
 */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chown, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type PostgresHome, preparePostgresHome, removePostgresHome } from './postgres-home.ts';
import { clusterOf, type Durability, runProgram, startServer, waitForPredecessor } from './postgres-server.ts';

export { provision, type RoleUrls } from './provision.ts';

const majorVersion = '18';
const superuser = 'postgres';

export interface PostgresOptions {
  /** Everything is kept here (see postgres-home.ts for root); created when missing, reused when it holds a cluster. */
  dataDir: string;
  /** Default: a free one. */
  port?: number;
  /** `false` deletes dataDir on disposal. Default `true`. */
  persistent?: boolean;
  /** 'test' is fast and survives no power cut. Default 'full'. */
  durability?: Durability;
}

export interface Postgres extends AsyncDisposable {
  /** Of the maintenance database `postgres`; contains the password. */
  superuserUrl: string;
}

/**
 * Starts PostgreSQL on 127.0.0.1 and resolves once it accepts connections. Disposal is a fast shutdown. The server
 * also stops when this process ends in any other way, SIGKILL included.
 * @throws Error when the folder is in use, was made by another major version, or the server does not come up.
 */
export const startPostgres = async (options: PostgresOptions): Promise<Postgres> => {
  const { dataDir, port, persistent = true, durability = 'full' } = options;
  const home = await preparePostgresHome(dataDir);
  await waitForPredecessor(home);
  const password = await superuserPassword(dataDir, home);
  await initialise(home, password, durability);
  const server = await startServer(home, join(dataDir, 'postgres.log'), durability, port);
  return {
    superuserUrl: `postgresql://${superuser}:${password}@127.0.0.1:${server.port}/postgres`,
    async [Symbol.asyncDispose]() {
      await server.stop();
      if (!persistent) await removePostgresHome(dataDir);
    },
  };
};

/**
 * Kept beside the data, readable by its owner only, so that a restart finds it.
 * @throws Error when there is a cluster and no password: a new one would not open it.
 */
const superuserPassword = async (dataDir: string, home: PostgresHome): Promise<string> => {
  const file = join(dataDir, 'superuser-password');
  const kept = await readFile(file, 'utf8').catch(() => '');
  if (kept.trim() !== '') return kept.trim();
  if (existsSync(clusterOf(home))) {
    throw new Error(
      `${file} is missing, and without it nobody can sign in to ${clusterOf(home)}. Restore it, or move ${dataDir} away to start afresh.`,
    );
  }
  const fresh = randomBytes(24).toString('base64url');
  await writeFile(file, fresh, { mode: 0o600 });
  return fresh;
};

/** Runs initdb into a folder aside and renames it, so that an interruption never leaves half a cluster. */
const initialise = async (home: PostgresHome, password: string, durability: Durability): Promise<void> => {
  const cluster = clusterOf(home);
  const version = await readFile(join(cluster, 'PG_VERSION'), 'utf8').catch(() => undefined);
  if (version?.trim() === majorVersion) return;
  if (version !== undefined) {
    throw new Error(
      `${cluster} was made by PostgreSQL ${version.trim()}, and this is ${majorVersion}. ` +
        'Move the folder away to start afresh, or dump its data with the old version and load it into the new one.',
    );
  }
  const draft = join(home.base, 'cluster.new');
  const passwordFile = join(home.base, 'password');
  await rm(draft, { recursive: true, force: true });
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (home.account) await chown(passwordFile, home.account.uid, home.account.gid);
  try {
    const collation = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
    const argv = [`--pgdata=${draft}`, `--username=${superuser}`, '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
    if (durability === 'test') argv.push('--no-sync');
    await runProgram(home, 'initdb', [...argv, ...collation]);
  } finally {
    await rm(passwordFile, { force: true });
  }
  await rename(draft, cluster);
};
