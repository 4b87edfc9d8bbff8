import { paperSizes, taxCategories, typeCodes, type InvoiceDraft } from '@invoicepress/invoice';
import { z } from 'zod';
import {
  amount,
  bic,
  claimedAmount,
  country,
  currency,
  date,
  iban,
  label,
  language,
  metadata,
  positiveQuantity,
  quantity,
  taxRate,
  text,
  unitCode,
  unitPrice,
  vatId,
} from './fields.ts';

/** Bounds of one invoice. A renderer stays within its time and memory for every invoice inside them. */
export const MAX_LINES = 2_000;
export const MAX_ADJUSTMENTS = 100;
export const MAX_NOTES = 20;

const Address = z.strictObject({
  line1: label(200).optional(),
  line2: label(200).optional(),
  line3: label(200).optional(),
  city: label(100).optional(),
  postCode: label(20).optional(),
  subdivision: label(100).optional(),
  country,
});

const Party = z.strictObject({
  name: label(200),
  tradingName: label(200).optional(),
  registrationId: label(60).optional().describe('BT-30, BT-47: legal registration, such as a company number'),
  vatId: vatId.optional().describe('BT-31, BT-48'),
  taxNumber: label(60).optional().describe('BT-32: local tax number'),
  address: Address,
  contact: z
    .strictObject({
      name: label(100).optional(),
      phone: label(50).optional(),
      email: z.email('is no e-mail address').max(254).optional(),
    })
    .optional(),
});

const taxed = {
  taxCategory: z.enum(taxCategories).optional().describe('UNCL 5305; S when absent'),
  taxRate: taxRate.optional().describe('per cent; 0 when absent'),
  taxExemptionReason: text(500).optional().describe('BT-120'),
};

const Line = z.strictObject({
  id: label(50).optional().describe('BT-126; the ordinal when absent'),
  name: label(500).describe('BT-153'),
  description: text(2_000).optional().describe('BT-154'),
  sellerItemId: label(100).optional().describe('BT-155'),
  quantity: quantity.describe('BT-129'),
  unit: unitCode.optional().describe('BT-130; C62 (one) when absent'),
  unitPrice: unitPrice.describe('BT-146, net'),
  priceBaseQuantity: positiveQuantity.optional().describe('BT-149; 1 when absent'),
  netAmount: claimedAmount.optional().describe('BT-131; checked against ours when given'),
  ...taxed,
});

const Adjustment = z.strictObject({ reason: label(200), amount, ...taxed });

/** What a client hands in. Plain invoices need a dozen fields; everything computable is computed. */
export const SubmitInvoice = z
  .strictObject({
    number: label(60).optional().describe('BT-1: your own number, unique for ever; or name a series'),
    series: label(60).optional().describe('a number series, which then gives the next number without gaps'),
    externalId: label(100).optional().describe('your own reference, unique for ever'),
    typeCode: z
      .enum(typeCodes)
      .optional()
      .describe('UNTDID 1001: 380 invoice (default), 381 credit note, 384 corrected invoice'),
    issueDate: date.optional().describe('BT-2; today (UTC) when absent'),
    dueDate: date.optional().describe('BT-9'),
    currency: currency.describe('BT-5, ISO 4217'),
    language: language.optional().describe('BCP 47; en when absent'),
    paperSize: z.enum(paperSizes).optional().describe('A4 when absent'),
    buyerReference: label(100).optional().describe('BT-10'),
    orderReference: label(100).optional().describe('BT-13'),
    contractReference: label(100).optional().describe('BT-12'),
    precedingInvoice: z
      .strictObject({ number: label(60), issueDate: date.optional() })
      .optional()
      .describe('BT-25, BT-26'),
    notes: z.array(text(2_000)).max(MAX_NOTES, `has more than ${MAX_NOTES} notes`).optional().describe('BT-22'),
    seller: Party.describe('BG-4'),
    buyer: Party.describe('BG-7'),
    delivery: z
      .strictObject({ date: date.optional(), name: label(200).optional(), address: Address.optional() })
      .optional()
      .describe('BG-13'),
    period: z.strictObject({ start: date, end: date }).optional().describe('BG-14'),
    lines: z
      .array(Line)
      .min(1, 'has no line; an invoice has at least one (BR-16)')
      .max(MAX_LINES, `has more than ${MAX_LINES} lines; split it into several invoices`)
      .describe('BG-25'),
    allowances: z
      .array(Adjustment)
      .max(MAX_ADJUSTMENTS, `has more than ${MAX_ADJUSTMENTS} entries`)
      .optional()
      .describe('BG-20'),
    charges: z
      .array(Adjustment)
      .max(MAX_ADJUSTMENTS, `has more than ${MAX_ADJUSTMENTS} entries`)
      .optional()
      .describe('BG-21'),
    prepaidAmount: amount.optional().describe('BT-113'),
    payment: z
      .strictObject({
        iban: iban.optional().describe('BT-84'),
        bic: bic.optional().describe('BT-86'),
        accountName: label(70).optional().describe('BT-85'),
        reference: label(140).optional().describe('BT-83; the invoice number when absent'),
        terms: text(1_000).optional().describe('BT-20'),
      })
      .optional()
      .describe('BG-16'),
    totals: z
      .strictObject({
        lineTotal: claimedAmount.optional().describe('BT-106'),
        allowanceTotal: claimedAmount.optional().describe('BT-107'),
        chargeTotal: claimedAmount.optional().describe('BT-108'),
        taxExclusive: claimedAmount.optional().describe('BT-109'),
        tax: claimedAmount.optional().describe('BT-110'),
        taxInclusive: claimedAmount.optional().describe('BT-112'),
        payable: claimedAmount.optional().describe('BT-115'),
      })
      .optional()
      .describe('BG-22: your figures, if you want them checked; ours are the ones printed'),
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

/** The contract's output is what the domain takes. */
export const toDraft = (parsed: z.output<typeof SubmitInvoice>): InvoiceDraft => parsed as InvoiceDraft;
