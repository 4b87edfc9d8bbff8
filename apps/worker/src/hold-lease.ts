import { extendLease, LeaseLost, withTenant, type Lease } from '@invoicepress/database';
import type { Context } from './context.ts';

/** Heartbeats in the time of one lease: two in a row may get lost before it has to be given up. */
const BEATS_PER_LEASE = 4;

interface Held {
  tenantId: string;
  lease: Lease;
  /** When the claim was asked for, by `performance.now()`: the lease began no earlier. */
  claimedAt: number;
  signal: AbortSignal;
}

/**
 * Does `work` while its lease is extended again and again. The work's signal aborts as soon as another has the lease,
 * and before the lease could end unconfirmed: by the monotonic clock of this process, counted from before each
 * question, so never later than the database lets others try.
 * @throws {LeaseLost} another has it  @throws what the database said last, when it confirmed nothing in time
 */
export const whileHeld = async <T>(
  { database, config }: Pick<Context, 'database' | 'config'>,
  { tenantId, lease, claimedAt, signal }: Held,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> => {
  const lost = new AbortController();
  const beatMs = config.LEASE_MS / BEATS_PER_LEASE;
  let confirmedAt = claimedAt;
  let lastError: unknown = new LeaseLost(`invoice ${lease.invoiceId}: its lease was not confirmed in time`);

  const beat = async (): Promise<void> => {
    const askedAt = performance.now();
    if (askedAt - confirmedAt > config.LEASE_MS - beatMs) return lost.abort(lastError);
    try {
      await withTenant(database, tenantId, (tx) => extendLease(tx, lease, config.LEASE_MS));
      confirmedAt = askedAt;
    } catch (error) {
      if (error instanceof LeaseLost) lost.abort(error);
      else lastError = error;
    }
  };
  const beats = setInterval(() => void beat(), beatMs);
  try {
    return await work(AbortSignal.any([signal, lost.signal]));
  } catch (error) {
    throw lost.signal.aborted ? lost.signal.reason : error;
  } finally {
    clearInterval(beats);
  }
};
