import { decimal, formatAmount, normalised, roundAmount, sum, type Decimal } from './money.ts';
import type {
  Adjustment,
  DraftAdjustment,
  DraftLine,
  DraftLineAdjustment,
  Line,
  LineAdjustment,
  Note,
} from './model.ts';

/** What an allowance or a charge comes to: its amount, or else its percentage of its base, rounded to the currency. */
export const adjustmentAmount = (
  { amount, percent = '0', baseAmount = '0' }: DraftLineAdjustment,
  currency: string,
): Decimal =>
  amount === undefined ? roundAmount(decimal(baseAmount).times(percent).div(100), currency) : decimal(amount);

/** Item net price (BT-146): as given, or else the gross price (BT-148) less its discount (BT-147). */
export const netPrice = ({ unitPrice, grossPrice = '0', priceDiscount = '0' }: DraftLine): Decimal =>
  unitPrice === undefined ? decimal(grossPrice).minus(priceDiscount) : decimal(unitPrice);

/** Quantity × net price ÷ price base quantity, not rounded. */
export const grossLineAmount = (line: DraftLine): Decimal =>
  decimal(line.quantity)
    .times(netPrice(line))
    .div(line.priceBaseQuantity ?? 1);

/**
 * Invoice line net amount (BT-131): quantity × net price ÷ price base quantity, plus the line's charges, less its
 * allowances; rounded to the currency (PEPPOL-EN16931-R120).
 */
export const lineNetAmount = (line: DraftLine, currency: string): Decimal => {
  const total = (adjustments: DraftLineAdjustment[] = []) =>
    sum(adjustments.map((each) => adjustmentAmount(each, currency)));
  return roundAmount(grossLineAmount(line).plus(total(line.charges)).minus(total(line.allowances)), currency);
};

/** Fills in what a line left to its defaults and computes its amounts. */
export const completeLine = (line: DraftLine, index: number, currency: string): Line => ({
  ...line,
  id: line.id ?? String(index + 1),
  unit: line.unit ?? 'C62',
  unitPrice: line.unitPrice ?? netPrice(line).toFixed(),
  priceBaseQuantity: line.priceBaseQuantity ?? '1',
  allowances: (line.allowances ?? []).map((allowance) => withAmount(allowance, currency)),
  charges: (line.charges ?? []).map((charge) => withAmount(charge, currency)),
  netAmount: formatAmount(lineNetAmount(line, currency), currency),
  ...tax(line),
});

export const completeAdjustment = (adjustment: DraftAdjustment, currency: string): Adjustment => ({
  ...withAmount(adjustment, currency),
  ...tax(adjustment),
});

export const completeNote = (note: string | Note): Note => (typeof note === 'string' ? { text: note } : note);

const withAmount = <T extends DraftLineAdjustment>(adjustment: T, currency: string): T & LineAdjustment => ({
  ...adjustment,
  amount: formatAmount(adjustmentAmount(adjustment, currency), currency),
});

const tax = (item: DraftLine | DraftAdjustment) => ({
  taxCategory: item.taxCategory ?? 'S',
  taxRate: normalised(item.taxRate ?? '0'),
});
