import { openDatabase } from '@invoicepress/database';
import { consumeRenders, openQueue, QueueUnreachableError } from '@invoicepress/queue';
import { openStorage, StorageSettingsError } from '@invoicepress/storage';
import { createTelemetry, runProcess, serveMetrics, untilReachable } from '@invoicepress/telemetry';
import { startAuditChain } from './audit-chain.ts';
import { readAgain, readConfig } from './config.ts';
import { startExports } from './exports/index.ts';
import { createLogoCache } from './logo-cache.ts';
import { renderInvoice } from './processors/render-invoice.ts';
import { assertProgress, watchProgress } from './progress.ts';
import { createRendererPool, createTemplatePool } from '@invoicepress/renderers';
import { startSweeper } from './sweeper.ts';
import { startTemplateTrials } from './template-trials.ts';
import { createTemplates } from './templates.ts';
import { startWebhooks } from './webhooks.ts';

/** How long a silent worker keeps its jobs, in milliseconds; a live one renews its locks. */
const MAX_LOCK_MS = 30_000;
/** With so many render timeouts gone by, and nothing begun or ended, a worker with work to do is stuck. */
const STUCK_TIMEOUTS = 3;

/** The worker process: its parts in the order in which they open; they close in reverse. */
await runProcess(
  async (stopSignal) => {
    const config = readConfig();
    const telemetry = createTelemetry({ service: 'worker', level: config.LOG_LEVEL });
    await using parts = new AsyncDisposableStack();

    const database = parts.use(
      openDatabase(config, {
        applicationName: 'invoicepress-worker',
        onPoolError: telemetry.databaseError,
        readUrlAgain: readAgain('DATABASE_URL'),
      }),
    );
    const sweeperDatabase = parts.use(
      openDatabase(
        { ...config, DATABASE_URL: config.SWEEPER_DATABASE_URL, DATABASE_POOL_SIZE: 1 },
        {
          applicationName: 'invoicepress-sweeper',
          onPoolError: telemetry.databaseError,
          readUrlAgain: readAgain('SWEEPER_DATABASE_URL'),
        },
      ),
    );
    const queue = parts.use(await openQueue(config, { onError: telemetry.queueError }));
    const storage = parts.use(openStorage(config, { signs: false, observe: telemetry.storage }));
    const renderers = parts.use(createRendererPool(config, telemetry.renderers));
    telemetry.watchStorage(() => storage.waiting());
    telemetry.watchDatabase(() => database.pool());
    telemetry.watchRenderers(() => renderers.stats());

    const loadAssets = createLogoCache(database);
    const templatePool = parts.use(createTemplatePool(config, telemetry.renderers));
    const templates = createTemplates(config, { database, pool: templatePool });
    const clock = () => new Date();
    const context = { config, database, storage, renderers, loadAssets, templates, telemetry, clock };
    const progress = watchProgress(renderInvoice(context));
    const stopped = stopSignal();
    parts.use(
      await serveMetrics({
        host: config.METRICS_HOST,
        port: config.METRICS_PORT,
        telemetry,
        ready: async () => {
          const [depth] = await Promise.all([queue.depth(), database.ping()]);
          if (!renderers.alive()) throw new Error('no renderer can be started');
          assertProgress(depth, progress.quietMs(), STUCK_TIMEOUTS * config.RENDER_TIMEOUT_MS);
        },
      }),
    );
    const dependencies = { database: () => database.ping(), queue: () => queue.ping() };
    if (!(await untilReachable(dependencies, { telemetry, stopped }))) {
      telemetry.stopping({ signal: await stopped });
      return;
    }

    const webhooks = parts.use(await startWebhooks({ ...context, sweeperDatabase }));
    const exports = parts.use(await startExports({ ...context, config, sweeperDatabase }));
    const trials = parts.use(await startTemplateTrials({ ...context, sweeperDatabase, pool: templatePool }));
    // The queue gives a dead worker's job to another no later than its lease ends.
    const lockDuration = Math.min(config.LEASE_MS, MAX_LOCK_MS);
    const consumer = await consumeRenders(config, progress.work, {
      concurrency: config.WORKER_CONCURRENCY,
      lockDuration,
      stalledInterval: lockDuration / 2,
      onError: telemetry.queueError,
      onFailed: (_payload, error) => telemetry.jobFailed({ error }),
    });
    parts.defer(async () => {
      await Promise.all([
        consumer.close({ deadlineMs: config.SHUTDOWN_SECONDS * 1_000 }),
        webhooks.close(),
        exports.close(),
        trials.close(),
      ]);
    });
    parts.use(
      startSweeper(
        { database: sweeperDatabase, queue, telemetry },
        { intervalMs: config.SWEEP_INTERVAL_MS, overdueMs: config.SWEEP_OVERDUE_MS },
      ),
    );
    parts.use(startAuditChain({ database: sweeperDatabase, telemetry }));
    telemetry.started({ renderers: config.RENDERER_POOL_SIZE, concurrency: config.WORKER_CONCURRENCY });

    telemetry.stopping({ signal: await stopped });
  },
  { expected: [QueueUnreachableError, StorageSettingsError] },
);
