import {
  formats,
  paperSizes,
  profiles,
  templateReferencePattern,
  typeCodes,
  type InvoiceDraft,
} from '@invoicepress/invoice';
import { z } from 'zod';
import { Attachments } from './attachments.ts';
import {
  amount,
  code,
  currency,
  date,
  exchangeRate,
  freeText,
  label,
  language,
  metadata,
  several,
  signedAmount,
} from './fields.ts';
import { Adjustment, Line, MAX_ADJUSTMENTS, MAX_LINES, Period } from './lines.ts';
import { Address, Identifier, InvoicedObject, Party, Payee, TaxRepresentative } from './party.ts';
import { Payment } from './payment.ts';
import { someOf } from './some-of.ts';

const MAX_NOTES = 20;
const MAX_PRECEDING_INVOICES = 100;

const Note = z.strictObject({
  text: freeText(2_000).describe('BT-22'),
  subjectCode: code(3).optional().describe('BT-21, UNTDID 4451: AAI general, REG regulatory'),
});

const references = {
  businessProcess: label(200).optional().describe('BT-23; where a profile demands one, its own when absent'),
  buyerReference: label(100).optional().describe('BT-10; a Leitweg-ID for German authorities'),
  projectReference: label(100).optional().describe('BT-11'),
  contractReference: label(100).optional().describe('BT-12'),
  orderReference: label(100).optional().describe('BT-13'),
  salesOrderReference: label(100).optional().describe('BT-14'),
  receivingAdviceReference: label(100).optional().describe('BT-15'),
  despatchAdviceReference: label(100).optional().describe('BT-16'),
  tenderReference: label(100).optional().describe('BT-17'),
  invoicedObject: InvoicedObject.optional().describe('BT-18: what the invoice is about, such as a subscription'),
  accountingReference: label(100).optional().describe('BT-19: where the buyer books it'),
  precedingInvoices: several(
    z.strictObject({
      number: label(60).describe('BT-25'),
      issueDate: date.optional().describe('BT-26'),
    }),
    MAX_PRECEDING_INVOICES,
  )
    .optional()
    .describe('BG-3: what a credit note or a correction refers to'),
};

const Delivery = z.strictObject({
  date: date.optional().describe('BT-72'),
  name: label(200).optional().describe('BT-70'),
  location: Identifier.optional().describe('BT-71'),
  address: Address.optional().describe('BG-15'),
});

const ClaimedTotals = z.strictObject({
  lineTotal: signedAmount.optional().describe('BT-106'),
  allowanceTotal: signedAmount.optional().describe('BT-107'),
  chargeTotal: signedAmount.optional().describe('BT-108'),
  taxExclusive: signedAmount.optional().describe('BT-109'),
  tax: signedAmount.optional().describe('BT-110'),
  taxInclusive: signedAmount.optional().describe('BT-112'),
  payable: signedAmount.optional().describe('BT-115'),
});

/** What a client hands in. Plain invoices need a dozen fields; everything computable is computed. */
export const SubmitInvoice = z
  .strictObject({
    number: label(60).optional().describe('BT-1: your own number, unique for ever; or name a series'),
    series: label(60).optional().describe('a number series, which then gives the next number without gaps'),
    externalId: label(100).optional().describe('your own reference, unique for ever'),
    formats: someOf(formats)
      .optional()
      .describe("the documents to make; your tenant's default when absent, which is the PDF unless it was changed"),
    template: z
      .string()
      .regex(templateReferencePattern, 'is no template such as "letterhead", or with a version "letterhead@3"')
      .optional()
      .describe("one of your templates, in the version in use or in the one you name; your tenant's when absent"),
    profiles: someOf(profiles)
      .optional()
      .describe("whose rules it has to keep; your tenant's default when absent, EN 16931 in any case"),
    typeCode: z
      .enum(typeCodes)
      .optional()
      .describe('BT-3, UNTDID 1001: 380 invoice (default), 381 credit note, 384 corrected invoice, 389 self-billed'),
    issueDate: date.optional().describe('BT-2; today (UTC) when absent'),
    dueDate: date.optional().describe('BT-9'),
    taxPointDate: date.optional().describe('BT-7: when VAT falls due; or a taxPointDateCode'),
    taxPointDateCode: code(3).optional().describe('BT-8, UNTDID 2005: 3 date of issue, 35 delivery, 432 payment'),
    currency: currency.describe('BT-5, ISO 4217'),
    taxCurrency: z
      .strictObject({
        currency: currency.describe('BT-6, ISO 4217'),
        rate: exchangeRate.describe("units of it that make one of the invoice's currency"),
      })
      .optional()
      .describe('the currency in which VAT is stated as well (BT-111)'),
    language: language.optional().describe('BCP 47; en when absent'),
    paperSize: z.enum(paperSizes).optional().describe('A4 when absent'),
    ...references,
    notes: several(
      z.union([freeText(2_000), Note], 'is neither a text nor an object with a "text"'),
      MAX_NOTES,
      'notes',
    )
      .optional()
      .describe('BG-1'),
    seller: Party.optional().describe('BG-4; or the name of a profile; or neither, where there is a default profile'),
    sellerProfile: label(60)
      .optional()
      .describe('the `name` of a seller profile, which then says who sells, where to pay, and how documents look'),
    buyer: Party.describe('BG-7'),
    payee: Payee.optional().describe('BG-10: who is paid, when that is not the seller'),
    taxRepresentative: TaxRepresentative.optional().describe("BG-11: who pays the seller's VAT"),
    delivery: Delivery.optional().describe('BG-13'),
    period: Period.optional().describe('BG-14'),
    lines: z
      .array(Line)
      .min(1, 'has no line; an invoice has at least one (BR-16)')
      .max(MAX_LINES, `has more than ${MAX_LINES} lines; split it into several invoices`)
      .describe('BG-25'),
    allowances: several(Adjustment, MAX_ADJUSTMENTS).optional().describe('BG-20'),
    charges: several(Adjustment, MAX_ADJUSTMENTS).optional().describe('BG-21'),
    prepaidAmount: amount.optional().describe('BT-113'),
    roundingAmount: signedAmount.optional().describe('BT-114: added to what is to be paid; may be negative'),
    payment: Payment.optional().describe('BG-16'),
    attachments: Attachments.optional().describe('BG-24: supporting documents'),
    totals: ClaimedTotals.optional().describe(
      'BG-22: your figures, if you want them checked; ours are the ones printed',
    ),
    metadata: metadata.optional().describe('your own labels, searchable and never printed'),
  })
  .meta({ id: 'SubmitInvoice' });

export type SubmitInvoice = z.input<typeof SubmitInvoice>;

/** A whole invoice at most; the HTTP body limit of a batch is larger. */
export const MAX_BATCH = 1_000;
export const SubmitBatch = z
  .strictObject({
    invoices: z
      .array(z.unknown(), 'is not a list of invoices')
      .min(1, 'is empty; send at least one invoice')
      .max(MAX_BATCH, `has more than ${MAX_BATCH} invoices; send several batches`)
      .meta({ items: { $ref: '#/components/schemas/SubmitInvoice' } }),
  })
  .meta({ id: 'SubmitBatch' });

/** The contract's output is what the domain takes, once it says who sells: see `applyProfile`. */
export const toDraft = (parsed: z.output<typeof SubmitInvoice>): InvoiceDraft => parsed as InvoiceDraft;
