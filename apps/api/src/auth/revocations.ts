import { listRevocations, type Database } from '@invoicepress/database';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Caller } from './tokens.ts';

/** Milliseconds between two looks, and so about how long a revoked client's tokens still pass. */
export const REVOCATIONS_EVERY_MS = 1_000;

/** What was revoked lately, held in this process, so that no request asks the database for it. */
export interface Revocations extends AsyncDisposable {
  /** Nobody is let in unchecked: waits for the first look. @throws what the database said, when it gave no answer */
  known(): Promise<void>;
  /** Once it is known. */
  refuse(caller: Pick<Caller, 'clientId' | 'secretId'>): boolean;
}

/** Looks every second. While the database is away, what is known holds; hardly a request is served then in any case. */
export const watchRevocations = (database: Database, onError: (error: Error) => void): Revocations => {
  let revoked: ReadonlySet<string> | undefined;
  let fault: unknown;
  let looking: Promise<void>;
  const stop = new AbortController();
  const look = async () => {
    try {
      revoked = new Set(await listRevocations(database));
    } catch (error) {
      fault = error;
      onError(error as Error);
    }
  };
  const watch = async () => {
    while (!stop.signal.aborted) {
      looking = look();
      await looking;
      await sleep(REVOCATIONS_EVERY_MS, undefined, { signal: stop.signal, ref: false }).catch(() => undefined);
    }
  };
  const watching = watch();
  return {
    known: async () => {
      if (!revoked) await looking;
      if (!revoked) throw fault;
    },
    refuse: ({ clientId, secretId }) =>
      revoked === undefined || revoked.has(clientId) || (secretId !== undefined && revoked.has(secretId)),
    async [Symbol.asyncDispose]() {
      stop.abort();
      await watching;
    },
  };
};
