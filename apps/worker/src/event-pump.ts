import { placeEvents, takeDueDeliveries, type Database } from '@invoicepress/database';
import { enqueueDeliveries, reenqueueDeliveries, type DeliverWebhook, type DeliveryQueue } from '@invoicepress/queue';
import { step, type Telemetry } from '@invoicepress/telemetry';
import { inRounds } from './in-rounds.ts';

/** Events that one round places, and deliveries that it enqueues; a full round is followed by the next at once. */
const ROUND_LIMIT = 500;
/** Deliveries of one endpoint in the queue at a time. */
const PER_ENDPOINT = 50;
/** Milliseconds after which a delivery that was enqueued and not tried is enqueued again. */
const LOST_AFTER_MS = 60_000;

interface PumpParts {
  /** With the sweeper's role. */
  database: Database;
  deliveries: DeliveryQueue;
  telemetry: Telemetry;
}

/**
 * One round: new events get their places in the feed, which starts their deliveries, and deliveries that are due go to
 * the queue. The rows are the truth: a queue that loses everything gets everything again.
 * @param unsent deliveries that the queue did not take; the next round begins with them, since until they are taken for
 * lost they hold up those that come after
 * @returns whether there is more to do
 */
export const pump = async (parts: PumpParts, unsent: DeliverWebhook[]): Promise<{ more: boolean }> => {
  const { database, telemetry } = parts;
  await send(parts, reenqueueDeliveries, unsent.splice(0), unsent);
  if (unsent.length > 0) return { more: false };
  const placed = await placeEvents(database, ROUND_LIMIT);
  if (placed > 0) {
    step('placed');
    telemetry.eventsPlaced({ count: placed });
  }
  const { fresh, again } = await takeDueDeliveries(database, {
    limit: ROUND_LIMIT,
    perEndpoint: PER_ENDPOINT,
    lostAfterMs: LOST_AFTER_MS,
  });
  await send(parts, enqueueDeliveries, fresh, unsent);
  await send(parts, reenqueueDeliveries, again, unsent);
  return { more: placed === ROUND_LIMIT || fresh.length + again.length === ROUND_LIMIT };
};

const send = async (
  { deliveries, telemetry }: PumpParts,
  enqueue: typeof enqueueDeliveries,
  due: DeliverWebhook[],
  unsent: DeliverWebhook[],
): Promise<void> => {
  const result = await enqueue(deliveries, due);
  if (result.enqueued) return;
  telemetry.enqueueFailed({ count: due.length, error: result.error });
  unsent.push(...due);
};

/** Pumps until disposed. Any number of pumps may run: one places events at a time, and they skip each other's deliveries. */
export const startEventPump = (parts: PumpParts, { intervalMs }: { intervalMs: number }): AsyncDisposable => {
  const unsent: DeliverWebhook[] = [];
  return inRounds(
    () =>
      pump(parts, unsent).catch((error: unknown) => {
        parts.telemetry.eventRoundFailed({ error });
        return { more: false };
      }),
    intervalMs,
  );
};
