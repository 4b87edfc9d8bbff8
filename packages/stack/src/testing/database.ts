import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { databaseRole, type RoleName, roleNames } from '@invoicepress/prisma';

/** The migrated database that every test database is a copy of; `npm test` makes it. */
export const templateDatabase = 'invoicepress_template';

/** The passwords on the throwaway server of a test run: known, so that any test process can sign in. */
export const testPasswords: Record<RoleName | 'migrator', string> = {
  migrator: 'migrator-in-tests',
  api: 'the-api-in-tests',
  worker: 'the-worker-in-tests',
  sweeper: 'the-sweeper-in-tests',
  auditor: 'the-auditor-in-tests',
  queue: 'the-queue-in-tests',
  privacy: 'the-eraser-in-tests',
};

/** What PostgreSQL says of a template that a session is in, such as autovacuum's, which is gone in the next moment. */
const OBJECT_IN_USE = '55006';
const COPY_ATTEMPTS = 50;
const COPY_PAUSE_MS = 100;

/** A pool that is closed just before the database still needs a moment to say goodbye to the server. */
const leakGraceMs = 2_000;
const pollMs = 20;

export interface TestDatabase extends AsyncDisposable {
  /** One per role, each of this database alone. */
  urls: Record<RoleName | 'migrator' | 'superuser', string>;
}

/**
 * A database of one's own with all migrations applied, copied from the template in some 30 ms and dropped on disposal:
 * `await using database = await testDatabase()`, or in `after`.
 * @throws Error on disposal when a connection was left open, naming its application: a leak fails the test.
 */
export const testDatabase = async (): Promise<TestDatabase> => {
  const server = process.env['TEST_POSTGRES_URL'];
  if (!server) {
    throw new Error(
      'TEST_POSTGRES_URL is not set: run the tests through `npm test -- --filter=<package>`, which starts a PostgreSQL.',
    );
  }
  const name = `test_${process.pid}_${randomBytes(6).toString('hex')}`;
  const administration = administrationOf(server);
  await copyTemplate(administration, name);
  const own = new URL(server);
  own.pathname = `/${name}`;
  const roles = Object.fromEntries(
    roleNames.map((role) => [role, urlFor(own, databaseRole(role), testPasswords[role])]),
  );
  return {
    urls: {
      ...(roles as Record<RoleName, string>),
      migrator: urlFor(own, 'invoicepress_migrator', testPasswords.migrator),
      superuser: own.href,
    },
    [Symbol.asyncDispose]: () => dropUnlessLeaking(administration, name),
  };
};

let administration: pg.Pool | undefined;

/** The one connection through which this process makes and drops its databases; it keeps no process from ending. */
const administrationOf = (server: string): pg.Pool => {
  administration ??= new pg.Pool({
    connectionString: server,
    application_name: 'invoicepress-testing',
    max: 1,
    idleTimeoutMillis: 0,
    allowExitOnIdle: true,
  }).on('error', () => {}); // the server ended before us
  return administration;
};

/** File by file: page by page through the write-ahead log, PostgreSQL's default, takes five times the time. */
const copyTemplate = async (server: pg.Pool, name: string): Promise<void> => {
  for (let attempt = 1; ; attempt++) {
    try {
      await server.query(
        `CREATE DATABASE ${name} TEMPLATE ${templateDatabase} OWNER invoicepress_migrator STRATEGY file_copy`,
      );
      return;
    } catch (error) {
      if ((error as { code?: unknown }).code !== OBJECT_IN_USE || attempt === COPY_ATTEMPTS) throw error;
      await sleep(COPY_PAUSE_MS);
    }
  }
};

const urlFor = (database: URL, user: string, password: string): string => {
  const url = new URL(database);
  url.username = user;
  url.password = password;
  return url.href;
};

const dropUnlessLeaking = async (server: pg.Pool, name: string): Promise<void> => {
  const leaks = await openConnections(server, name);
  // Dropped either way: one leak is not to keep the server busy for the rest of the run.
  await server.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  if (leaks.length === 0) return;
  throw new Error(
    `${leaks.length} database connection(s) were still open when the test's database was disposed of: ${leaks.join('; ')}. ` +
      'Close the pool or the client first: disposal runs in reverse order, so create it after the database.',
  );
};

/** What is still connected after the grace period: "application as role (last statement)". */
const openConnections = async (server: pg.Pool, name: string): Promise<string[]> => {
  const deadline = Date.now() + leakGraceMs;
  for (;;) {
    const { rows } = await server.query<{ who: string }>(
      `SELECT format('%s as %s (last: %s)', coalesce(nullif(application_name, ''), 'unnamed'), usename, left(query, 80)) AS who
         FROM pg_stat_activity WHERE datname = $1 AND backend_type = 'client backend'`,
      [name],
    );
    if (rows.length === 0 || Date.now() > deadline) return rows.map(({ who }) => who);
    await sleep(pollMs);
  }
};
