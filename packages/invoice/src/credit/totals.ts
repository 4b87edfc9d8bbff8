import { amountDecimals, roundAmount, sum, zero, type Decimal } from '../money.ts';
import type { Adjustment, IssuedInvoice, TaxShares } from '../model.ts';
import { inclusiveLeft } from './limits.ts';
import { adjusted, type CreditedLine } from './lines.ts';
import { netLeft, part, put, subtotalKey, taxKey, without, type CreditParts } from './parts.ts';
import { everything, nothing, share, shareEach, type Ratio } from './share.ts';

/** Allowances and charges of the document (BG-20, BG-21) that go with the credited lines. */
export interface CreditedAdjustments {
  allowances: Adjustment[];
  charges: Adjustment[];
  parts: CreditParts;
}

/**
 * Document-level allowances and charges follow the lines of their VAT category: as much of what is left of them as is
 * credited of the lines that are left. Those of a category without lines follow all lines. When nothing is left of any
 * line, nothing is left of them either.
 */
export const creditAdjustments = (
  invoice: IssuedInvoice,
  left: CreditParts,
  credited: CreditedLine[],
  takesAll: boolean,
): CreditedAdjustments => {
  const ratioOf = ratios(invoice, left, credited, takesAll);
  const places = amountDecimals(invoice.currency);
  const parts: CreditParts = {};
  const keys = new Set([...invoice.allowances, ...invoice.charges].map(taxKey));
  for (const key of keys) {
    const names = (kind: 'allowance' | 'charge', all: Adjustment[]) =>
      all.flatMap((each, i) => (taxKey(each) === key ? [`${kind}/${i}`] : []));
    const charges = names('charge', invoice.charges);
    const allowances = names('allowance', invoice.allowances);
    const total = (all: string[]) => sum(all.map((name) => part(left, name)));
    // Shared as one sum, which is rounded once: else a few cents of rounding could turn a category's sign.
    const ratio = ratioOf(key);
    const charged = share(total(charges), ratio, places);
    const net = share(total(charges).minus(total(allowances)), ratio, places);
    divide(left, charges, charged, places, parts);
    divide(left, allowances, charged.minus(net), places, parts);
  }
  const rows = (kind: 'allowance' | 'charge', all: Adjustment[]) =>
    all.flatMap((each, i) => {
      const value = part(parts, `${kind}/${i}`);
      return (value.eq(0) && !takesAll ? undefined : adjusted(each, value, invoice.currency)) ?? [];
    });
  return { allowances: rows('allowance', invoice.allowances), charges: rows('charge', invoice.charges), parts };
};

const divide = (left: CreditParts, names: string[], taken: Decimal, places: number, parts: CreditParts): void => {
  const values = names.map((name) => part(left, name));
  const whole = sum(values);
  const ratio = whole.eq(0) ? nothing : { part: taken, whole };
  shareEach(values, ratio, places).forEach((value, i) => put(parts, names[i] ?? '', value));
};

/** How much is credited of what is left of the lines, in each VAT category; returns count by their size. */
const ratios = (invoice: IssuedInvoice, left: CreditParts, credited: CreditedLine[], takesAll: boolean) => {
  const [taken, open] = [new Map<string, Decimal>(), new Map<string, Decimal>()];
  const add = (sums: Map<string, Decimal>, key: string, value: Decimal) => {
    for (const each of [key, 'all']) sums.set(each, (sums.get(each) ?? zero).plus(value.abs()));
  };
  invoice.lines.forEach((line, i) => add(open, taxKey(line), netLeft(left, line, i)));
  for (const { index, net } of credited) {
    const line = invoice.lines[index];
    if (line) add(taken, taxKey(line), net);
  }
  return (key: string): Ratio => {
    if (takesAll) return everything;
    for (const each of [key, 'all']) {
      const whole = open.get(each);
      if (whole && !whole.eq(0)) return { part: taken.get(each) ?? zero, whole };
    }
    return nothing;
  };
};

/**
 * VAT by category and rate such that what is left always bears the VAT of what is left (BR-CO-17): rounding evens out
 * from one credit note to the next, and the last one takes the last cent. It is off its own product by a cent at most
 * for each credit note, which is within what the official rules allow (less than one unit).
 */
export const creditTaxes = (
  invoice: IssuedInvoice,
  left: CreditParts,
  taken: CreditParts,
  keys: ReadonlySet<string>,
): { taxes: TaxShares; parts: CreditParts } => {
  const { currency, taxCurrency, totals } = invoice;
  const parts: CreditParts = {};
  const byKey: TaxShares['byKey'] = {};
  let taxLeft = zero;
  for (const subtotal of totals.taxSubtotals) {
    const key = subtotalKey(subtotal);
    const rest = part(left, `tax/${key}`);
    const taxableAfter = part(left, `taxable/${key}`).minus(part(taken, `taxable/${key}`));
    const after = keys.has(key) ? roundAmount(taxableAfter.times(subtotal.rate).div(100), currency) : rest;
    taxLeft = taxLeft.plus(after);
    put(parts, `tax/${key}`, rest.minus(after));
    if (keys.has(key)) byKey[key] = rest.minus(after).toFixed();
  }
  if (!taxCurrency) return { taxes: { byKey }, parts };
  const after = roundAmount(taxLeft.times(taxCurrency.rate), taxCurrency.currency);
  const inTaxCurrency = part(left, 'taxInTaxCurrency').minus(after);
  put(parts, 'taxInTaxCurrency', inTaxCurrency);
  return { taxes: { byKey, inTaxCurrency: inTaxCurrency.toFixed() }, parts };
};

/** BT-114 and BT-113 in proportion to the total with VAT. Their difference is rounded, so nothing payable is negative. */
export const creditPrepaid = (
  invoice: IssuedInvoice,
  left: CreditParts,
  taken: CreditParts,
  takesAll: boolean,
): CreditParts => {
  const before = inclusiveLeft(invoice, left);
  const inclusive = before.minus(inclusiveLeft(invoice, without(left, [taken])));
  const places = amountDecimals(invoice.currency);
  const some = before.eq(0) ? nothing : { part: inclusive, whole: before };
  const ratio = takesAll ? everything : some;
  const rounding = share(part(left, 'rounding'), ratio, places);
  const net = share(part(left, 'rounding').minus(part(left, 'prepaid')), ratio, places);
  const parts: CreditParts = {};
  put(parts, 'rounding', rounding);
  put(parts, 'prepaid', rounding.minus(net));
  return parts;
};
