import { statuses, typeCodes } from '@invoicepress/invoice';
import { z } from 'zod';
import { date, label, uuid } from './fields.ts';
import { DEFAULT_PAGE, wholeNumber } from './invoice.ts';

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

/** Numbers on one page of a report. */
export const MAX_REPORT_PAGE = 1_000;

const AccountedNumber = z.object({
  number: z.string(),
  period: z.int().describe('the year whose counter gave it; 0 where the series never starts again'),
  count: z.int(),
  invoice: z
    .object({ id: uuid, status: z.enum(statuses), typeCode: z.enum(typeCodes), issueDate: date })
    .optional()
    .describe('who bears it; absent for a gap, of which there must be none'),
});

export const NumberReport = z
  .object({
    series: NumberSeries,
    counters: z
      .array(z.object({ period: z.int(), last: z.int() }))
      .describe('how many numbers were given: one counter, or one for each year'),
    numbers: z.array(AccountedNumber).describe('every number that was given, in order'),
    gaps: z.int().describe('numbers on this page that no invoice bears'),
    nextCursor: z.string().optional().describe('absent on the last page'),
  })
  .meta({ id: 'NumberReport' });
export type NumberReport = z.infer<typeof NumberReport>;

export const GetNumberReport = z
  .strictObject({
    limit: wholeNumber(MAX_REPORT_PAGE).optional().describe(`${DEFAULT_PAGE} when absent, ${MAX_REPORT_PAGE} at most`),
    cursor: z
      .string()
      .regex(/^\d{1,4}-\d{1,15}$/, 'is no cursor of ours')
      .optional()
      .describe('the nextCursor of the page before'),
  })
  .meta({ id: 'GetNumberReport' });
export type GetNumberReport = z.input<typeof GetNumberReport>;
