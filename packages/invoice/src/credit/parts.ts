import { decimal, sum, type Decimal } from '../money.ts';
import type { DecimalString, IssuedInvoice, Line, TaxSubtotal } from '../model.ts';

/**
 * What an invoice is made of, or a credit note takes of it, or is left: quantities and amounts by name. Nothing is
 * written down that is zero. Names are `line/0/quantity`, `line/0/base` (quantity × price), `line/0/charge/0`,
 * `line/0/allowance/0`, `line/0/amount` (credited without a quantity), `charge/0`, `allowance/0`, `taxable/S 19`,
 * `tax/S 19`, `taxInTaxCurrency`, `rounding` and `prepaid`; lines, charges and allowances are counted from 0.
 */
export type CreditParts = Record<string, DecimalString>;

export const part = (parts: CreditParts, name: string): Decimal => decimal(parts[name] ?? '0');
export const put = (parts: CreditParts, name: string, value: Decimal): void => {
  if (value.eq(0)) delete parts[name];
  else parts[name] = value.toFixed();
};

/** Category and rate, of which the VAT breakdown has one row each. */
export const taxKey = ({ taxCategory, taxRate }: Pick<Line, 'taxCategory' | 'taxRate'>): string =>
  `${taxCategory} ${taxRate}`;
export const subtotalKey = ({ category, rate }: Pick<TaxSubtotal, 'category' | 'rate'>): string =>
  `${category} ${rate}`;

/** The whole of an invoice. */
export const partsOf = ({ lines, allowances, charges, totals }: IssuedInvoice): CreditParts => {
  const parts: CreditParts = {};
  lines.forEach((line, i) => {
    const amounts = (each: { amount: DecimalString }[]) => sum(each.map(({ amount }) => decimal(amount)));
    put(parts, `line/${i}/quantity`, decimal(line.quantity));
    const base = decimal(line.netAmount).plus(amounts(line.allowances)).minus(amounts(line.charges));
    put(parts, `line/${i}/base`, base);
    line.charges.forEach(({ amount }, j) => put(parts, `line/${i}/charge/${j}`, decimal(amount)));
    line.allowances.forEach(({ amount }, j) => put(parts, `line/${i}/allowance/${j}`, decimal(amount)));
  });
  charges.forEach(({ amount }, i) => put(parts, `charge/${i}`, decimal(amount)));
  allowances.forEach(({ amount }, i) => put(parts, `allowance/${i}`, decimal(amount)));
  for (const subtotal of totals.taxSubtotals) {
    put(parts, `taxable/${subtotalKey(subtotal)}`, decimal(subtotal.taxable));
    put(parts, `tax/${subtotalKey(subtotal)}`, decimal(subtotal.tax));
  }
  put(parts, 'taxInTaxCurrency', decimal(totals.taxInTaxCurrency ?? '0'));
  put(parts, 'rounding', decimal(totals.rounding ?? '0'));
  put(parts, 'prepaid', decimal(totals.prepaid));
  return parts;
};

/** What is left of the whole. */
export const without = (whole: CreditParts, taken: CreditParts[]): CreditParts => {
  const left: CreditParts = { ...whole };
  for (const each of taken) {
    for (const name of Object.keys(each)) put(left, name, part(left, name).minus(part(each, name)));
  }
  return left;
};

/** The net amount (BT-131) that is left of a line. */
export const netLeft = (left: CreditParts, line: Line, index: number): Decimal => {
  const at = `line/${index}`;
  const each = (kind: string, count: number) =>
    sum(Array.from({ length: count }, (_, j) => part(left, `${at}/${kind}/${j}`)));
  return part(left, `${at}/base`)
    .plus(each('charge', line.charges.length))
    .minus(each('allowance', line.allowances.length))
    .plus(part(left, `${at}/amount`)); // negative: the whole has none
};
