import { openSharedRedis, type QueueSettings } from '@invoicepress/queue';
import type { Store } from 'express-rate-limit';
import { RedisStore, type RedisReply } from 'rate-limit-redis';

export interface RateLimitStores extends AsyncDisposable {
  store: ((name: string) => Store) | undefined;
}

/** Counts in Redis when the queue is there, so that all API processes share them; otherwise each counts for itself. */
export const openRateLimitStores = (settings: QueueSettings, onError: (error: Error) => void): RateLimitStores => {
  const redis = openSharedRedis(settings, onError);
  return {
    store:
      redis &&
      ((name) =>
        new RedisStore({
          prefix: `${settings.QUEUE_PREFIX}:rate:${name}:`,
          sendCommand: (command: string, ...args: string[]) => redis.send(command, ...args) as Promise<RedisReply>,
        })),
    async [Symbol.asyncDispose]() {
      await redis?.[Symbol.asyncDispose]();
    },
  };
};
