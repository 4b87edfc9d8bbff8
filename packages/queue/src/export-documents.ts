/**
 * The job `export-documents`, on a queue of its own: packing thousands of documents never holds up a render.
 * The export's row in PostgreSQL is the truth; the job is a hint that there is something to pack.
 */
import { z } from 'zod';
import { consumeJobs } from './consume.ts';
import type { Consumer, ConsumerOptions, JobOutcome, JobProcessor } from './consume.ts';
import type { JobDefinition } from './job.ts';
import { enqueue, openJobQueue, reenqueue } from './queue.ts';
import type { JobQueue, QueueOptions } from './queue.ts';
import type { QueueSettings } from './settings.ts';

export const exportDocumentsPayload = z.strictObject({ tenantId: z.guid(), exportId: z.guid() });
export type ExportDocuments = z.infer<typeof exportDocumentsPayload>;

export const exportDocuments: JobDefinition<ExportDocuments> = {
  name: 'export-documents',
  payload: exportDocumentsPayload,
  id: ({ exportId }) => exportId,
  options: {
    /** The row counts attempts, and the pump enqueues it again. */
    attempts: 1,
    /** At once: whoever goes on with an export does so by a job of the same id. */
    removeOnComplete: true,
    removeOnFail: true,
    stackTraceLimit: 10,
  },
};

export type ExportQueue = JobQueue<ExportDocuments>;
export type ExportOutcome = JobOutcome;
export type ExportProcessor = JobProcessor<ExportDocuments>;

export const openExportQueue = (settings: QueueSettings, options?: QueueOptions): Promise<ExportQueue> =>
  openJobQueue(settings, exportDocuments, options);
export const enqueueExports: typeof enqueue<ExportDocuments> = enqueue;
export const reenqueueExports: typeof reenqueue<ExportDocuments> = reenqueue;
export const consumeExports = (
  settings: QueueSettings,
  processor: ExportProcessor,
  options: ConsumerOptions,
): Promise<Consumer> => consumeJobs(settings, exportDocuments, processor, options);
