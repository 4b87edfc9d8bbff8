/**
 * The job `render-invoice`, defined once for the API that adds it and the worker that runs it.
 * It carries ids and nothing else: the row in PostgreSQL is the truth, and the queue may be lost at any moment.
 */
import { z } from 'zod';
import { consumeJobs } from './consume.ts';
import type { Consumer, ConsumerOptions, JobAttempt, JobOutcome, JobProcessor } from './consume.ts';
import type { JobDefinition } from './job.ts';
import { enqueue, openJobQueue, reenqueue } from './queue.ts';
import type { JobQueue, QueueOptions } from './queue.ts';
import type { QueueSettings } from './settings.ts';

export const renderInvoicePayload = z.strictObject({
  tenantId: z.guid(),
  invoiceId: z.guid(),
  /** Raised by every retry that a client or an operator asks for. */
  generation: z.int().nonnegative(),
});
export type RenderInvoice = z.infer<typeof renderInvoicePayload>;

const SECOND_MS = 1_000;
const DAY_S = 24 * 60 * 60;

export const renderInvoice = {
  name: 'render-invoice',
  payload: renderInvoicePayload,

  /** BullMQ ignores an id that it still knows in any state, so a retry needs the generation to be heard. */
  id: ({ invoiceId, generation }: RenderInvoice): string => `${invoiceId}_${generation}`,
  /** Tenants take turns: the 50,000 invoices of one hold up another's single one by no more than what renders now. */
  owner: ({ tenantId }: RenderInvoice): string => tenantId,

  options: {
    /** Waits of about 1, 2, 4 and 8 s lie between the attempts: an outage longer than that is the sweeper's. */
    attempts: 5,
    backoff: { type: 'exponential', delay: SECOND_MS, jitter: 0.5 },
    /** Kept for people who look at the queue; the outcome itself is in the invoice's row. See also connection.ts. */
    removeOnFail: { age: 7 * DAY_S, count: 5_000 },
    /** Lines of stack trace kept per job. */
    stackTraceLimit: 10,
  },
} satisfies JobDefinition<RenderInvoice>;

export type RenderQueue = JobQueue<RenderInvoice>;
export type RenderAttempt = JobAttempt<RenderInvoice>;
export type RenderOutcome = JobOutcome;
export type RenderProcessor = JobProcessor<RenderInvoice>;

export const openQueue = (settings: QueueSettings, options?: QueueOptions): Promise<RenderQueue> =>
  openJobQueue(settings, renderInvoice, options);
export const enqueueRender: typeof enqueue<RenderInvoice> = enqueue;
export const reenqueueRender: typeof reenqueue<RenderInvoice> = reenqueue;
export const consumeRenders = (
  settings: QueueSettings,
  processor: RenderProcessor,
  options: ConsumerOptions,
): Promise<Consumer> => consumeJobs(settings, renderInvoice, processor, options);
