import { abandonedParts, expireExports, forgetPart, takeDueExports, type Database } from '@invoicepress/database';
import { enqueueExports, reenqueueExports, type ExportQueue } from '@invoicepress/queue';
import type { Storage } from '@invoicepress/storage';
import type { Telemetry } from '@invoicepress/telemetry';
import { inRounds } from '../in-rounds.ts';

/** Exports that one round enqueues, and archives that it deletes. */
const ROUND_LIMIT = 100;
/** Milliseconds after which an export that was enqueued and not taken is enqueued again. */
const LOST_AFTER_MS = 60_000;

interface PumpParts {
  /** With the sweeper's role. */
  database: Database;
  exports: ExportQueue;
  storage: Storage;
  telemetry: Telemetry;
}

/**
 * One round: exports that wait go to the queue, and archives whose time is over are deleted, the bytes before the row:
 * what a crash leaves in between is deleted again.
 * @returns whether there is more to do
 */
export const pumpExports = async (
  { database, exports, storage, telemetry }: PumpParts,
  lostAfterMs = LOST_AFTER_MS,
): Promise<{ more: boolean }> => {
  const { fresh, again } = await takeDueExports(database, { limit: ROUND_LIMIT, lostAfterMs });
  for (const [due, enqueue] of [
    [fresh, enqueueExports],
    [again, reenqueueExports],
  ] as const) {
    const result = await enqueue(exports, due);
    if (!result.enqueued) telemetry.enqueueFailed({ count: due.length, error: result.error });
  }
  await expireExports(database);
  const abandoned = await abandonedParts(database, ROUND_LIMIT);
  for (const part of abandoned) {
    await storage.delete(part.storageKey);
    await forgetPart(database, part);
  }
  return { more: abandoned.length === ROUND_LIMIT };
};

/** Pumps until disposed. Any number of pumps may run: they skip each other's exports, and deleting twice is harmless. */
export const startExportPump = (parts: PumpParts, { intervalMs }: { intervalMs: number }): AsyncDisposable =>
  inRounds(
    () =>
      pumpExports(parts).catch((error: unknown) => {
        parts.telemetry.exportRoundFailed({ error });
        return { more: false };
      }),
    intervalMs,
  );
