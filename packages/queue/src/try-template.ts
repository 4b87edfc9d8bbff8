/**
 * The job `try-template`: check a version of a template, or make a preview with it. On a queue of its own, so that a
 * template which takes its time holds up others of its kind at worst, never an invoice. Its row is the truth; the job is
 * a hint that there is something to do.
 */
import { z } from 'zod';
import { consumeJobs } from './consume.ts';
import type { Consumer, ConsumerOptions, JobProcessor } from './consume.ts';
import type { JobDefinition } from './job.ts';
import { enqueue, openJobQueue, reenqueue } from './queue.ts';
import type { JobQueue, QueueOptions } from './queue.ts';
import type { QueueSettings } from './settings.ts';

export const tryTemplatePayload = z.strictObject({
  tenantId: z.guid(),
  kind: z.enum(['check', 'preview']),
  /** Of the version, or of the preview. */
  id: z.guid(),
});
export type TryTemplate = z.infer<typeof tryTemplatePayload>;

export const tryTemplate: JobDefinition<TryTemplate> = {
  name: 'try-template',
  payload: tryTemplatePayload,
  id: ({ kind, id }) => `${kind}_${id}`,
  options: {
    /** What is about the template is in its row; a job that failed for another reason is the sweeper's. */
    attempts: 1,
    /** At once: a version that is checked again has a job of the same id. */
    removeOnComplete: true,
    removeOnFail: true,
    stackTraceLimit: 10,
  },
};

export type TrialQueue = JobQueue<TryTemplate>;
export type TrialProcessor = JobProcessor<TryTemplate>;

export const openTrialQueue = (settings: QueueSettings, options?: QueueOptions): Promise<TrialQueue> =>
  openJobQueue(settings, tryTemplate, options);
export const enqueueTrials: typeof enqueue<TryTemplate> = enqueue;
export const reenqueueTrials: typeof reenqueue<TryTemplate> = reenqueue;
export const consumeTrials = (
  settings: QueueSettings,
  processor: TrialProcessor,
  options: ConsumerOptions,
): Promise<Consumer> => consumeJobs(settings, tryTemplate, processor, options);
