import { placeEvents, takeDueDeliveries, type Database } from '@invoicepress/database';
import { enqueueDeliveries, reenqueueDeliveries, type DeliveryQueue } from '@invoicepress/queue';
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
 * @returns whether there is more to do
 */
export const pump = async ({ database, deliveries, telemetry }: PumpParts): Promise<{ more: boolean }> => {
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
  for (const [due, enqueue] of [
    [fresh, enqueueDeliveries],
    [again, reenqueueDeliveries],
  ] as const) {
    const result = await enqueue(deliveries, due);
    if (!result.enqueued) telemetry.enqueueFailed({ count: due.length, error: result.error });
  }
  return { more: placed === ROUND_LIMIT || fresh.length + again.length === ROUND_LIMIT };
};

/** Pumps until disposed. Any number of pumps may run: one places events at a time, and they skip each other's deliveries. */
export const startEventPump = (parts: PumpParts, { intervalMs }: { intervalMs: number }): AsyncDisposable =>
  inRounds(
    () =>
      pump(parts).catch((error: unknown) => {
        parts.telemetry.eventRoundFailed({ error });
        return { more: false };
      }),
    intervalMs,
  );
