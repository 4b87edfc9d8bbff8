import { databaseTime, forgetExpiredKeys, takeOverdue, type Database } from '@invoicepress/database';
import { reenqueueRender, type RenderQueue } from '@invoicepress/queue';
import { step, type Telemetry } from '@invoicepress/telemetry';
import { inRounds } from './in-rounds.ts';

/** Invoices that one round looks after; the next round takes the next. */
const ROUND_LIMIT = 500;
/** Rounds between two looks for expired idempotency keys. */
const KEY_ROUNDS = 60;

interface SweeperParts {
  database: Database;
  queue: RenderQueue;
  telemetry: Telemetry;
}

/**
 * One round: what has waited too long, or was left by a dead worker, goes to the queue again, unless its job still
 * waits there. Any number of sweepers may run: they skip each other's rows.
 */
export const sweep = async (
  { database, queue, telemetry }: SweeperParts,
  { overdueMs, asOf }: { overdueMs: number; asOf?: Date },
): Promise<number> => {
  step('sweeping');
  const overdue = await takeOverdue(database, { overdueMs, asOf, limit: ROUND_LIMIT });
  if (overdue.length === 0) return 0;
  step('swept');
  const result = await reenqueueRender(queue, overdue);
  step('reenqueued');
  if (!result.enqueued) telemetry.enqueueFailed({ count: overdue.length, error: result.error });
  telemetry.sweepFinished({
    overdue: overdue.length,
    reenqueued: result.enqueued ? overdue.length - result.waiting : 0,
  });
  return overdue.length;
};

/**
 * Tells whether the queue has become another since the last look, and may have lost what it was told. The first look
 * only remembers, and so does one at a queue that is away.
 */
export const watchIncarnation = (queue: RenderQueue): (() => Promise<boolean>) => {
  let known: string | undefined;
  return async () => {
    const current = await queue.incarnation().catch(() => known);
    const changed = known !== undefined && current !== known;
    known = current;
    return changed;
  };
};

/** Everything that was queued before this moment goes to the queue again, unless its job waits there. */
export const redispatchAll = async (parts: SweeperParts): Promise<void> => {
  const asOf = await databaseTime(parts.database);
  let count = 0;
  for (let taken = ROUND_LIMIT; taken >= ROUND_LIMIT; count += taken) {
    taken = await sweep(parts, { overdueMs: 0, asOf });
  }
  parts.telemetry.queueReplaced({ count });
};

/** Sweeps until disposed; a round that fails is logged, and the next comes in its time. */
export const startSweeper = (
  parts: SweeperParts,
  { intervalMs, overdueMs }: { intervalMs: number; overdueMs: number },
): AsyncDisposable => {
  const queueHasChanged = watchIncarnation(parts.queue);
  let round = 0;
  return inRounds(async () => {
    try {
      if (await queueHasChanged()) await redispatchAll(parts);
      await sweep(parts, { overdueMs });
      if (round % KEY_ROUNDS === 0) await forgetExpiredKeys(parts.database);
    } catch (error) {
      parts.telemetry.sweepFailed({ error });
    }
    round += 1;
    return { more: false };
  }, intervalMs);
};
