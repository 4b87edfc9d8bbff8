import { createClient, scopes as allScopes, type Client, type Scope } from '@invoicepress/client';
import { createSealing, databaseSettings, openDatabase, type Database } from '@invoicepress/database';
import { createProofSigner } from '@invoicepress/proof';
import { openDeliveryQueue, openQueue, openTrialQueue } from '@invoicepress/queue';
import { openStorage } from '@invoicepress/storage';
import { testDatabase, testRedisUrl, type TestDatabase } from '@invoicepress/stack/testing';
import { createTelemetry } from '@invoicepress/telemetry';
import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { Express } from 'express';
import { addClient, addTenant } from '../src/administration.ts';
import { createApp } from '../src/app.ts';
import { openCallerParts } from '../src/auth/caller-parts.ts';
import { readConfig } from '../src/config.ts';
import type { Context } from '../src/context.ts';
import { openEventStreams } from '../src/event-streams.ts';
import { listen } from '../src/listen.ts';
import { capturedLog, type CapturedLog } from './captured-log.ts';

export const aProofKey = (): string =>
  generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

export const aSigningKey = (): string =>
  generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

/** A tenant of its own with one client, signed in. */
export interface Tenant {
  id: string;
  slug: string;
  clientId: string;
  clientSecret: string;
  token: string;
  /** The client that customers use. It does not repeat itself: a test wants to see the first answer. */
  client: Client;
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** @param body an object is sent as JSON, a string as it is */
  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>;
}

export interface TestApi extends AsyncDisposable {
  url: string;
  context: Context;
  postgres: TestDatabase;
  log: CapturedLog;
  /** With the roles of the worker, the sweeper and the migrator, and as superuser, whom no policy binds. */
  worker: Database;
  sweeper: Database;
  migrator: Database;
  superuser: Database;
  fetch(path: string, init?: RequestInit): Promise<Response>;
  tenant(options?: { scopes?: Scope[] }): Promise<Tenant>;
  /** Another client of the same tenant. */
  clientOf(tenant: Tenant, options?: { scopes?: Scope[] }): Promise<Tenant>;
}

let shared: Promise<TestApi> | undefined;

/**
 * The one API of all test files that keep to tenants of their own, since those run in one process. Its log, its queue
 * and its tables are everybody's: compare with what was there before. It ends with the run.
 */
export const sharedApi = (): Promise<TestApi> => (shared ??= startApi({ TOKEN_RATE_LIMIT_PER_MINUTE: '10000' }));
after(async () => (await shared)?.[Symbol.asyncDispose]());

/** The API as main.ts puts it together, on real parts of its own: a database, a corner of Redis, a folder. */
export const startApi = async (
  environment: Record<string, string> = {},
  overrides: Partial<Pick<Context, 'clock' | 'rateLimitStore'>> = {},
): Promise<TestApi> => {
  await using parts = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'invoicepress-api-'));
  parts.defer(() => rm(folder, { recursive: true, force: true }));
  const postgres = parts.use(await testDatabase());
  const open = (url: string, name: string): Database =>
    parts.use(
      openDatabase(databaseSettings.parse({ DATABASE_URL: url, DATABASE_POOL_SIZE: 3 }), { applicationName: name }),
    );

  // The port is known only once the server listens, and everything that tells clients an address needs it.
  let app: Express | undefined;
  const server = parts.use(
    await listen(((req, res) => app?.(req, res)) as Express, { HOST: '127.0.0.1', PORT: 0, SHUTDOWN_SECONDS: 1 }),
  );
  const config = readConfig({
    DATABASE_URL: postgres.urls.api,
    QUEUE_URL: testRedisUrl(),
    QUEUE_PREFIX: `api-${randomUUID()}`,
    STORAGE_URL: pathToFileURL(folder).href,
    STORAGE_SIGNING_KEY: randomBytes(32).toString('hex'),
    STORAGE_PUBLIC_URL: `${server.url}/files`,
    PUBLIC_URL: server.url,
    JWT_PRIVATE_KEY: aSigningKey(),
    PROOF_PRIVATE_KEY: aProofKey(),
    WEBHOOK_SEALING_KEY: randomBytes(32).toString('base64'),
    LOG_LEVEL: 'debug',
    ...environment,
  });

  const clock = overrides.clock ?? (() => new Date());
  const log = capturedLog();
  const telemetry = createTelemetry({ service: 'api', level: config.LOG_LEVEL, destination: log.destination });
  const database = parts.use(openDatabase(config, { applicationName: 'api-in-tests' }));
  const queue = parts.use(await openQueue(config));
  const deliveries = parts.use(await openDeliveryQueue(config));
  const trials = parts.use(await openTrialQueue(config));
  const storage = parts.use(openStorage(config, { clock }));
  const callers = parts.use(openCallerParts(config, { database, telemetry }));
  const { tokens } = callers;
  const context: Context = {
    config,
    database,
    queue,
    deliveries,
    trials,
    storage,
    telemetry,
    ...callers,
    proofSigner: await createProofSigner(config.PROOF_PRIVATE_KEY, config.PROOF_FORMER_PUBLIC_KEYS),
    sealing: createSealing(config.WEBHOOK_SEALING_KEY),
    streams: parts.use(openEventStreams()),
    clock,
    rateLimitStore: overrides.rateLimitStore,
  };
  app = createApp(context);

  const worker = open(postgres.urls.worker, 'worker-in-tests');
  const sweeper = open(postgres.urls.sweeper, 'sweeper-in-tests');
  const migrator = open(postgres.urls.migrator, 'migrator-in-tests');
  const superuser = open(postgres.urls.superuser, 'superuser-in-tests');

  const request = (path: string, init?: RequestInit) => fetch(server.url + path, { redirect: 'manual', ...init });
  const signUp = async (tenantId: string, slug: string, scopes: Scope[]): Promise<Tenant> => {
    const { clientId, clientSecret } = await addClient(migrator, {
      tenant: slug,
      name: `client ${randomUUID()}`,
      scopes,
    });
    const token = tokens.issueAccess({ tenantId, clientId, scopes });
    const send: Tenant['fetch'] = (path, init) =>
      request(path, {
        ...init,
        headers: { authorization: `Bearer ${token}`, ...(init?.headers as Record<string, string> | undefined) },
      });
    return {
      id: tenantId,
      slug,
      clientId,
      clientSecret,
      token,
      client: createClient({ baseUrl: server.url, clientId, clientSecret, attempts: 1 }),
      fetch: send,
      post: (path, body, headers) =>
        send(path, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...headers },
          ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
        }),
    };
  };
  const running = parts.move();
  return {
    url: server.url,
    context,
    postgres,
    log,
    worker,
    sweeper,
    migrator,
    superuser,
    fetch: request,
    tenant: async ({ scopes = [...allScopes] } = {}) => {
      const { tenantId, slug } = await addTenant(migrator, { slug: `t-${randomUUID()}`, name: 'Kontor Nordlicht' });
      return signUp(tenantId, slug, scopes);
    },
    clientOf: ({ id, slug }, { scopes = [...allScopes] } = {}) => signUp(id, slug, scopes),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
};
