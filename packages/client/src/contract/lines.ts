import { taxCategories } from '@invoicepress/invoice';
import { z } from 'zod';
import {
  amount,
  code,
  country,
  date,
  freeLabel,
  freeText,
  label,
  percentage,
  positiveQuantity,
  quantity,
  several,
  signedAmount,
  taxRate,
  unitCode,
  unitPrice,
} from './fields.ts';
import { InvoicedObject } from './party.ts';

/** Bounds of one invoice. A renderer stays within its time and memory for every invoice inside them. */
export const MAX_LINES = 2_000;
export const MAX_ADJUSTMENTS = 100;
const MAX_LINE_ADJUSTMENTS = 20;
const MAX_CLASSIFICATIONS = 20;
const MAX_ATTRIBUTES = 50;

export const Period = z.strictObject({
  start: date.optional().describe('BT-73, BT-134'),
  end: date.optional().describe('BT-74, BT-135'),
});

const taxed = {
  taxCategory: z
    .enum(taxCategories)
    .optional()
    .describe('BT-151, BT-95, BT-102: UNCL 5305; S (standard rated) when absent'),
  taxRate: taxRate.optional().describe('BT-152, BT-96, BT-103: per cent; 0 when absent'),
  taxExemptionReason: freeText(500).optional().describe('BT-120'),
  taxExemptionCode: label(30).optional().describe('BT-121, of the VATEX list: VATEX-EU-132'),
};

const adjusting = {
  reason: freeLabel(200).optional().describe('BT-97, BT-104, BT-139, BT-144; or a reasonCode'),
  reasonCode: code(3)
    .optional()
    .describe(
      'BT-98, BT-105, BT-140, BT-145: UNTDID 5189 for allowances (95 discount), UNTDID 7161 for charges (FC freight)',
    ),
  amount: amount.optional().describe('BT-92, BT-99, BT-136, BT-141; or a percent of a baseAmount'),
  baseAmount: amount.optional().describe('BT-93, BT-100, BT-137, BT-142'),
  percent: percentage.optional().describe('BT-94, BT-101, BT-138, BT-143: per cent of baseAmount'),
};

/** An allowance or a charge says its amount, or what it is computed from. */
const hasAmount = (
  { amount: given, percent, baseAmount }: { amount?: unknown; percent?: unknown; baseAmount?: unknown },
  context: z.RefinementCtx,
): void => {
  if (given !== undefined || (percent !== undefined && baseAmount !== undefined)) return;
  context.addIssue({ code: 'custom', path: ['amount'], message: 'is missing; give it, or a percent of a baseAmount' });
};

const LineAdjustment = z.strictObject(adjusting).superRefine(hasAmount);

/** BG-20 and BG-21. */
export const Adjustment = z.strictObject({ ...adjusting, ...taxed }).superRefine(hasAmount);

/** BG-25. */
export const Line = z
  .strictObject({
    id: label(50).optional().describe('BT-126; the ordinal when absent'),
    name: freeLabel(500).describe('BT-153'),
    description: freeText(2_000).optional().describe('BT-154'),
    note: freeText(2_000).optional().describe('BT-127'),
    invoicedObject: InvoicedObject.optional().describe('BT-128: what the line is about, such as a meter'),
    orderLineReference: label(100).optional().describe("BT-132: the line of the buyer's order"),
    accountingReference: label(100).optional().describe('BT-133: where the buyer books it'),
    period: Period.optional().describe('BG-26'),
    sellerItemId: label(100).optional().describe('BT-155'),
    buyerItemId: label(100).optional().describe('BT-156'),
    standardItemId: z
      .strictObject({ id: label(100), scheme: code(4).describe('ISO 6523 ICD: 0160 is a GTIN') })
      .optional()
      .describe('BT-157'),
    classifications: several(
      z.strictObject({
        code: label(100).describe('BT-158'),
        scheme: code(3).describe('UNTDID 7143: STI is CPV, TST is UNSPSC'),
        version: label(50).optional(),
      }),
      MAX_CLASSIFICATIONS,
    )
      .optional()
      .describe('BT-158'),
    originCountry: country.optional().describe('BT-159'),
    attributes: several(
      z.strictObject({ name: label(100).describe('BT-160'), value: freeLabel(500).describe('BT-161') }),
      MAX_ATTRIBUTES,
    )
      .optional()
      .describe('BG-32: what the item is like'),
    quantity: quantity.describe('BT-129; negative for a return'),
    unit: unitCode.optional().describe('BT-130: UN/ECE Recommendation 20 or 21; C62 (one) when absent'),
    unitPrice: unitPrice.optional().describe('BT-146, net; grossPrice less priceDiscount when absent'),
    grossPrice: unitPrice.optional().describe('BT-148: before the discount'),
    priceDiscount: unitPrice.optional().describe('BT-147'),
    priceBaseQuantity: positiveQuantity.optional().describe('BT-149: how many units the price is for; 1 when absent'),
    allowances: several(LineAdjustment, MAX_LINE_ADJUSTMENTS).optional().describe('BG-27'),
    charges: several(LineAdjustment, MAX_LINE_ADJUSTMENTS).optional().describe('BG-28'),
    netAmount: signedAmount.optional().describe('BT-131; checked against ours when given'),
    ...taxed,
  })
  .superRefine(({ unitPrice: net, grossPrice }, context) => {
    if (net !== undefined || grossPrice !== undefined) return;
    const message = 'is missing; give it, or a grossPrice from which a priceDiscount may be taken';
    context.addIssue({ code: 'custom', path: ['unitPrice'], message });
  });
