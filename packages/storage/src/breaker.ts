import CircuitBreaker from 'opossum';
import { StorageError, StorageUnavailable, StorageUnreachable } from './errors.ts';

export type BreakerState = 'closed' | 'open' | 'half-open';

export interface BreakerSettings {
  timeoutMs: number;
  errorPercent: number;
  resetMs: number;
  /** Calls in the window before the percentage counts. */
  minimumCalls: number;
}

/** The window in which calls and failures are counted. */
const windowMs = 10_000;

type Operation = (signal: AbortSignal) => Promise<unknown>;

export interface Breaker {
  /** Runs an operation under the deadline. @throws StorageUnavailable without running it, while open */
  call<T>(operation: (signal: AbortSignal) => Promise<T>): Promise<T>;
  state(): BreakerState;
  close(): void;
}

/**
 * Leaves storage alone for a while once too many calls have failed, so that a fault there does not tie up everything
 * here. Only StorageUnreachable and unforeseen errors count: a conflict or a missing object is an answer.
 */
export const createBreaker = (
  settings: BreakerSettings,
  onStateChange: (state: BreakerState) => void = () => {},
): Breaker => {
  const circuit = new CircuitBreaker((operation: Operation) => withDeadline(operation, settings.timeoutMs), {
    // The signal ends what can be ended at the same time; this ends the wait for what cannot (a stuck disk).
    timeout: settings.timeoutMs,
    errorThresholdPercentage: settings.errorPercent,
    resetTimeout: settings.resetMs,
    volumeThreshold: settings.minimumCalls,
    rollingCountTimeout: windowMs,
    errorFilter: (error: unknown) => error instanceof StorageError && !(error instanceof StorageUnreachable),
  });
  let state: BreakerState = 'closed';
  let openedAt = 0;
  const become = (next: BreakerState): void => {
    state = next;
    if (next === 'open') openedAt = performance.now();
    onStateChange(next);
  };
  circuit.on('open', () => become('open'));
  circuit.on('halfOpen', () => become('half-open'));
  circuit.on('close', () => become('closed'));

  const retryAfterMs = (): number =>
    // Half open, one call is trying storage at this moment: its outcome is known by its deadline.
    state === 'open' ? Math.max(1, Math.ceil(openedAt + settings.resetMs - performance.now())) : settings.timeoutMs;

  return {
    call: async <T>(operation: (signal: AbortSignal) => Promise<T>): Promise<T> => {
      try {
        return (await circuit.fire(operation)) as T;
      } catch (error) {
        const code = (error as { code?: unknown }).code;
        if (code === 'EOPENBREAKER') throw new StorageUnavailable(retryAfterMs());
        if (code === 'ETIMEDOUT' && !(error instanceof StorageError)) throw noAnswer(settings.timeoutMs);
        throw error;
      }
    },
    state: () => state,
    close: () => circuit.shutdown(),
  };
};

/** Unlike that of `AbortSignal.timeout`, the timer ends with the operation, and makes no error of one that is long over. */
const withDeadline = async (operation: Operation, timeoutMs: number): Promise<unknown> => {
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(noAnswer(timeoutMs)), timeoutMs);
  try {
    return await operation(deadline.signal);
  } finally {
    clearTimeout(timer);
  }
};

export const noAnswer = (timeoutMs: number): StorageUnreachable =>
  new StorageUnreachable(
    `Storage did not answer within ${timeoutMs} ms; check that it is up and not overloaded, or raise STORAGE_TIMEOUT_MS.`,
  );
