import { Cluster, Redis } from 'ioredis';
import type { ClusterNode, ClusterOptions, RedisOptions } from 'ioredis';
import type { QueueTarget } from './queue-url.ts';

export type RedisTarget = Exclude<QueueTarget, { kind: 'postgres' }>;
export type RedisClient = Redis | Cluster;

/** A producer answers a request, so it fails fast; a worker has all the time in the world. */
export type Role = 'producer' | 'worker';

const CONNECT_TIMEOUT_MS = 5_000;
const COMMAND_TIMEOUT_MS = 500;
const RECONNECT_MAX_MS = 2_000;
const KEEP_ALIVE_MS = 10_000;
/**
 * A command that has had no answer for this long gets none: the far end is gone without a word, which TCP alone notices
 * after a quarter of an hour. Longer than BullMQ blocks for (10 s).
 */
const SILENCE_MS = 15_000;

/** 50, 100, 200 … 2,000 ms, half of it at random, so that a fleet does not come back in one stroke. */
const reconnectDelay = (attempt: number): number => {
  const delay = Math.min(50 * 2 ** Math.min(attempt - 1, 10), RECONNECT_MAX_MS);
  return Math.round(delay / 2 + (Math.random() * delay) / 2);
};

/** Begins to connect at once and for ever; errors arrive as 'error' events, which the caller must listen to. */
export const openRedis = (target: RedisTarget, role: Role): RedisClient => {
  const common = {
    ...(target.username !== undefined && { username: target.username }),
    ...(target.password !== undefined && { password: target.password }),
    ...(target.tls && { tls: {} }),
    connectTimeout: CONNECT_TIMEOUT_MS,
    keepAlive: KEEP_ALIVE_MS,
    socketTimeout: SILENCE_MS,
    ...(role === 'producer'
      ? { maxRetriesPerRequest: 1, commandTimeout: COMMAND_TIMEOUT_MS }
      : { maxRetriesPerRequest: null }),
  };
  const single = { ...common, enableOfflineQueue: role === 'worker', retryStrategy: reconnectDelay };

  switch (target.kind) {
    case 'redis':
      return new Redis({ ...single, ...target.address, db: target.db } satisfies RedisOptions);
    case 'sentinel':
      return new Redis({
        ...single,
        sentinels: target.sentinels,
        name: target.master,
        db: target.db,
        sentinelRetryStrategy: reconnectDelay,
        sentinelReconnectStrategy: reconnectDelay,
        ...(target.sentinelUsername !== undefined && { sentinelUsername: target.sentinelUsername }),
        ...(target.sentinelPassword !== undefined && { sentinelPassword: target.sentinelPassword }),
        ...(target.tls && { enableTLSForSentinelMode: true, sentinelTLS: {} }),
      } satisfies RedisOptions);
    case 'cluster':
      return new Cluster(
        target.nodes satisfies ClusterNode[],
        {
          redisOptions: common,
          enableOfflineQueue: role === 'worker',
          clusterRetryStrategy: reconnectDelay,
          // Certificates are issued for names, so with TLS the names that the cluster announces are kept.
          ...(target.tls && { dnsLookup: (address, found) => found(null, address) }),
        } satisfies ClusterOptions,
      );
  }
};
