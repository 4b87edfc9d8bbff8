/** The one place that knows both backends: what it returns looks the same for Redis and for PostgreSQL. */
import { Queue, Worker } from 'bullmq';
import type { Processor, WorkerOptions } from 'bullmq';
import { Cluster, type Redis } from 'ioredis';
import { randomUUID } from 'node:crypto';
import { changingPassword } from './changing-password.ts';
import { asError, settlesWithin, withDeadline } from './deadline.ts';
import { poolConfig, RecoveringConnection, recoveringPostgres } from './postgres.ts';
import { parseQueueUrl } from './queue-url.ts';
import { openRedis } from './redis.ts';
import type { RedisTarget, Role } from './redis.ts';
import type { QueueSettings } from './settings.ts';

export type BullQueue = Queue<object, void, string>;
export type BullWorker = Worker<object, void, string>;
export type BullProcessor = Processor<object, void, string>;
export type WorkerTuning = Omit<WorkerOptions, 'connection' | 'prefix'>;
export type OnError = (error: Error) => void;

/**
 * How long finished jobs stay for people to look at, unless the job itself says otherwise. To count them takes Redis no
 * time, and PostgreSQL as long as the job.
 */
const KEEP_COMPLETED = { redis: { age: 3_600, count: 1_000 }, postgres: { age: 300 } } as const;

/** A connection that answers within `milliseconds`, or an error that says why it did not. */
export interface QueueConnection {
  /** False when a command would fail for sure, so that nobody waits for it. */
  usable(): boolean;
  reached(milliseconds: number): Promise<void>;
  /** Changes when the server may have lost what it was told: emptied, restarted, or taken over by another. */
  incarnation(): Promise<string>;
  newQueue(name: string): BullQueue;
  /** The place, in BullMQ's listing, of the job that is next in line: the PostgreSQL backend lists the newest first. */
  nextInLine(waiting: number): number;
  newWorker(name: string, processor: BullProcessor, tuning: WorkerTuning): BullWorker;
  /** After the queue and the worker were closed; waits for at most `milliseconds`. */
  close(milliseconds: number): Promise<void>;
}

export class QueueUnreachableError extends Error {
  override readonly name = 'QueueUnreachableError';
}

export const connect = (settings: QueueSettings, role: Role, onError: OnError): QueueConnection => {
  const target = parseQueueUrl(settings.QUEUE_URL);
  return target.kind === 'postgres'
    ? connectPostgres(target.connectionString, role, settings.readQueueUrlAgain)
    : connectRedis(target, settings.QUEUE_PREFIX, role, onError);
};

const connectRedis = (target: RedisTarget, prefix: string, role: Role, onError: OnError): QueueConnection => {
  const client = openRedis(target, role);
  let lastError: Error | undefined;
  client.on('error', (error: Error) => {
    lastError = error;
    onError(error);
  });
  const options = { connection: client, prefix: `{${prefix}}` };

  return {
    usable: () => client.status === 'ready',
    reached: async (milliseconds) => {
      const ready =
        client.status === 'ready'
          ? Promise.resolve()
          : new Promise<void>((resolve) => void client.once('ready', resolve));
      try {
        await withDeadline(
          ready.then(() => client.ping()),
          milliseconds,
          'connecting',
        );
      } catch (error) {
        throw unreachable(lastError ?? asError(error));
      }
    },
    incarnation: async () => {
      const key = `{${prefix}}:incarnation`;
      await client.set(key, randomUUID(), 'NX'); // gone with everything else when somebody empties the server
      const [mark, run] = await Promise.all([client.get(key), client instanceof Cluster ? '' : runIdOf(client)]);
      return `${mark} ${run}`;
    },
    // Looking at the version would have to succeed once, or the queue would be of no use for the rest of its days.
    newQueue: (name) => new Queue(name, { ...options, skipVersionCheck: true, skipWaitingForReady: true }),
    nextInLine: () => 0,
    newWorker: (name, processor, tuning) =>
      new Worker(name, processor, { ...tuning, ...options, removeOnComplete: KEEP_COMPLETED.redis }),
    close: async (milliseconds) => {
      if (client.status === 'ready') await settlesWithin(client.quit(), milliseconds);
      client.disconnect();
    },
  };
};

/** Another at each start of a server, and on each server; a cluster has as many as masters, which come and go. */
const runIdOf = async (client: Redis): Promise<string> =>
  /^run_id:(\w+)/m.exec(await client.info('server'))?.[1] ?? 'unknown';

const connectPostgres = (connectionString: string, role: Role, readAgain?: () => string): QueueConnection => {
  const password = changingPassword(connectionString, readAgain);
  const options = { connection: poolConfig(connectionString, role, password) };
  let queues: RecoveringConnection | undefined;
  const backend = recoveringPostgres(password, (connection) => (queues = connection));
  return {
    usable: () => true,
    incarnation: () => (queues ? queues.incarnation() : Promise.reject(unreachable(new Error('no queue is open')))),
    reached: async (milliseconds) => {
      const probe = new RecoveringConnection(options.connection, password);
      try {
        await probe.reached(milliseconds);
      } catch (error) {
        throw unreachable(asError(error));
      } finally {
        await settlesWithin(probe.close(), milliseconds);
      }
    },
    newQueue: (name) => new Queue(name, options, backend) as unknown as BullQueue,
    nextInLine: (waiting) => Math.max(0, waiting - 1),
    newWorker: (name, processor, tuning) =>
      new Worker(
        name,
        processor,
        { ...tuning, ...options, removeOnComplete: KEEP_COMPLETED.postgres },
        backend,
      ) as unknown as BullWorker,
    close: () => Promise.resolve(),
  };
};

const unreachable = (cause: Error): QueueUnreachableError =>
  new QueueUnreachableError(`the queue cannot be reached: ${cause.message}; check QUEUE_URL and that its server runs`, {
    cause,
  });
