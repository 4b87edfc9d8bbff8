import { z } from 'zod';

/** RFC 9457 problem details. `type` resolves to a page that explains it. */
export const Problem = z
  .object({
    type: z.string().meta({ format: 'uri' }),
    title: z.string(),
    status: z.int(),
    detail: z.string().describe('what went wrong this time, and how to mend it'),
    instance: z.string().optional().describe('the request id, as in our logs'),
    errors: z
      .array(
        z.object({
          pointer: z.string().describe('JSON Pointer into the request body, or the name of a parameter'),
          detail: z.string(),
          rule: z.string().optional().describe('EN 16931 business rule'),
        }),
      )
      .optional(),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof Problem>;
