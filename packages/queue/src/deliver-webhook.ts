/**
 * The job `deliver-webhook`, on a queue of its own: a slow receiver holds up other receivers at worst, never a render.
 * The delivery's row in PostgreSQL is the truth; the job is a hint that it is due.
 */
import { z } from 'zod';
import { consumeJobs } from './consume.ts';
import type { Consumer, ConsumerOptions, JobOutcome, JobProcessor } from './consume.ts';
import type { JobDefinition } from './job.ts';
import { enqueue, openJobQueue, reenqueue } from './queue.ts';
import type { JobQueue, QueueOptions } from './queue.ts';
import type { QueueSettings } from './settings.ts';

export const deliverWebhookPayload = z.strictObject({
  tenantId: z.guid(),
  endpointId: z.guid(),
  deliveryId: z.guid(),
  /** Raised whenever somebody asks for it to be sent again. */
  generation: z.int().nonnegative(),
});
export type DeliverWebhook = z.infer<typeof deliverWebhookPayload>;

export const deliverWebhook: JobDefinition<DeliverWebhook> = {
  name: 'deliver-webhook',
  payload: deliverWebhookPayload,
  id: ({ deliveryId, generation }) => `${deliveryId}_${generation}`,
  options: {
    /** The row says when the next attempt is due; a job that failed was about none of its receiver's doing. */
    attempts: 1,
    /** At once: each attempt at a delivery is a job of the same id. */
    removeOnComplete: true,
    removeOnFail: true,
    stackTraceLimit: 10,
  },
};

export type DeliveryQueue = JobQueue<DeliverWebhook>;
export type DeliveryOutcome = JobOutcome;
export type DeliveryProcessor = JobProcessor<DeliverWebhook>;

export const openDeliveryQueue = (settings: QueueSettings, options?: QueueOptions): Promise<DeliveryQueue> =>
  openJobQueue(settings, deliverWebhook, options);
export const enqueueDeliveries: typeof enqueue<DeliverWebhook> = enqueue;
export const reenqueueDeliveries: typeof reenqueue<DeliverWebhook> = reenqueue;
export const consumeDeliveries = (
  settings: QueueSettings,
  processor: DeliveryProcessor,
  options: ConsumerOptions,
): Promise<Consumer> => consumeJobs(settings, deliverWebhook, processor, options);
