import PQueue from 'p-queue';
import { StorageQuotaUsedUp } from './errors.ts';

export interface QuotaSettings {
  /** Operations under way at a time. */
  concurrent: number;
  /** Operations that begin within a second; 0: any number. */
  perSecond: number;
  /** How long an operation waits for its turn. */
  maxWaitMs: number;
}

export interface Quota {
  /** Runs an operation in its turn, first come, first served. @throws StorageQuotaUsedUp without running it, after `maxWaitMs` */
  run<T>(operation: () => Promise<T>): Promise<T>;
  /** Operations that wait for their turn. */
  waiting(): number;
}

const SECOND_MS = 1_000;

/** Keeps one process from asking more of storage than it is meant to. An operation is a request, or two where puts race. */
export const createQuota = (
  { concurrent, perSecond, maxWaitMs }: QuotaSettings,
  onTurn: (waitedSeconds: number) => void = () => {},
): Quota => {
  const line = new PQueue({
    concurrency: concurrent,
    ...(perSecond > 0 && { intervalCap: perSecond, interval: SECOND_MS }),
  });
  return {
    run: async (operation) => {
      const since = performance.now();
      const patience = new AbortController();
      const timer = setTimeout(() => patience.abort(new StorageQuotaUsedUp(maxWaitMs)), maxWaitMs);
      const inTurn = () => {
        clearTimeout(timer); // what has begun is bound by the deadline of operations
        onTurn((performance.now() - since) / SECOND_MS);
        return operation();
      };
      return line.add(inTurn, { signal: patience.signal });
    },
    waiting: () => line.size,
  };
};
