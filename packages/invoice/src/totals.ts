import { decimal, formatAmount, normalised, roundAmount, sum, zero, type Decimal } from './money.ts';
import type {
  Adjustment,
  DraftAdjustment,
  DraftLine,
  InvoiceDraft,
  Line,
  TaxCategory,
  TaxSubtotal,
  Totals,
} from './model.ts';

/** VAT exemption reasons that the category itself implies (VATEX code list); category E must say its own. */
const impliedReasons: Partial<Record<TaxCategory, string>> = {
  AE: 'Reverse charge',
  K: 'Intra-community supply',
  G: 'Export outside the EU',
  O: 'Not subject to VAT',
};

/** Invoice line net amount (BT-131): quantity × net price ÷ price base quantity, rounded to the currency. */
export const lineNetAmount = (line: DraftLine, currency: string): Decimal =>
  roundAmount(
    decimal(line.quantity)
      .times(line.unitPrice)
      .div(line.priceBaseQuantity ?? 1),
    currency,
  );

/** Fills in what a line left to its defaults and computes its net amount. */
export const completeLine = (line: DraftLine, index: number, currency: string): Line => ({
  ...line,
  id: line.id ?? String(index + 1),
  unit: line.unit ?? 'C62',
  priceBaseQuantity: line.priceBaseQuantity ?? '1',
  netAmount: formatAmount(lineNetAmount(line, currency), currency),
  ...tax(line),
});

export const completeAdjustment = (adjustment: DraftAdjustment, currency: string): Adjustment => ({
  ...adjustment,
  amount: formatAmount(decimal(adjustment.amount), currency),
  ...tax(adjustment),
});

const tax = (item: DraftLine | DraftAdjustment) => ({
  taxCategory: item.taxCategory ?? 'S',
  taxRate: normalised(item.taxRate ?? '0'),
});

/**
 * Document totals (BG-22) and VAT breakdown (BG-23) from completed lines and adjustments.
 * Each sum is of rounded amounts, and VAT is rounded once per category and rate
 * (EN 16931 BR-CO-10 to BR-CO-17), so that every reader of the document arrives at the same cent.
 */
export const computeTotals = (
  { lines, allowances, charges }: { lines: Line[]; allowances: Adjustment[]; charges: Adjustment[] },
  { currency, prepaidAmount = '0' }: Pick<InvoiceDraft, 'currency' | 'prepaidAmount'>,
): Totals => {
  const amount = (value: Decimal) => formatAmount(value, currency);
  const lineTotal = sum(lines.map((line) => decimal(line.netAmount)));
  const allowanceTotal = sum(allowances.map((allowance) => decimal(allowance.amount)));
  const chargeTotal = sum(charges.map((charge) => decimal(charge.amount)));
  const taxExclusive = lineTotal.minus(allowanceTotal).plus(chargeTotal);
  const taxSubtotals = taxBreakdown(lines, allowances, charges, currency);
  const taxTotal = sum(taxSubtotals.map((subtotal) => decimal(subtotal.tax)));
  const taxInclusive = taxExclusive.plus(taxTotal);
  return {
    lineTotal: amount(lineTotal),
    allowanceTotal: amount(allowanceTotal),
    chargeTotal: amount(chargeTotal),
    taxExclusive: amount(taxExclusive),
    tax: amount(taxTotal),
    taxInclusive: amount(taxInclusive),
    prepaid: amount(decimal(prepaidAmount)),
    payable: amount(taxInclusive.minus(prepaidAmount)),
    taxSubtotals,
  };
};

/** One row per category and rate, in the order in which they first occur (BR-CO-18, BR-S-8 and its siblings). */
const taxBreakdown = (
  lines: Line[],
  allowances: Adjustment[],
  charges: Adjustment[],
  currency: string,
): TaxSubtotal[] => {
  const groups = new Map<string, { item: Line | Adjustment; taxable: Decimal; reason: string | undefined }>();
  const add = (item: Line | Adjustment, amount: Decimal) => {
    const key = `${item.taxCategory} ${item.taxRate}`;
    const group = groups.get(key) ?? { item, taxable: zero, reason: undefined };
    groups.set(key, {
      item: group.item,
      taxable: group.taxable.plus(amount),
      reason: group.reason ?? item.taxExemptionReason,
    });
  };
  for (const line of lines) add(line, decimal(line.netAmount));
  for (const allowance of allowances) add(allowance, decimal(allowance.amount).neg());
  for (const charge of charges) add(charge, decimal(charge.amount));

  return [...groups.values()].map(({ item: { taxCategory, taxRate }, taxable, reason }) => {
    const exemptionReason = reason ?? impliedReasons[taxCategory];
    return {
      category: taxCategory,
      rate: taxRate,
      taxable: formatAmount(taxable, currency),
      tax: formatAmount(taxable.times(taxRate).div(100), currency), // BR-CO-17
      ...(exemptionReason && { exemptionReason }),
    };
  });
};
