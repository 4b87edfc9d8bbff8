import pg from 'pg';
import { MigrateError, sqlState } from './failure.ts';

/** A server that does not answer within this time is reported as unreachable. */
const connectDeadlineMs = 10_000;
const applicationName = 'invoicepress-migrate';

/** pg's settings for a URL; a malformed one is refused without being repeated, for it holds a password. */
export const poolConfig = (url: string): pg.ClientConfig => {
  if (!/^postgres(ql)?:\/\//.test(url) || !URL.canParse(url)) {
    throw new MigrateError(
      'The database URL is malformed. Write postgresql://user:password@host:port/database, with special characters of the password percent-encoded.',
    );
  }
  return { connectionString: url, connectionTimeoutMillis: connectDeadlineMs, application_name: applicationName };
};

/** "invoicepress on db.example:5432", for messages: no user, no password. */
export const describeUrl = (url: string): string => {
  const { hostname, port, pathname } = new URL(url);
  return `database "${decodeURIComponent(pathname.slice(1))}" on ${hostname}:${port || '5432'}`;
};

/** The same server and user, another database. */
export const withDatabase = (url: string, database: string): string => {
  const changed = new URL(url);
  changed.pathname = `/${encodeURIComponent(database)}`;
  return changed.href;
};

/**
 * Runs `work` on one connection of its own, which is closed afterwards.
 * @throws MigrateError that says why the database cannot be reached, and the remedy.
 */
export const withClient = async <T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> => {
  const client = new pg.Client(poolConfig(url));
  // A connection lost between two queries is reported by the next query; unheard, the event would end the process.
  client.on('error', () => {});
  await client.connect().catch((error: unknown) => {
    throw new MigrateError(unreachable(url, error), { cause: error });
  });
  try {
    return await work(client);
  } finally {
    await client.end();
  }
};

const remedies: Record<string, string> = {
  '28P01': 'The password is wrong: correct it in MIGRATOR_DATABASE_URL.',
  '28000': 'The server refuses this user: see its pg_hba.conf, or correct the user in MIGRATOR_DATABASE_URL.',
  '3D000': 'Create the database first, owned by the migrator role.',
  '53300': 'The server has no connection to spare: raise its max_connections or lower the pools of other processes.',
};

const unreachable = (url: string, error: unknown): string => {
  const reason = error instanceof Error && error.message !== '' ? error.message : String(sqlState(error) ?? error);
  const remedy =
    remedies[sqlState(error) ?? ''] ??
    'Check that the server runs and that the address in MIGRATOR_DATABASE_URL is right.';
  return `Cannot connect to ${describeUrl(url)}: ${reason}. ${remedy}`;
};
