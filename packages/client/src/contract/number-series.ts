import { z } from 'zod';
import { label } from './fields.ts';

export const NumberSeries = z
  .strictObject({
    name: label(60),
    prefix: z
      .string()
      .regex(/^[A-Za-z0-9./-]{0,20}$/, 'may have letters, digits, ".", "/" and "-", 20 at most')
      .describe('what stands before the count: "INV-"'),
    padding: z.int().min(0).max(12).default(5).describe('digits, with zeros in front'),
    yearlyReset: z
      .boolean()
      .default(false)
      .describe('start again at 1 with every year of issue, which becomes part of the number'),
  })
  .meta({ id: 'NumberSeries' });
export type NumberSeries = z.infer<typeof NumberSeries>;

export const NumberSeriesList = z.object({ series: z.array(NumberSeries) }).meta({ id: 'NumberSeriesList' });
