import { Cluster } from 'ioredis';
import type { OnError } from './connection.ts';
import { parseQueueUrl } from './queue-url.ts';
import { openRedis } from './redis.ts';
import type { QueueSettings } from './settings.ts';

/** The queue's Redis for small shared state, such as counters of rate limits. Commands fail fast when it is away. */
export interface SharedRedis extends AsyncDisposable {
  /** Sends a command; on a cluster, SCRIPT goes to every master, since scripts are kept per node. */
  send(command: string, ...args: string[]): Promise<unknown>;
}

/** @returns undefined when the queue is not on Redis */
export const openSharedRedis = (settings: QueueSettings, onError: OnError): SharedRedis | undefined => {
  const target = parseQueueUrl(settings.QUEUE_URL);
  if (target.kind === 'postgres') return undefined;
  const client = openRedis(target, 'producer');
  client.on('error', onError);
  return {
    send: async (command, ...args) => {
      if (client instanceof Cluster && command.toUpperCase() === 'SCRIPT') {
        const [first] = await Promise.all(client.nodes('master').map((node) => node.call(command, ...args)));
        return first;
      }
      return client.call(command, ...args);
    },
    async [Symbol.asyncDispose]() {
      client.disconnect();
    },
  };
};
