import { formats, profiles, statuses, typeCodes } from '@invoicepress/invoice';
import { z } from 'zod';
import { date, freeText, label, metadata, quantity, signedAmount, uuid } from './fields.ts';
import { MAX_LINES } from './lines.ts';
import { someOf } from './some-of.ts';

const CreditLine = z
  .strictObject({
    line: label(50).describe("BT-126 of the invoice's line: its id, or its ordinal if it was sent without one"),
    quantity: quantity.optional().describe('how much of it; negative where the invoice has a return'),
    amount: signedAmount.optional().describe('so much of its net amount, without VAT and without a quantity'),
  })
  .refine(
    ({ quantity: some, amount }) => some === undefined || amount === undefined,
    'has a quantity and an amount; give one of them, or neither for all that is left of the line',
  );

/** The body of `POST /v1/invoices/{id}/credit-notes`; everything that it does not say is the invoice's. */
export const CreateCreditNote = z
  .strictObject({
    number: label(60).optional().describe('BT-1: your own number, unique for ever; or name a series'),
    series: label(60)
      .optional()
      .describe("a number series; when neither is given, your tenant's series for credit notes"),
    externalId: label(100).optional().describe('your own reference, unique for ever'),
    issueDate: date.optional().describe('BT-2; today (UTC) when absent'),
    dueDate: date.optional().describe('BT-9: when it will be paid out'),
    typeCode: z
      .enum(['381', '261', '396'])
      .optional()
      .describe('BT-3; 381 when absent, 261 for a self-billed invoice (389), 396 for a factored one (393)'),
    reason: freeText(2_000).optional().describe('printed as a note (BT-22)'),
    formats: someOf(formats).optional().describe("the invoice's when absent"),
    profiles: someOf(profiles).optional().describe("the invoice's when absent"),
    metadata: metadata.optional().describe('your own labels, searchable and never printed'),
    lines: z
      .array(CreditLine)
      .min(1, 'is empty; leave it out to credit all that is left')
      .max(MAX_LINES, `has more than ${MAX_LINES} lines`)
      .optional()
      .describe('what is credited; all that is left of the invoice when absent'),
  })
  .meta({
    id: 'CreateCreditNote',
    examples: [{ series: 'credits', reason: 'Two hours were not needed.', lines: [{ line: '1', quantity: '2' }] }],
  });
export type CreateCreditNote = z.input<typeof CreateCreditNote>;

const money = z.string().meta({ examples: ['1190.00'] });
const sums = { taxExclusive: money, tax: money, taxInclusive: money, payable: money };

export const CreditNoteSummary = z
  .object({
    id: uuid,
    number: z.string(),
    status: z.enum(statuses).describe('canceled and failed ones have given their amounts back'),
    typeCode: z.enum(typeCodes),
    issueDate: z.string().meta({ format: 'date' }),
    totals: z.object(sums),
  })
  .meta({ id: 'CreditNoteSummary' });
export type CreditNoteSummary = z.infer<typeof CreditNoteSummary>;

export const Creditable = z.object(sums).meta({ id: 'Creditable' });

export const CreditNotes = z
  .object({
    creditNotes: z.array(CreditNoteSummary).describe('in the order of their acceptance'),
    creditable: Creditable.extend({
      lines: z.array(
        z.object({
          line: z.string().describe('BT-126'),
          quantity: z.string().optional().describe('absent where the rest can be credited by amount only'),
          netAmount: money.describe('without VAT, and without its share of allowances and charges of the document'),
        }),
      ),
    })
      .optional()
      .describe('what is left to be credited; absent while the invoice is not ready, and of credit notes'),
  })
  .meta({ id: 'CreditNotes' });
export type CreditNotes = z.infer<typeof CreditNotes>;
