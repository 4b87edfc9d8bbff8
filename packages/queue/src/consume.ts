import { DelayedError, UnrecoverableError } from 'bullmq';
import type { Job } from 'bullmq';
import { connect } from './connection.ts';
import type { BullProcessor, BullWorker, OnError } from './connection.ts';
import { settlesWithin } from './deadline.ts';
import type { JobDefinition } from './job.ts';
import type { QueueSettings } from './settings.ts';

const START_DEADLINE_MS = 15_000;
const LOCK_MS = 30_000;
const STALLED_CHECK_MS = 15_000;
/** BullMQ's own 1 would fail a job for good after two killed workers, whatever its attempts say. */
const MAX_STALLED = 20;
const RETRY_AFTER_OUTAGE_MS = 1_000;
const RETRY_AFTER_SHUTDOWN_MS = 500;
/** After the deadline of `close`, for processors that heed their signal. */
const ABORT_GRACE_MS = 1_000;
const DISCONNECT_MS = 1_000;

/** What became of one attempt. Anything thrown is one more: it is retried with backoff. */
export type JobOutcome =
  | { outcome: 'done' }
  /** Trying again is of no use. */
  | { outcome: 'unrecoverable'; reason: string }
  /** Not now, and through no fault of the work: does not count as an attempt. */
  | { outcome: 'delay'; ms: number; reason: string };

export interface JobAttempt<Payload> {
  payload: Payload;
  /** From 1. */
  attempt: number;
  /** True when an error thrown now fails the job for good. */
  lastAttempt: boolean;
  /** Aborts when another worker took the job over, and when `close` reached its deadline. */
  signal: AbortSignal;
}

export type JobProcessor<Payload> = (attempt: JobAttempt<Payload>) => Promise<JobOutcome>;

export interface ConsumerOptions {
  /** Attempts at a time in this process. */
  concurrency: number;
  /** How long a silent worker keeps its jobs, in ms; 30,000. */
  lockDuration?: number;
  /** How often workers look for jobs of silent ones, in ms; 15,000. */
  stalledInterval?: number;
  /** How often a job may be taken over before it fails; 20. */
  maxStalledCount?: number;
  /** How long the start waits for a queue that does not answer, in ms; 15,000. */
  startDeadlineMs?: number;
  onError?: OnError;
  /** A job is out of attempts, unrecoverable, malformed, or was taken over too often; undefined when it is already gone. */
  onFailed?: (payload: unknown, error: Error) => void;
}

export interface Consumer extends AsyncDisposable {
  /** Attempts that run now. */
  readonly active: number;
  /**
   * Takes no more jobs and waits for those that run. After `deadlineMs` their signals abort; what has not ended
   * a second later is left behind, and other workers take it over once its lock runs out.
   */
  close(options: { deadlineMs: number }): Promise<{ drained: boolean }>;
}

/**
 * Takes jobs of one kind and hands them to `processor` until it is closed. Outages of the queue are outlived.
 * @throws QueueUnreachableError when the queue cannot be reached at the start.
 */
export const consumeJobs = async <Payload extends object>(
  settings: QueueSettings,
  definition: JobDefinition<Payload>,
  processor: JobProcessor<Payload>,
  options: ConsumerOptions,
): Promise<Consumer> => {
  const onError = options.onError ?? (() => {});
  const connection = connect(settings, 'worker', onError);
  try {
    await connection.reached(options.startDeadlineMs ?? START_DEADLINE_MS);
  } catch (error) {
    await connection.close(DISCONNECT_MS);
    throw error;
  }
  const running = new Running();
  const worker = connection.newWorker(definition.name, toBullProcessor(definition, processor, running), {
    concurrency: options.concurrency,
    lockDuration: options.lockDuration ?? LOCK_MS,
    stalledInterval: options.stalledInterval ?? STALLED_CHECK_MS,
    maxStalledCount: options.maxStalledCount ?? MAX_STALLED,
    runRetryDelay: RETRY_AFTER_OUTAGE_MS,
  });
  listen(worker, onError, options.onFailed);

  let closing: Promise<{ drained: boolean }> | undefined;
  const close = async (deadlineMs: number): Promise<{ drained: boolean }> => {
    running.closing = true;
    await worker.pause(true);
    const drained = await settlesWithin(running.idle(), deadlineMs);
    if (!drained) {
      worker.cancelAllJobs('the worker is stopping');
      await settlesWithin(running.idle(), ABORT_GRACE_MS);
    }
    // Unforced, BullMQ waits without a bound for running attempts, and, with its timers running, for the end of a
    // connection that is just being made anew; forced, it lets go of both, and of the locks.
    const closed = running.active === 0 && (await settlesWithin(worker.close(), DISCONNECT_MS));
    if (!closed) {
      worker.closing = undefined; // or a second call would only wait for the first
      await settlesWithin(worker.close(true), DISCONNECT_MS);
    }
    await connection.close(DISCONNECT_MS);
    return { drained };
  };
  const consumer: Consumer = {
    get active() {
      return running.active;
    },
    close: ({ deadlineMs }) => (closing ??= close(deadlineMs)),
    [Symbol.asyncDispose]: async () => void (await consumer.close({ deadlineMs: 0 })),
  };
  return consumer;
};

const toBullProcessor =
  <Payload extends object>(
    definition: JobDefinition<Payload>,
    processor: JobProcessor<Payload>,
    running: Running,
  ): BullProcessor =>
  // BullMQ hands over a signal only to a function that declares three parameters, none with a default.
  async (job, token, signal) => {
    running.begin();
    try {
      await settle(
        job,
        token,
        await attempt(definition, processor, job, signal ?? new AbortController().signal, running),
      );
    } finally {
      running.end();
    }
  };

const attempt = async <Payload extends object>(
  definition: JobDefinition<Payload>,
  processor: JobProcessor<Payload>,
  job: Job<object, void>,
  signal: AbortSignal,
  running: Running,
): Promise<JobOutcome> => {
  const payload = definition.payload.safeParse(job.data);
  if (!payload.success) {
    return {
      outcome: 'unrecoverable',
      reason: `the payload is malformed: ${payload.error.issues.map(toText).join('; ')}`,
    };
  }
  const number = job.attemptsMade + 1;
  try {
    return await processor({
      payload: payload.data,
      attempt: number,
      lastAttempt: number >= (job.opts.attempts ?? 1),
      signal,
    });
  } catch (error) {
    // An attempt that was cut short by a shutdown says nothing about the work.
    if (running.closing && signal.aborted)
      return { outcome: 'delay', ms: RETRY_AFTER_SHUTDOWN_MS, reason: 'the worker stopped' };
    throw error;
  }
};

const settle = async (job: Job<object, void>, token: string | undefined, outcome: JobOutcome): Promise<void> => {
  switch (outcome.outcome) {
    case 'done':
      return;
    case 'unrecoverable':
      throw new UnrecoverableError(outcome.reason);
    case 'delay':
      await job.moveToDelayed(Date.now() + outcome.ms, token);
      throw new DelayedError(outcome.reason);
  }
};

/** Counts the attempts that run, and can be waited for. */
class Running {
  active = 0;
  closing = false;
  #idle: PromiseWithResolvers<void> | undefined;

  begin(): void {
    this.active += 1;
  }

  end(): void {
    this.active -= 1;
    if (this.active === 0) this.#idle?.resolve();
  }

  idle(): Promise<void> {
    if (this.active === 0) return Promise.resolve();
    this.#idle ??= Promise.withResolvers();
    return this.#idle.promise;
  }
}

const listen = (worker: BullWorker, onError: OnError, onFailed: ConsumerOptions['onFailed']): void => {
  worker.on('error', onError);
  worker.on('lockRenewalFailed', (ids) => {
    for (const id of ids) worker.cancelJob(id, 'another worker took the job over');
  });
  worker.on('failed', (job, error) => {
    const final = job === undefined || job.finishedOn !== undefined;
    if (final) onFailed?.(job?.data, error);
  });
};

const toText = (issue: { path: PropertyKey[]; message: string }): string =>
  `${issue.path.join('.') || 'payload'}: ${issue.message}`;
