import {
  acceptInvoices,
  createClient,
  databaseSettings,
  ensureTenant,
  findInvoice,
  openDatabase,
  payloadSettings,
  withTenant,
  type Database,
  type InvoiceRecord,
} from '@invoicepress/database';
import { defaultTemplate } from '@invoicepress/documents';
import type { InvoiceDraft, InvoiceStatus } from '@invoicepress/invoice';
import { aDraft } from '@invoicepress/invoice/testing';
import {
  enqueueRender,
  migrateQueue,
  openQueue,
  queueSettings,
  type RenderInvoice,
  type RenderQueue,
} from '@invoicepress/queue';
import { testBucket, testDatabase, testRedisUrl } from '@invoicepress/stack/testing';
import { openStorage, storageSettings, type Storage } from '@invoicepress/storage';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

/** Long enough for a busy machine; a test that gets here has failed. */
const PATIENCE_MS = 60_000;
const POLL_MS = 20;

export interface SiteOptions {
  queue?: 'Redis' | 'PostgreSQL';
  storage?: 'S3' | 'files';
  /** PAYLOAD_MASTER_KEYS of those who accept. */
  masterKeys?: string;
}

/** What workers work on: a database with one client, an empty queue, and empty storage, all real and its own. */
export interface Site extends AsyncDisposable {
  /** The settings of a worker here. */
  environment: Record<string, string>;
  tenantId: string;
  clientId: string;
  queue: RenderQueue;
  storage: Storage;
  /** As the superuser, to look behind row-level security and to play fate. */
  superuser: Database;
  /** With the role that owns the tables. */
  migrator: Database;
  /** Commits drafts as the API does, without a word to the queue. */
  accept(...drafts: Partial<InvoiceDraft>[]): Promise<RenderInvoice[]>;
  /** The same, and enqueued. */
  submit(...drafts: Partial<InvoiceDraft>[]): Promise<RenderInvoice[]>;
  invoice(job: RenderInvoice): Promise<InvoiceRecord>;
  until(jobs: RenderInvoice[], status: InvoiceStatus): Promise<void>;
  /** How many invoices are in each status. */
  counts(): Promise<Partial<Record<InvoiceStatus, number>>>;
}

export const aSite = async ({
  queue: queueKind = 'Redis',
  storage: storageKind = 'files',
  masterKeys = '',
}: SiteOptions = {}): Promise<Site> => {
  await using parts = new AsyncDisposableStack();
  const { urls } = parts.use(await testDatabase());
  const open = (url: string, keys = '') =>
    parts.use(
      openDatabase(
        {
          ...databaseSettings.parse({ DATABASE_URL: url }),
          ...payloadSettings.parse({ PAYLOAD_MASTER_KEYS: keys }),
        },
        { applicationName: 'worker-tests' },
      ),
    );
  const [superuser, api, migrator] = [
    open(urls.superuser),
    open(urls.api, masterKeys),
    open(urls.migrator, masterKeys),
  ];
  if (queueKind === 'PostgreSQL') await migrateQueue(urls.migrator, { grantTo: 'invoicepress_queue' });

  const tenantId = await ensureTenant(migrator, { slug: 'acme', name: 'Acme' });
  const clientId = await createClient(migrator, { tenantId, name: 'shop', secretHash: randomBytes(32), scopes: [] });
  if (clientId === null) throw new Error('a new tenant has a client already');

  const environment: Record<string, string> = {
    DATABASE_URL: urls.worker,
    SWEEPER_DATABASE_URL: urls.sweeper,
    QUEUE_URL: queueKind === 'Redis' ? testRedisUrl() : urls.queue,
    QUEUE_PREFIX: `test-${randomUUID()}`,
    ...(storageKind === 'S3' ? await aBucket() : await aFolder(parts)),
    METRICS_PORT: '0',
    WEBHOOK_SEALING_KEY: randomBytes(32).toString('base64'),
    WEBHOOK_ALLOW_LOOPBACK: 'true',
    RENDERER_POOL_SIZE: '1',
  };
  const queue = parts.use(await openQueue(queueSettings.parse(environment)));
  const storage = parts.use(openStorage(storageSettings.parse(environment), { signs: false }));
  parts.defer(() => queue.bull.obliterate({ force: true }));

  const accept: Site['accept'] = async (...drafts) => {
    const complete = drafts.map((draft) => aDraft({ number: `R-${randomUUID().slice(0, 8).toUpperCase()}`, ...draft }));
    const outcomes = await withTenant(api, tenantId, (tx) =>
      acceptInvoices(tx, complete, { clientId, now: new Date(), template: defaultTemplate }),
    );
    return outcomes.map((outcome) => {
      if (!('accepted' in outcome)) throw new Error(`not accepted: ${JSON.stringify(outcome)}`);
      return { tenantId, invoiceId: outcome.accepted.id, generation: outcome.accepted.generation };
    });
  };
  const invoice: Site['invoice'] = async (job) => {
    const found = await withTenant(api, tenantId, (tx) => findInvoice(tx, job.invoiceId));
    if (!found) throw new Error(`there is no invoice ${job.invoiceId}`);
    return found;
  };
  const owned = parts.move();
  return {
    environment,
    tenantId,
    clientId,
    queue,
    storage,
    superuser,
    migrator,
    accept,
    submit: async (...drafts) => {
      const jobs = await accept(...drafts);
      const result = await enqueueRender(queue, jobs);
      if (!result.enqueued) throw result.error;
      return jobs;
    },
    invoice,
    until: (jobs, status) =>
      eventually(`${jobs.length} invoice(s) are ${status}`, async () => {
        const invoices = await Promise.all(jobs.map(invoice));
        return invoices.every((found) => found.status === status);
      }),
    counts: async () => {
      const rows = await superuser.prisma.invoice.groupBy({ by: ['status'], _count: true });
      return Object.fromEntries(rows.map(({ status, _count }) => [status, _count]));
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
};

/** Waits until `condition` holds. @throws naming what did not come true */
export const eventually = async (what: string, condition: () => boolean | Promise<boolean>): Promise<void> => {
  for (const deadline = Date.now() + PATIENCE_MS; !(await condition()); await sleep(POLL_MS)) {
    if (Date.now() > deadline) throw new Error(`not within ${PATIENCE_MS} ms: ${what}`);
  }
};

const aFolder = async (parts: AsyncDisposableStack): Promise<Record<string, string>> => {
  const folder = await mkdtemp(join(tmpdir(), 'invoicepress-worker-test-'));
  parts.defer(() => rm(folder, { recursive: true, force: true }));
  return { STORAGE_URL: pathToFileURL(folder).href };
};

/** A shared machine may stall; deadlines that matter are set by the tests that are about them. */
const aBucket = async (): Promise<Record<string, string>> => ({
  ...(await testBucket()).environment,
  STORAGE_TIMEOUT_MS: '15000',
});
