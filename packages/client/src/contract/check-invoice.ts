import { profiles } from '@invoicepress/invoice';
import { z } from 'zod';
import { Fault } from './problem.ts';

const money = z.string().meta({ examples: ['1190.00'] });

/** The totals that an invoice would have (BG-22, BG-23). */
const Totals = z.object({
  lineTotal: money.describe('BT-106'),
  allowanceTotal: money.describe('BT-107'),
  chargeTotal: money.describe('BT-108'),
  taxExclusive: money.describe('BT-109'),
  tax: money.describe('BT-110'),
  taxInTaxCurrency: money.optional().describe('BT-111'),
  taxInclusive: money.describe('BT-112'),
  prepaid: money.describe('BT-113'),
  rounding: money.optional().describe('BT-114'),
  payable: money.describe('BT-115'),
  taxSubtotals: z
    .array(
      z.object({
        category: z.string().describe('BT-118'),
        rate: z.string().describe('BT-119'),
        taxable: money.describe('BT-116'),
        tax: money.describe('BT-117'),
        exemptionReason: z.string().optional().describe('BT-120'),
        exemptionCode: z.string().optional().describe('BT-121'),
      }),
    )
    .describe('BG-23'),
});

const Verdict = z.object({
  valid: z.boolean().describe('whether an invoice that has to keep this profile would be accepted'),
  violations: z.array(Fault),
});

export const InvoiceCheck = z
  .object({
    profiles: z.record(z.enum(profiles), Verdict),
    totals: Totals,
  })
  .meta({ id: 'InvoiceCheck' });
export type InvoiceCheck = z.infer<typeof InvoiceCheck>;
