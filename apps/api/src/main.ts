import { createSealing, openDatabase } from '@invoicepress/database';
import { createProofSigner } from '@invoicepress/proof';
import { openDeliveryQueue, openQueue, openTrialQueue } from '@invoicepress/queue';
import { openStorage, StorageSettingsError } from '@invoicepress/storage';
import { createTelemetry, runProcess, serveMetrics, untilReachable } from '@invoicepress/telemetry';
import { openCallerParts } from './auth/caller-parts.ts';
import { createApp } from './app.ts';
import { readAgain, readConfig } from './config.ts';
import { openEventStreams } from './event-streams.ts';
import { listen } from './listen.ts';
import { openRateLimitStores } from './rate-limit-store.ts';
import { TlsFilesError } from './tls.ts';

/** The API process: its parts in the order in which they open; they close in reverse. */
await runProcess(
  async (stopSignal) => {
    const config = readConfig();
    const telemetry = createTelemetry({ service: 'api', level: config.LOG_LEVEL });
    await using parts = new AsyncDisposableStack();

    const database = parts.use(
      openDatabase(config, {
        applicationName: 'invoicepress-api',
        onPoolError: telemetry.databaseError,
        readUrlAgain: readAgain('DATABASE_URL'),
      }),
    );
    const queue = parts.use(await openQueue(config, { onError: telemetry.queueError }));
    const deliveries = parts.use(await openDeliveryQueue(config, { onError: telemetry.queueError }));
    const trials = parts.use(await openTrialQueue(config, { onError: telemetry.queueError }));
    const storage = parts.use(openStorage(config, { observe: telemetry.storage }));
    const limits = parts.use(openRateLimitStores(config, telemetry.queueError));
    const callers = parts.use(openCallerParts(config, { database, telemetry }));
    const proofSigner = await createProofSigner(config.PROOF_PRIVATE_KEY, config.PROOF_FORMER_PUBLIC_KEYS);
    telemetry.watchStorage(() => storage.waiting());
    telemetry.watchDatabase(() => database.pool());
    telemetry.watchQueue(() => queue.depth());
    parts.use(await serveMetrics({ host: config.METRICS_HOST, port: config.METRICS_PORT, telemetry }));

    const streams = openEventStreams();
    const app = createApp({
      config,
      database,
      queue,
      deliveries,
      trials,
      storage,
      telemetry,
      ...callers,
      proofSigner,
      sealing: createSealing(config.WEBHOOK_SEALING_KEY, config.WEBHOOK_SEALING_FURTHER_KEYS),
      streams,
      clock: () => new Date(),
      rateLimitStore: limits.store,
    });
    const server = parts.use(
      await listen(app, config, { onReload: telemetry.certificateRead, onError: telemetry.certificateError }),
    );
    parts.use(streams);
    const stopped = stopSignal();
    // It listens meanwhile, unready, and answers requests with the reason.
    const reachable = await untilReachable({ database: () => database.ping() }, { telemetry, stopped });
    if (reachable) telemetry.started({ url: server.url });

    telemetry.stopping({ signal: await stopped });
  },
  { expected: [StorageSettingsError, TlsFilesError] },
);
