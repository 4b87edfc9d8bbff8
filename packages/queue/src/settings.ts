import { z } from 'zod';
import { parseQueueUrl, QueueUrlError } from './queue-url.ts';

/** The environment variables that the queue needs; apps compose them into their own config. */
export const queueSettings = z.object({
  /** Where jobs travel; see queue-url.ts for every form. */
  QUEUE_URL: z
    .string({
      error: 'QUEUE_URL is missing; set it to redis://host:6379 or postgres://user:password@host:5432/database',
    })
    .check((ctx) => {
      try {
        parseQueueUrl(ctx.value);
      } catch (error) {
        if (!(error instanceof QueueUrlError)) throw error;
        // `input` is left out on purpose: the URL may carry a password.
        ctx.issues.push({ code: 'custom', message: `QUEUE_URL ${error.message}`, input: undefined });
      }
    }),
  /**
   * Begins every key in Redis, so that several installations can share one. It is written in braces, which keeps
   * all keys of the queue in one slot of a Redis Cluster. PostgreSQL has the schema `bullmq` instead.
   */
  QUEUE_PREFIX: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,64}$/, 'QUEUE_PREFIX may have 1 to 64 letters, digits, "_" and "-"')
    .default('invoicepress'),
});

export type QueueSettings = z.infer<typeof queueSettings> & {
  /** Gives QUEUE_URL as it is by now, where it can change: a queue on PostgreSQL asks when its password is refused. */
  readQueueUrlAgain?: (() => string) | undefined;
};
