import type { JobsOptions } from 'bullmq';
import type { z } from 'zod';

/** One kind of job: whoever adds it and whoever runs it mean the same by it. Each kind has a queue of its own. */
export interface JobDefinition<Payload extends object> {
  /** Of the job and of its queue. */
  name: string;
  payload: z.ZodType<Payload>;
  /** BullMQ ignores a job whose id it still knows in any state. No ":". */
  id: (job: Payload) => string;
  options: JobsOptions;
  /** Whose job it is, where owners take turns; without it, jobs are first come, first served. See turns.ts. */
  owner?: (job: Payload) => string;
}
