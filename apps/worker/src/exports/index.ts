import type { Database } from '@invoicepress/database';
import { consumeExports, openExportQueue } from '@invoicepress/queue';
import type { Config } from '../config.ts';
import type { Context } from '../context.ts';
import { exportDocuments } from '../processors/export-documents.ts';
import { startExportPump } from './pump.ts';

/** Milliseconds between two looks for exports that wait, and for archives whose time is over. */
const INTERVAL_MS = 1_000;

export interface ExportParts extends Pick<Context, 'database' | 'storage' | 'telemetry'> {
  config: Config;
  sweeperDatabase: Database;
}

export interface Exports extends AsyncDisposable {
  /** Takes no more exports, and waits for those under way as long as the settings say; another worker goes on with them. */
  close(): Promise<void>;
}

/**
 * The pump that enqueues exports and the consumer that packs them, on a queue and with a concurrency of their own.
 * @throws QueueUnreachableError
 */
export const startExports = async ({ config, sweeperDatabase, ...context }: ExportParts): Promise<Exports> => {
  const { telemetry, storage } = context;
  const onError = telemetry.queueError;
  await using parts = new AsyncDisposableStack();
  const exports = parts.use(await openExportQueue(config, { onError }));
  const consumer = await consumeExports(config, exportDocuments({ ...context, config }), {
    concurrency: config.EXPORT_CONCURRENCY,
    onError,
    onFailed: (_payload, error) => telemetry.jobFailed({ error }),
  });
  parts.defer(async () => void (await consumer.close({ deadlineMs: config.SHUTDOWN_SECONDS * 1_000 })));
  parts.use(startExportPump({ database: sweeperDatabase, exports, storage, telemetry }, { intervalMs: INTERVAL_MS }));
  const owned = parts.move();
  let closing: Promise<void> | undefined;
  const close = () => (closing ??= owned.disposeAsync());
  return { close, [Symbol.asyncDispose]: close };
};
