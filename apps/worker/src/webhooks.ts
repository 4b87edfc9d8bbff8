import { createSealing, type Database } from '@invoicepress/database';
import { consumeDeliveries, openDeliveryQueue } from '@invoicepress/queue';
import type { Config } from './config.ts';
import type { Context } from './context.ts';
import { startEventPump } from './event-pump.ts';
import { deliverWebhook, type DeliveryContext } from './processors/deliver-webhook.ts';

export interface WebhookParts extends Pick<Context, 'database' | 'telemetry' | 'clock'> {
  config: Config;
  sweeperDatabase: Database;
  /** For tests: how names are resolved. */
  lookup?: DeliveryContext['lookup'];
}

export interface Webhooks extends AsyncDisposable {
  /** Takes no more deliveries, and waits for those under way as long as the settings say. */
  close(): Promise<void>;
}

/**
 * From events to webhooks: the pump that places events and enqueues deliveries, and the consumer that sends them, on
 * a queue and with a concurrency of their own.
 * @throws QueueUnreachableError
 */
export const startWebhooks = async ({ config, sweeperDatabase, ...context }: WebhookParts): Promise<Webhooks> => {
  const { telemetry } = context;
  const onError = telemetry.queueError;
  await using parts = new AsyncDisposableStack();
  const deliveries = parts.use(await openDeliveryQueue(config, { onError }));
  const sealing = createSealing(config.WEBHOOK_SEALING_KEY, config.WEBHOOK_SEALING_FURTHER_KEYS);
  const consumer = await consumeDeliveries(config, deliverWebhook({ ...context, config, sealing }), {
    concurrency: config.WEBHOOK_CONCURRENCY,
    onError,
    onFailed: (_payload, error) => telemetry.jobFailed({ error }),
  });
  parts.defer(async () => void (await consumer.close({ deadlineMs: config.SHUTDOWN_SECONDS * 1_000 })));
  parts.use(
    startEventPump({ database: sweeperDatabase, deliveries, telemetry }, { intervalMs: config.EVENT_INTERVAL_MS }),
  );
  const owned = parts.move();
  let closing: Promise<void> | undefined;
  const close = () => (closing ??= owned.disposeAsync());
  return { close, [Symbol.asyncDispose]: close };
};
