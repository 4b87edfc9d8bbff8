import { decimal, formatAmount, sum, type Decimal } from './money.ts';
import type { Adjustment, InvoiceDraft, Line, Totals } from './model.ts';
import { taxBreakdown } from './tax-breakdown.ts';

/**
 * Document totals (BG-22) and VAT breakdown (BG-23) from completed lines and adjustments.
 * Each sum is of rounded amounts, and VAT is rounded once per category and rate
 * (EN 16931 BR-CO-10 to BR-CO-17), so that every reader of the document arrives at the same cent.
 */
export const computeTotals = (
  parts: { lines: Line[]; allowances: Adjustment[]; charges: Adjustment[] },
  {
    currency,
    prepaidAmount = '0',
    roundingAmount,
    taxCurrency,
    taxShares,
  }: Pick<InvoiceDraft, 'currency' | 'prepaidAmount' | 'roundingAmount' | 'taxCurrency' | 'taxShares'>,
): Totals => {
  const amount = (value: Decimal) => formatAmount(value, currency);
  const lineTotal = sum(parts.lines.map((line) => decimal(line.netAmount)));
  const allowanceTotal = sum(parts.allowances.map((allowance) => decimal(allowance.amount)));
  const chargeTotal = sum(parts.charges.map((charge) => decimal(charge.amount)));
  const taxExclusive = lineTotal.minus(allowanceTotal).plus(chargeTotal);
  const taxSubtotals = taxBreakdown(parts, currency, taxShares);
  const tax = sum(taxSubtotals.map((subtotal) => decimal(subtotal.tax)));
  const taxInclusive = taxExclusive.plus(tax);
  return {
    lineTotal: amount(lineTotal),
    allowanceTotal: amount(allowanceTotal),
    chargeTotal: amount(chargeTotal),
    taxExclusive: amount(taxExclusive),
    tax: amount(tax),
    ...(taxCurrency && {
      taxInTaxCurrency: formatAmount(
        taxShares?.inTaxCurrency === undefined ? tax.times(taxCurrency.rate) : decimal(taxShares.inTaxCurrency),
        taxCurrency.currency,
      ),
    }),
    taxInclusive: amount(taxInclusive),
    prepaid: amount(decimal(prepaidAmount)),
    ...(roundingAmount !== undefined && { rounding: amount(decimal(roundingAmount)) }),
    payable: amount(taxInclusive.minus(prepaidAmount).plus(roundingAmount ?? 0)),
    taxSubtotals,
  };
};
