import { z } from 'zod';
import { Invoice } from './invoice.ts';
import { Problem } from './problem.ts';

/** One outcome per submitted invoice, in the order of submission. */
export const BatchOutcome = z
  .object({
    accepted: z.int(),
    refused: z.int(),
    outcomes: z.array(
      z.union([
        z.object({ status: z.literal(202), invoice: Invoice }),
        z.object({ status: z.int(), problem: Problem }),
      ]),
    ),
  })
  .meta({ id: 'BatchOutcome' });
export type BatchOutcome = z.infer<typeof BatchOutcome>;
