import { openDatabase } from '@invoicepress/database';
import { openQueue } from '@invoicepress/queue';
import { openStorage, StorageSettingsError } from '@invoicepress/storage';
import { createTelemetry, runProcess, serveMetrics } from '@invoicepress/telemetry';
import { createTokens } from './auth/tokens.ts';
import { createApp } from './app.ts';
import { readConfig } from './config.ts';
import { listen } from './listen.ts';
import { openRateLimitStores } from './rate-limit-store.ts';

/** The API process: its parts in the order in which they open; they close in reverse. */
await runProcess(
  async (stopSignal) => {
    const config = readConfig();
    const telemetry = createTelemetry({ service: 'api', level: config.LOG_LEVEL });
    await using parts = new AsyncDisposableStack();

    const database = parts.use(
      openDatabase(config, { applicationName: 'invoicepress-api', onPoolError: telemetry.databaseError }),
    );
    const queue = parts.use(await openQueue(config, { onError: telemetry.queueError }));
    const storage = parts.use(openStorage(config, { observe: telemetry.storage }));
    const limits = parts.use(openRateLimitStores(config, telemetry.queueError));
    const tokens = createTokens({
      privateKeyPem: config.JWT_PRIVATE_KEY,
      issuer: config.PUBLIC_URL,
      audience: config.JWT_AUDIENCE,
      ttlSeconds: config.TOKEN_TTL_SECONDS,
    });
    telemetry.watchDatabase(() => database.pool());
    telemetry.watchQueue(() => queue.depth());
    parts.use(await serveMetrics({ host: config.METRICS_HOST, port: config.METRICS_PORT, telemetry }));

    const app = createApp({
      config,
      database,
      queue,
      storage,
      telemetry,
      tokens,
      clock: () => new Date(),
      rateLimitStore: limits.store,
    });
    const server = parts.use(await listen(app, config));
    telemetry.started({ url: server.url });

    const signal = await stopSignal();
    telemetry.stopping({ signal });
  },
  { expected: [StorageSettingsError] },
);
