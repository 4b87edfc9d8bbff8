import { grossLineAmount, lineNetAmount } from '../complete.ts';
import { amountDecimals, decimal, formatAmount, sum, type Decimal } from '../money.ts';
import type { DecimalString, DraftLine, IssuedInvoice, Line, LineAdjustment } from '../model.ts';
import { isLeftByAmount } from './limits.ts';
import { netLeft, part, put, type CreditParts } from './parts.ts';
import { share, shareEach, type Ratio } from './share.ts';

/** What is asked for of one line: so much of it, or so much money, or all that is left. */
export interface CreditLineRequest {
  /** BT-126 of the invoice's line. */
  line: string;
  quantity?: DecimalString;
  /** Net, without VAT. */
  amount?: DecimalString;
}

/** A line of the credit note, and what it takes of the invoice's. */
export interface CreditedLine {
  index: number;
  draft: DraftLine;
  parts: CreditParts;
  net: Decimal;
}

/** What of a line's parts goes into a credit, or says what is wrong with the request. */
export const creditLine = (
  invoice: IssuedInvoice,
  left: CreditParts,
  index: number,
  { quantity, amount }: Omit<CreditLineRequest, 'line'>,
): CreditedLine | { fault: string; field: 'quantity' | 'amount' } => {
  const line = invoice.lines[index];
  if (!line) throw new RangeError(`the invoice has no line ${index}`);
  const net = netLeft(left, line, index);
  const byAmount = isLeftByAmount(left, index) || decimal(line.quantity).eq(0);
  if (quantity !== undefined) {
    const rest = part(left, `line/${index}/quantity`);
    if (byAmount) {
      const fault = `some of this line was credited by amount; credit the rest, ${formatAmount(net, invoice.currency)}, by amount too`;
      return { fault, field: 'quantity' };
    }
    if (!isPartOf(decimal(quantity), rest)) return { fault: beyond('quantity', rest.toFixed()), field: 'quantity' };
    return byQuantity(invoice, left, index, line, { part: decimal(quantity), whole: rest });
  }
  if (amount !== undefined || byAmount) {
    const wanted = amount === undefined ? net : decimal(amount);
    if (!isPartOf(wanted, net))
      return { fault: beyond('amount', formatAmount(net, invoice.currency)), field: 'amount' };
    return byNetAmount(line, index, wanted);
  }
  const rest = part(left, `line/${index}/quantity`);
  return byQuantity(invoice, left, index, line, { part: rest, whole: rest });
};

const isPartOf = (wanted: Decimal, rest: Decimal): boolean =>
  !wanted.eq(0) && (rest.lt(0) ? wanted.lt(0) && wanted.gte(rest) : wanted.gt(0) && wanted.lte(rest));

const beyond = (what: string, rest: string): string =>
  decimal(rest).eq(0)
    ? 'nothing is left to be credited of this line'
    : `is not within the ${what} that is left of this line: ${rest}; a return (negative) is credited by negative figures`;

/** Each part of the line in proportion to the quantity, so that the last credit takes what the ones before left. */
const byQuantity = (
  { currency }: IssuedInvoice,
  left: CreditParts,
  index: number,
  line: Line,
  ratio: Ratio,
): CreditedLine => {
  const at = `line/${index}`;
  const places = amountDecimals(currency);
  const parts: CreditParts = {};
  const take = (name: string): Decimal => {
    const value = share(part(left, name), ratio, places);
    put(parts, name, value);
    return value;
  };
  put(parts, `${at}/quantity`, ratio.part);
  const base = take(`${at}/base`);
  const adjust = (kind: 'charge' | 'allowance', adjustments: LineAdjustment[]) =>
    shareEach(
      adjustments.map((_, j) => part(left, `${at}/${kind}/${j}`)),
      ratio,
      places,
    ).flatMap((value, j) => {
      put(parts, `${at}/${kind}/${j}`, value);
      return adjusted(adjustments[j], value, currency) ?? [];
    });
  const charges = adjust('charge', line.charges);
  const allowances = adjust('allowance', line.allowances);
  const net = base.plus(total(charges)).minus(total(allowances));
  const { netAmount: _computed, ...rest } = line;
  const same: DraftLine = { ...rest, quantity: ratio.part.toFixed(), charges, allowances };
  const isExact = lineNetAmount(same, currency).eq(net) && grossLineAmount(same).minus(base).abs().lte(SLACK);
  return { index, parts, net, draft: isExact ? same : pricedPerQuantity(same, base) };
};

/** Peppol and XRechnung allow so much between quantity × price and its amount (R120): little where there are no decimals. */
const SLACK = '0.02';

/** Where quantity × price does not come to the share of a cent: the price is restated as one for that quantity (BT-149). */
const pricedPerQuantity = ({ grossPrice: _gross, priceDiscount: _discount, ...line }: DraftLine, base: Decimal) => ({
  ...line,
  unitPrice: base.abs().toFixed(),
  priceBaseQuantity: decimal(line.quantity).abs().toFixed(),
});

/** A reduction without a quantity: one piece at that price. */
const byNetAmount = (line: Line, index: number, net: Decimal): CreditedLine => {
  const { grossPrice: _gross, priceDiscount: _discount, priceBaseQuantity: _base, netAmount: _net, ...rest } = line;
  const draft = { ...rest, quantity: net.lt(0) ? '-1' : '1', unit: 'C62', unitPrice: net.abs().toFixed() };
  const parts: CreditParts = {};
  put(parts, `line/${index}/amount`, net);
  return { index, parts, net, draft: { ...draft, charges: [], allowances: [] } };
};

/** The whole adjustment as it was, or a share of its amount; none when the share is nothing. */
export const adjusted = <T extends { amount: DecimalString }>(
  adjustment: T | undefined,
  value: Decimal,
  currency: string,
): T | undefined => {
  if (!adjustment || (value.eq(0) && !decimal(adjustment.amount).eq(0))) return undefined;
  if (value.eq(adjustment.amount)) return adjustment;
  const { percent: _percent, baseAmount: _base, ...rest } = adjustment as T & { percent?: string; baseAmount?: string };
  return { ...rest, amount: formatAmount(value, currency) } as unknown as T;
};

const total = (adjustments: LineAdjustment[]): Decimal => sum(adjustments.map(({ amount }) => decimal(amount)));
