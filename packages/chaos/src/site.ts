import { createClient, type Client } from '@invoicepress/client';
import { runAdmin } from '@invoicepress/stack/admin-command';
import { createTenant } from '@invoicepress/stack/embedded';
import { readSecrets } from '@invoicepress/stack/secrets';
import { freePort, temporaryFolder } from '@invoicepress/stack/services/daemon';
import { provision } from '@invoicepress/stack/services/postgres';
import { startS3 } from '@invoicepress/stack/services/s3';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { openAudit, type Audit } from './audit.ts';
import { mountDisk, type Disk } from './disk.ts';
import { openLink, type Link } from './link.ts';
import { bucket, openFileObjects, openS3Objects, type Objects } from './objects.ts';
import type { Options } from './options.ts';
import { startChaosPostgres, type ChaosPostgres } from './postgres.ts';
import { startMember, type Member } from './processes.ts';
import { startReceiver, type Receiver } from './receiver.ts';
import { startChaosRedis, type ChaosRedis } from './redis.ts';
import { createStepLog, type StepLog } from './steps.ts';
import { openStorageProxy, type StorageProxy } from './storage-proxy.ts';

const API_PROCESSES = 2;
const WORKER_PROCESSES = 2;
/** How long an invoice stays with a worker that is silent. */
export const LEASE_MS = 1_200;
/** A worker waits this long for storage. */
const STORAGE_TIMEOUT_MS = 1_000;
const CLIENT_TIMEOUT_MS = 2_500;

/** Waits and leases as short as the faults, so that a round takes seconds. */
const settings = {
  LEASE_MS: String(LEASE_MS),
  SWEEP_INTERVAL_MS: '300',
  SWEEP_OVERDUE_MS: '1000',
  EVENT_INTERVAL_MS: '100',
  STORAGE_TIMEOUT_MS: String(STORAGE_TIMEOUT_MS),
  STORAGE_BREAKER_RESET_MS: '500',
  RENDERER_POOL_SIZE: '1',
  RENDER_TIMEOUT_MS: '8000',
  DATABASE_POOL_SIZE: '5',
  DATABASE_STATEMENT_TIMEOUT_MS: '3000',
  RATE_LIMIT_PER_MINUTE: '1000000',
  TOKEN_RATE_LIMIT_PER_MINUTE: '10000',
  SHUTDOWN_SECONDS: '2',
  WEBHOOK_ALLOW_LOOPBACK: 'true',
  WEBHOOK_TIMEOUT_MS: '2000',
};

export interface TenantSite {
  slug: string;
  client: Client;
}

/** The service as it runs in production, each connection of which can be tampered with. */
export interface Site extends AsyncDisposable {
  tenants: TenantSite[];
  apis: Member[];
  workers: Member[];
  links: Record<'clientApi' | 'apiDatabase' | 'workerDatabase' | 'apiQueue' | 'workerQueue', Link>;
  postgres: ChaosPostgres;
  redis: ChaosRedis | undefined;
  storageProxy: StorageProxy | undefined;
  disk: Disk | undefined;
  objects: Objects;
  audit: Audit;
  steps: StepLog;
  receiver: Receiver;
}

export const startSite = async ({ queue, storage, logDir: keptLogs }: Options): Promise<Site> => {
  await using parts = new AsyncDisposableStack();
  const dataDir = parts.use(await temporaryFolder('chaos')).path;
  const logDir = keptLogs === undefined ? join(dataDir, 'logs') : resolve(keptLogs);
  await mkdir(logDir, { recursive: true });

  const postgres = parts.use(await startChaosPostgres(join(dataDir, 'postgres')));
  const urls = await provision(postgres.superuserUrl);
  const audit = parts.use(await openAudit(postgres.superuserUrl));
  const redis = queue === 'redis' ? parts.use(await startChaosRedis(await freePort())) : undefined;
  const queuePort = redis?.port ?? postgres.port;
  const link = async (...ports: number[]) => parts.use(await openLink(ports));
  const apiPorts = await ports(API_PROCESSES);
  const links = {
    clientApi: await link(...apiPorts),
    apiDatabase: await link(postgres.port),
    workerDatabase: await link(postgres.port),
    apiQueue: await link(queuePort),
    workerQueue: await link(queuePort),
  };
  const queueUrl = redis ? `redis://:${redis.password}@127.0.0.1:${redis.port}` : urls.queue;
  const apiUrl = `http://127.0.0.1:${links.clientApi.port}`;
  const kept = await storageParts(parts, storage, dataDir, apiUrl);
  const secrets = await readSecrets(dataDir);
  const shared = {
    ...settings,
    ...kept.environment,
    WEBHOOK_SEALING_KEY: secrets.webhookSealingKey,
    PUBLIC_URL: apiUrl,
    JWT_PRIVATE_KEY: secrets.jwtPrivateKey,
    PROOF_PRIVATE_KEY: secrets.proofPrivateKey,
    STORAGE_SIGNING_KEY: secrets.storageSigningKey,
  };
  const adminEnvironment = { ...shared, QUEUE_URL: queueUrl, ADMIN_DATABASE_URL: urls.migrator };
  const admin = (...argv: string[]) => runAdmin(argv, adminEnvironment);
  if (!redis) await admin('migrate-queue');

  const steps = createStepLog();
  const start = async (name: string, file: string, env: Record<string, string>, readyPort?: number) => {
    const metricsPort = String(await freePort());
    const readyUrl = `http://127.0.0.1:${readyPort ?? metricsPort}/readyz`;
    const member = { name, file, logDir, readyUrl, env: { ...shared, ...env, METRICS_PORT: metricsPort } };
    return parts.use(startMember({ ...member, onStep: (step) => steps.note(name, step) }));
  };
  const apis: Member[] = [];
  for (const [index, port] of apiPorts.entries()) {
    const env = {
      DATABASE_URL: through(links.apiDatabase, urls.api),
      QUEUE_URL: through(links.apiQueue, queueUrl),
      PORT: String(port),
    };
    apis.push(await start(`api-${index + 1}`, 'apps/api/src/main.ts', env, port));
  }
  const workers: Member[] = [];
  for (let number = 1; number <= WORKER_PROCESSES; number++) {
    const env = {
      DATABASE_URL: through(links.workerDatabase, urls.worker),
      SWEEPER_DATABASE_URL: through(links.workerDatabase, urls.sweeper),
      QUEUE_URL: through(links.workerQueue, queueUrl),
    };
    workers.push(await start(`worker-${number}`, 'apps/worker/src/main.ts', env));
  }
  const started = await Promise.all([...apis, ...workers].map((member) => member.ready()));
  if (started.includes(false)) throw new Error(`a process did not start; see its log: --logs <folder>`);

  const receiver = parts.use(await startReceiver());
  const tenants: TenantSite[] = [];
  for (const slug of ['aster', 'birch']) {
    const credentials = await createTenant({ admin }, { slug, name: slug, client: slug });
    const app = { baseUrl: apiUrl, ...credentials };
    const patient = createClient(app);
    await patient.createNumberSeries({ name: 'main', prefix: `${slug.slice(0, 1).toUpperCase()}-`, padding: 5 });
    await receiver.register(patient);
    tenants.push({ slug, client: createClient({ ...app, timeoutMs: CLIENT_TIMEOUT_MS, attempts: 2 }) });
  }

  const owned = parts.move();
  const { environment: _, ...storageSide } = kept;
  const rest = { postgres, redis, audit, steps, receiver, ...storageSide };
  return { tenants, apis, workers, links, ...rest, [Symbol.asyncDispose]: () => owned.disposeAsync() };
};

const ports = (count: number): Promise<number[]> => Promise.all(Array.from({ length: count }, freePort));

const through = ({ port }: Link, url: string): string => {
  const changed = new URL(url);
  changed.port = String(port);
  return changed.href;
};

interface StorageParts {
  environment: Record<string, string>;
  objects: Objects;
  storageProxy: StorageProxy | undefined;
  disk: Disk | undefined;
}

const storageParts = async (
  parts: AsyncDisposableStack,
  kind: Options['storage'],
  dataDir: string,
  apiUrl: string,
): Promise<StorageParts> => {
  if (kind === 'file') {
    const folder = join(dataDir, 'documents');
    await mkdir(folder);
    const disk = await mountDisk(folder);
    if (disk) parts.use(disk);
    return {
      environment: { STORAGE_URL: pathToFileURL(folder).href, STORAGE_PUBLIC_URL: `${apiUrl}/files` },
      objects: openFileObjects(folder),
      storageProxy: undefined,
      disk,
    };
  }
  const s3 = parts.use(await startS3());
  const objects = parts.use(await openS3Objects(s3));
  const storageProxy = parts.use(await openStorageProxy(s3.endpoint, STORAGE_TIMEOUT_MS * 1.5));
  const query = new URLSearchParams({ region: s3.region, endpoint: storageProxy.endpoint, forcePathStyle: 'true' });
  const environment = {
    STORAGE_URL: `s3://${bucket}?${query}`,
    S3_ACCESS_KEY_ID: s3.accessKeyId,
    S3_SECRET_ACCESS_KEY: s3.secretAccessKey,
  };
  return { environment, objects, storageProxy, disk: undefined };
};
