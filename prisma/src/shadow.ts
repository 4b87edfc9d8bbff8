/** Throwaway databases on the server of the real one, to replay migrations in. */
import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { withClient, withDatabase } from './connection.ts';
import { MigrateError, sqlState } from './failure.ts';

const prefix = 'invoicepress_shadow_';
/** One that is older was left behind by a process that was killed. */
const staleAfterSeconds = 3_600;

/**
 * Creates an empty database beside that of `url`, runs `work` with its URL, and drops it.
 * @throws MigrateError when the role may not create databases.
 */
export const withShadowDatabase = async <T>(url: string, work: (shadowUrl: string) => Promise<T>): Promise<T> => {
  const name = `${prefix}${nowSeconds()}_${randomBytes(6).toString('hex')}`;
  await withClient(url, async (client) => {
    await dropStale(client);
    await client.query(`CREATE DATABASE ${name} TEMPLATE template0`).catch((error: unknown) => {
      throw sqlState(error) === '42501' ? mayNotCreate(error) : error;
    });
  });
  try {
    return await work(withDatabase(url, name));
  } finally {
    await withClient(url, (client) => client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
  }
};

const nowSeconds = (): number => Math.floor(Date.now() / 1_000);

const dropStale = async (client: pg.Client): Promise<void> => {
  const { rows } = await client.query<{ datname: string }>(
    `SELECT datname FROM pg_database WHERE datname ~ $1 AND datdba = current_user::regrole`,
    [`^${prefix}[0-9]+_[0-9a-f]+$`],
  );
  for (const { datname } of rows) {
    const created = Number(datname.slice(prefix.length).split('_')[0]);
    if (nowSeconds() - created > staleAfterSeconds)
      await client.query(`DROP DATABASE IF EXISTS ${datname} WITH (FORCE)`);
  }
};

const mayNotCreate = (cause: unknown): MigrateError =>
  new MigrateError(
    'This command replays the migrations in a shadow database, and the role may not create one. ' +
      'As a superuser: ALTER ROLE invoicepress_migrator CREATEDB',
    { cause },
  );
