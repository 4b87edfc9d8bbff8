/** TLS to PostgreSQL, Redis and S3 is verified: by the chain, and by the name. */
import { databaseSettings, openDatabase } from '@invoicepress/database';
import { openQueue, queueSettings } from '@invoicepress/queue';
import { testBucket, testDatabase, testRedisUrl } from '@invoicepress/stack/testing';
import { openStorage, storageSettings } from '@invoicepress/storage';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { certificate, tlsInFront } from './tls-in-front.ts';

const parts = new AsyncDisposableStack();
after(() => parts.disposeAsync());
const postgres = parts.use(await testDatabase());
const bucket = await testBucket();

const folder = await mkdtemp(join(tmpdir(), 'invoicepress-tls-'));
parts.defer(() => rm(folder, { recursive: true, force: true }));
const authority = join(folder, 'ca.pem');
await writeFile(authority, certificate);

const untrusted = getCACertificates();
const trusted = [...untrusted, certificate];
/** As NODE_EXTRA_CA_CERTS does for a process from its beginning. */
const trust = (authorities: string[]): void => setDefaultCACertificates(authorities);

const through = async (url: string, options?: { postgres: boolean }) => {
  const { port } = parts.use(await tlsInFront(Number(new URL(url).port), options));
  return (host: string): URL => {
    const changed = new URL(url);
    changed.host = `${host}:${port}`;
    return changed;
  };
};

const reachDatabase = async (url: string): Promise<void> => {
  await using database = openDatabase(databaseSettings.parse({ DATABASE_URL: url }), { applicationName: 'tls' });
  await database.ping();
};

test('PostgreSQL: sslmode=verify-full takes the right certificate under the right name, and nothing else', async () => {
  const secure = await through(postgres.urls.api, { postgres: true });
  const url = (host: string, parameters: string) => `${secure(host).href}?sslmode=verify-full${parameters}`;
  await reachDatabase(url('localhost', `&sslrootcert=${authority}`));
  await assert.rejects(reachDatabase(url('localhost', '')), /self-signed certificate/);
  await assert.rejects(reachDatabase(url('127.0.0.1', `&sslrootcert=${authority}`)), /altnames/);
  await assert.rejects(reachDatabase(`${postgres.urls.api}?sslmode=verify-full`), /does not support SSL/);
});

const reachQueue = async (url: string): Promise<void> => {
  const settings = queueSettings.parse({ QUEUE_URL: url, QUEUE_PREFIX: `tls-${randomUUID()}` });
  await using queue = await openQueue(settings);
  await queue.ping();
};

test('Redis: rediss:// takes the right certificate under the right name, and nothing else', async () => {
  const secure = await through(testRedisUrl());
  const url = (host: string) => secure(host).href.replace('redis:', 'rediss:');
  trust(trusted);
  await reachQueue(url('localhost'));
  await assert.rejects(reachQueue(url('127.0.0.1')));
  trust(untrusted);
  await assert.rejects(reachQueue(url('localhost')));
});

const reachStorage = async (endpoint: string): Promise<void> => {
  const url = new URL(bucket.environment.STORAGE_URL);
  url.searchParams.set('endpoint', endpoint);
  const settings = { ...bucket.environment, STORAGE_URL: url.href, STORAGE_TIMEOUT_MS: '60000' };
  await using storage = openStorage(storageSettings.parse(settings));
  await storage.ready();
};

test('S3: https takes the right certificate under the right name, and nothing else', async () => {
  const secure = await through(new URL(bucket.environment.STORAGE_URL).searchParams.get('endpoint') ?? '');
  const url = (host: string) => secure(host).origin.replace('http:', 'https:');
  trust(trusted);
  await reachStorage(url('localhost'));
  await assert.rejects(reachStorage(url('127.0.0.1')));
  trust(untrusted);
  await assert.rejects(reachStorage(url('localhost')));
});
