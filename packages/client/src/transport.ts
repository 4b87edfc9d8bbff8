import { ProblemError, Unreachable } from './problem-error.ts';
import type { Problem } from './contract/index.ts';

export interface TransportOptions {
  fetch: typeof fetch;
  /** Milliseconds for one attempt. */
  timeoutMs: number;
  /** Attempts in all, the first included. */
  attempts: number;
  /** Ends early, without an error, when the signal is aborted. */
  sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  random: () => number;
}

export const BACKOFF_BASE_MS = 200;
export const BACKOFF_MAX_MS = 10_000;

/** Answers that say "later" and leave nothing done, or that a repetition with the same Idempotency-Key makes harmless. */
const retryable = new Set([429, 502, 503, 504]);
/** The problem of a request whose own first try, given up here, is still being answered there. */
const IN_PROGRESS = '/problems/request-in-progress';

/** Whether the same request may succeed a little later. */
export const isLater = ({ problem: { status, type } }: ProblemError): boolean =>
  retryable.has(status) || type.endsWith(IN_PROGRESS);

/**
 * Sends a request that may safely be repeated and reads its answer: network failures, answers that break off or cannot
 * be read, and "later" answers are retried with exponential backoff and full jitter, or after Retry-After when the
 * server says so.
 * @throws {ProblemError} the API refused  @throws {Unreachable} all attempts failed
 */
export const send = async <T>(
  url: string,
  init: RequestInit,
  read: (response: Response) => Promise<T>,
  options: TransportOptions,
): Promise<T> => {
  let last: unknown;
  for (let attempt = 1; attempt <= options.attempts; attempt++) {
    let waitMs = backoffMs(attempt, options);
    try {
      const response = await options.fetch(url, { ...init, signal: AbortSignal.timeout(options.timeoutMs) });
      if (response.status < 400) return await read(response);
      const error = await problemOf(response);
      if (!isLater(error)) throw error;
      last = error;
      waitMs = Math.max(waitMs, retryAfterMs(response));
    } catch (error) {
      if (error instanceof ProblemError && !isLater(error)) throw error;
      last = error;
    }
    if (attempt < options.attempts) await options.sleep(waitMs);
  }
  if (last instanceof ProblemError) throw last;
  throw new Unreachable(
    `no usable answer from ${new URL(url).origin} in ${options.attempts} attempts; is the API running there?`,
    { cause: last },
  );
};

/** Exponential, with full jitter. */
export const backoffMs = (failures: number, { random }: Pick<TransportOptions, 'random'>): number =>
  random() * Math.min(BACKOFF_MAX_MS, BACKOFF_BASE_MS * 2 ** (failures - 1));

/** A pause that an abort ends. */
export const sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, signal?.aborted ? 0 : ms);
    signal?.addEventListener('abort', done);
  });

export const retryAfterMs = (response: Response): number => {
  const seconds = Number(response.headers.get('retry-after'));
  return Number.isFinite(seconds) ? Math.min(seconds * 1_000, 60_000) : 0;
};

export const problemOf = async (response: Response): Promise<ProblemError> => {
  const body: unknown = await response.json().catch(() => undefined);
  const problem = isProblem(body)
    ? body
    : {
        type: 'about:blank',
        title: response.statusText || 'Unexpected answer',
        status: response.status,
        detail: `the API answered ${response.status} without details`,
      };
  return new ProblemError(problem);
};

const isProblem = (body: unknown): body is Problem =>
  typeof body === 'object' && body !== null && 'title' in body && 'status' in body;
