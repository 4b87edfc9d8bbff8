import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runAdmin } from './admin-command.ts';
import { startProgram, type Program } from './programs.ts';
import { unlessAborted } from './command.ts';
import { readSecrets } from './secrets.ts';
import { freePort } from './services/daemon.ts';
import { provision, startPostgres } from './services/postgres.ts';

const workerFile = 'apps/worker/src/main.ts';
/**
 * As the container file sets them. Unbounded, a heap takes what the machine has before it is collected, and a worker
 * that needs 100 MB holds 300; bounded, it is collected at every 20 MB unless it may grow between. Not for the API, whose
 * batches may be large.
 */
export const workerNodeFlags = ['--max-semi-space-size=8', '--max-old-space-size=192', '--heap-growing-percent=50'];
/** Each of its dozen threads would keep a heap of glibc's own: 20 MB in all that nothing uses. */
export const workerMalloc = { MALLOC_ARENA_MAX: '2' };

/** A renderer per core, shared out; each takes up to 200 MB, so no more than this many however large the machine. */
const MAX_RENDERERS = 4;
const renderersPerWorker = (workers: number): number =>
  Math.max(1, Math.floor(Math.min(availableParallelism(), MAX_RENDERERS) / workers));

export interface EmbeddedOptions {
  /** Holds database, documents, secrets and logs. */
  dataDir: string;
  /** The API's port; a free one when absent. */
  port?: number;
  /** Worker processes. */
  workers: number;
  /** Deletes the database when disposed. */
  temporary: boolean;
  /** Settings for the API and the workers that take the place of the embedded parts, such as QUEUE_URL. */
  environment?: Record<string, string>;
  onStep?: (step: string) => void;
  /** Calls a start off; what has started is stopped, and the signal's reason thrown. */
  signal?: AbortSignal;
}

export interface EmbeddedStack extends AsyncDisposable {
  apiUrl: string;
  /** Prometheus metrics of each process. */
  metricsUrls: string[];
  logDir: string;
  /** Of PostgreSQL, as the role that owns the tables. */
  ownerUrl: string;
  programs: Program[];
  /** Runs the administration command, as an operator would. */
  admin(...argv: string[]): Promise<string>;
  /** Rejects when one of the processes ends by itself, with the end of its log. */
  broken: Promise<never>;
}

const never = new AbortController().signal;

/**
 * The whole service on one machine: real PostgreSQL, BullMQ on that same database, documents in a folder, and the
 * API and the workers as processes of their own. Production is the same code with other URLs.
 */
export const startEmbedded = async ({
  dataDir,
  port,
  workers,
  temporary,
  environment = {},
  onStep = () => {},
  signal = never,
}: EmbeddedOptions): Promise<EmbeddedStack> => {
  await using parts = new AsyncDisposableStack();
  const logDir = join(dataDir, 'logs');
  const documents = join(dataDir, 'documents');
  await mkdir(logDir, { recursive: true });
  await mkdir(documents, { recursive: true });

  onStep('PostgreSQL');
  const postgres = parts.use(await startPostgres({ dataDir: join(dataDir, 'postgres'), persistent: !temporary }));
  const urls = await provision(postgres.superuserUrl);

  const apiUrl = `http://127.0.0.1:${port ?? (await freePort())}`;
  const secrets = await readSecrets(dataDir);
  const shared = {
    QUEUE_URL: urls.queue,
    // Together: of another storage, this is not the public address.
    ...(environment['STORAGE_URL']
      ? {}
      : { STORAGE_URL: pathToFileURL(documents).href, STORAGE_PUBLIC_URL: `${apiUrl}/files` }),
    WEBHOOK_SEALING_KEY: secrets.webhookSealingKey,
    WEBHOOK_ALLOW_LOOPBACK: 'true',
    ...environment,
  };
  const signing = { PUBLIC_URL: apiUrl, JWT_PRIVATE_KEY: secrets.jwtPrivateKey };
  const adminEnvironment = { ...shared, ...signing, ADMIN_DATABASE_URL: urls.migrator };
  signal.throwIfAborted();
  await runAdmin(['migrate-queue'], adminEnvironment);
  signal.throwIfAborted();

  const programs: Program[] = [];
  const metricsUrls: string[] = [];
  const start = async (name: string, file: string, env: Record<string, string>) => {
    const metricsPort = await freePort();
    metricsUrls.push(`http://127.0.0.1:${metricsPort}/metrics`);
    programs.push(
      parts.use(
        startProgram({
          name,
          file,
          ...(file === workerFile && { nodeFlags: workerNodeFlags }),
          logDir,
          env: { ...env, METRICS_PORT: String(metricsPort) },
          readyUrl: readyUrlOf(name, metricsPort),
        }),
      ),
    );
  };
  const readyUrlOf = (name: string, metricsPort: number) =>
    name === 'api' ? `${apiUrl}/readyz` : `http://127.0.0.1:${metricsPort}/readyz`;

  onStep('API');
  await start('api', 'apps/api/src/main.ts', {
    ...shared,
    ...signing,
    DATABASE_URL: urls.api,
    PROOF_PRIVATE_KEY: secrets.proofPrivateKey,
    STORAGE_SIGNING_KEY: secrets.storageSigningKey,
    PORT: new URL(apiUrl).port,
  });
  onStep(workers === 1 ? 'worker' : `${workers} workers`);
  for (let i = 1; i <= workers; i++) {
    await start(`worker-${i}`, workerFile, {
      ...workerMalloc,
      RENDERER_POOL_SIZE: String(renderersPerWorker(workers)),
      ...shared,
      DATABASE_URL: urls.worker,
      SWEEPER_DATABASE_URL: urls.sweeper,
    });
  }
  await unlessAborted(signal, Promise.all(programs.map((program) => program.ready)));

  const owned = parts.move();
  return {
    apiUrl,
    metricsUrls,
    ownerUrl: urls.migrator,
    logDir,
    programs,
    admin: (...argv) => runAdmin(argv, adminEnvironment),
    broken: Promise.race(programs.map((program) => program.broken)),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
};

/** A tenant with a client that may do everything a client app does. */
export const createTenant = async (
  stack: Pick<EmbeddedStack, 'admin'>,
  { slug, name, client }: { slug: string; name: string; client: string },
): Promise<{ clientId: string; clientSecret: string }> => {
  await stack.admin('create-tenant', '--slug', slug, '--name', name);
  // A name of its own each time: the secret of an earlier one is known to nobody.
  const created = await stack.admin(
    'create-client',
    '--tenant',
    slug,
    '--name',
    `${client} ${randomBytes(3).toString('hex')}`,
  );
  return JSON.parse(created) as { clientId: string; clientSecret: string };
};
