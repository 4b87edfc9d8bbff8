import { ProblemError, Unreachable } from './problem-error.ts';
import type { Problem } from './contract/index.ts';

export interface TransportOptions {
  fetch: typeof fetch;
  /** Milliseconds for one attempt. */
  timeoutMs: number;
  /** Attempts in all, the first included. */
  attempts: number;
  sleep: (ms: number) => Promise<void>;
  random: () => number;
}

export const BACKOFF_BASE_MS = 200;
export const BACKOFF_MAX_MS = 10_000;

/** Answers that say "later" and leave nothing done, or that a repetition with the same Idempotency-Key makes harmless. */
const retryable = new Set([429, 502, 503, 504]);

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
    let waitMs = options.random() * Math.min(BACKOFF_MAX_MS, BACKOFF_BASE_MS * 2 ** (attempt - 1));
    try {
      const response = await options.fetch(url, { ...init, signal: AbortSignal.timeout(options.timeoutMs) });
      if (response.status < 400) return await read(response);
      const error = await problemOf(response);
      if (!retryable.has(response.status)) throw error;
      last = error;
      waitMs = Math.max(waitMs, retryAfterMs(response));
    } catch (error) {
      if (error instanceof ProblemError && !retryable.has(error.problem.status)) throw error;
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

const retryAfterMs = (response: Response): number => {
  const seconds = Number(response.headers.get('retry-after'));
  return Number.isFinite(seconds) ? Math.min(seconds * 1_000, 60_000) : 0;
};

const problemOf = async (response: Response): Promise<ProblemError> => {
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
