import { randomUUID } from 'node:crypto';
import { after } from 'node:test';
import { testRedisUrl } from '@invoicepress/stack/testing';
import pg from 'pg';
import { migrateQueue } from '../src/index.ts';
import type { QueueSettings } from '../src/index.ts';
import { openProxy } from './proxy.ts';
import type { Proxy } from './proxy.ts';

export interface Backend {
  name: 'Redis' | 'PostgreSQL';
  /** An empty queue of one's own. */
  settings(): Promise<QueueSettings>;
}

export const redis: Backend = {
  name: 'Redis',
  settings: () => Promise.resolve({ QUEUE_URL: testRedisUrl(), QUEUE_PREFIX: `test-${randomUUID()}` }),
};

const makeDatabase = async (): Promise<URL> => {
  const server = new URL(need('TEST_POSTGRES_URL'));
  const database = `queue_${randomUUID().replaceAll('-', '')}`;
  await query(server, `create database ${database}`);
  after(() => query(server, `drop database ${database} with (force)`));
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url;
};

export const postgresWithoutTables = async (): Promise<QueueSettings> => ({
  QUEUE_URL: (await makeDatabase()).href,
  QUEUE_PREFIX: 'unused',
});

/** A database with the queue's tables, used as in production by a role that owns none of them. */
export const postgres: Backend = {
  name: 'PostgreSQL',
  settings: async () => (await postgresAndItsOwner()).settings,
};

export const postgresAndItsOwner = async (role = ROLE) => {
  const owner = await makeDatabase();
  await query(
    owner,
    `do $$ begin create role ${role} login password '${role}'; exception when duplicate_object or unique_violation then null; end $$`,
  );
  await migrateQueue(owner.href, { grantTo: role });
  const url = new URL(owner);
  url.username = role;
  url.password = role;
  const settings: QueueSettings = { QUEUE_URL: url.href, QUEUE_PREFIX: 'unused' };
  /** @returns how many rows it said, or touched */
  return { settings, asOwner: (sql: string) => query(owner, sql) };
};

const ROLE = 'queue_in_tests';

const query = async (url: URL, sql: string): Promise<number | null> => {
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  try {
    return (await client.query(sql)).rowCount;
  } finally {
    await client.end();
  }
};

const need = (variable: string): string => {
  const value = process.env[variable];
  if (!value) throw new Error(`${variable} is not set; run the tests through \`npm test\`, which starts the servers`);
  return value;
};

/** The same queue, reached through a proxy that can fail. */
export const throughProxy = async (
  settings: QueueSettings,
  state?: 'cut',
): Promise<{ settings: QueueSettings; proxy: Proxy }> => {
  const url = new URL(settings.QUEUE_URL);
  const proxy = await openProxy(url.hostname, Number(url.port), state);
  return {
    proxy,
    settings: { ...settings, QUEUE_URL: settings.QUEUE_URL.replace(url.host, `127.0.0.1:${proxy.port}`) },
  };
};
