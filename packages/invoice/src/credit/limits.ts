import { decimal, formatAmount, zero, type Decimal } from '../money.ts';
import type { IssuedInvoice } from '../model.ts';
import { netLeft, part, subtotalKey, type CreditParts } from './parts.ts';

/** What more was credited of than there is. */
export interface Overdrawn {
  /** Of the line, if it is one. */
  line?: number;
  /** In words: "line 2 (Binding)", "VAT category S at 19 %". */
  what: string;
}

/** Whether what is left lies between nothing and all of it; a negative line (a return) has its own direction. */
const within = (left: Decimal, whole: Decimal): boolean =>
  whole.lt(0) ? left.lte(0) && left.gte(whole) : left.gte(0) && left.lte(whole);

/** The first part of an invoice of which more would be credited than it has: a line, a VAT category, or the total. */
export const overdrawnOf = (invoice: IssuedInvoice, left: CreditParts): Overdrawn | undefined => {
  const { lines, totals } = invoice;
  for (const [i, line] of lines.entries()) {
    const quantity = within(part(left, `line/${i}/quantity`), decimal(line.quantity));
    if (!quantity || !within(netLeft(left, line, i), decimal(line.netAmount)))
      return { line: i, what: `line ${line.id} (${line.name})` };
  }
  for (const subtotal of totals.taxSubtotals) {
    if (!within(part(left, `taxable/${subtotalKey(subtotal)}`), decimal(subtotal.taxable)))
      return { what: `VAT category ${subtotal.category} at ${subtotal.rate} %` };
  }
  return within(inclusiveLeft(invoice, left), decimal(totals.taxInclusive)) ? undefined : { what: 'the total' };
};

/** The total with VAT that is left. */
export const inclusiveLeft = ({ totals }: IssuedInvoice, left: CreditParts): Decimal =>
  totals.taxSubtotals.reduce(
    (total, subtotal) =>
      total.plus(part(left, `taxable/${subtotalKey(subtotal)}`)).plus(part(left, `tax/${subtotalKey(subtotal)}`)),
    zero,
  );

/** A line of which something can still be credited. */
export interface CreditableLine {
  /** BT-126. */
  line: string;
  /** Absent when the rest can be credited by amount only. */
  quantity?: string;
  netAmount: string;
}

/** What is left of each line that is not used up. */
export const creditableLines = ({ lines, currency }: IssuedInvoice, left: CreditParts): CreditableLine[] =>
  lines.flatMap((line, i) => {
    const quantity = part(left, `line/${i}/quantity`);
    const net = netLeft(left, line, i);
    const byAmount = isLeftByAmount(left, i) || decimal(line.quantity).eq(0);
    if (byAmount ? net.eq(0) : quantity.eq(0)) return [];
    const netAmount = formatAmount(net, currency);
    return [{ line: line.id, ...(!byAmount && { quantity: quantity.toFixed() }), netAmount }];
  });

/** Once some of a line was credited by amount, its quantity says no more what is left of it. */
export const isLeftByAmount = (left: CreditParts, index: number): boolean => !part(left, `line/${index}/amount`).eq(0);
