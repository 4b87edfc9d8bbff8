import { z } from 'zod';
import { TemplateDiagnostic } from './template.ts';

/** One thing that is wrong with a request. */
export const Fault = z.object({
  pointer: z.string().describe('JSON Pointer into the request body, or the name of a parameter'),
  detail: z.string(),
  rule: z.string().optional().describe('the business rule that says so, such as BR-CO-10'),
  term: z.string().optional().describe('the business term of EN 16931 that it is about, such as BT-10'),
});

/** RFC 9457 problem details. `type` resolves to a page that explains it. */
export const Problem = z
  .object({
    type: z.string().meta({ format: 'uri' }),
    title: z.string(),
    status: z.int(),
    detail: z.string().describe('what went wrong this time, and how to mend it'),
    instance: z.string().optional().describe('the request id, as in our logs'),
    errors: z.array(Fault).optional(),
    diagnostics: z
      .array(TemplateDiagnostic)
      .optional()
      .describe('of a preview: what its template did wrong, and where'),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof Problem>;
