import { openSharedRedis, type QueueSettings, type SharedRedis } from '@invoicepress/queue';
import type { Store } from 'express-rate-limit';
import { createHash } from 'node:crypto';
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
          sendCommand: (...command: string[]) => send(redis, command) as Promise<RedisReply>,
        })),
    async [Symbol.asyncDispose]() {
      await redis?.[Symbol.asyncDispose]();
    },
  };
};

/**
 * A store loads its scripts once, when it is made, and would count nothing for ever if Redis was late just then. Its answer
 * is known, though: a script that is not there after all is loaded when it is first missed.
 */
const send = async (redis: SharedRedis, [command = '', ...args]: string[]): Promise<unknown> => {
  const sent = redis.send(command, ...args);
  if (command !== 'SCRIPT') return sent;
  return sent.catch(() =>
    createHash('sha1')
      .update(args.at(-1) ?? '')
      .digest('hex'),
  );
};
