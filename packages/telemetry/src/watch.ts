import type { Metrics } from './metrics.ts';

/** How long reading metrics waits for the queue. */
const QUEUE_READING_MS = 3_000;

export interface QueueReading {
  waiting: number;
  active: number;
  delayed: number;
  failed: number;
  oldestWaitingSeconds: number;
}
export interface PoolReading {
  total: number;
  idle: number;
  waiting: number;
}
export interface RendererReading {
  size: number;
  busy: number;
  waiting: number;
  rssBytes: number;
}

const breakerStates = ['closed', 'half-open', 'open'] as const;
export type BreakerState = (typeof breakerStates)[number];

export const setBreaker = (metrics: Metrics, state: BreakerState): void => {
  for (const each of breakerStates) metrics.breaker.set({ state: each }, each === state ? 1 : 0);
};

/** Readings that are taken whenever somebody reads the metrics; each is to be watched once. */
export const createWatches = (metrics: Metrics) => ({
  watchDatabase: (read: () => PoolReading): void => {
    metrics.readings.push(() => {
      for (const [state, connections] of Object.entries(read())) metrics.databasePool.set({ state }, connections);
    });
  },

  watchStorage: (read: () => number): void => {
    metrics.readings.push(() => metrics.storageWaiting.set(read()));
  },

  watchRenderers: (read: () => RendererReading): void => {
    metrics.readings.push(() => {
      const { size, busy, waiting, rssBytes } = read();
      for (const [state, renderers] of Object.entries({ busy, idle: size - busy, waiting }))
        metrics.renderers.set({ state }, renderers);
      metrics.rendererBytes.set(rssBytes);
    });
  },

  watchQueue: (read: () => Promise<QueueReading>): void => {
    metrics.readings.push(async () => {
      try {
        const { oldestWaitingSeconds, waiting, active, delayed, failed } = await within(read(), QUEUE_READING_MS);
        for (const [state, jobs] of Object.entries({ waiting, active, delayed, failed }))
          metrics.queueJobs.set({ state }, jobs);
        metrics.queueOldest.set(oldestWaitingSeconds);
        metrics.queueUp.set(1);
      } catch {
        // No value is better than an old one, or than a 0 that would say that nothing waits.
        metrics.queueJobs.reset();
        metrics.queueOldest.remove();
        metrics.queueUp.set(0);
      }
    });
  },
});

/** Waits for at most `milliseconds`. @throws Error when that was not enough */
export const within = async <T>(work: Promise<T>, milliseconds: number): Promise<T> => {
  const { promise: expired, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`no answer within ${milliseconds} ms`)), milliseconds);
  try {
    return await Promise.race([work, expired]);
  } finally {
    clearTimeout(timer);
    work.catch(() => {});
  }
};
