/** The sums of EN 16931, computed once more in whole numbers from what a document says, whichever its syntax. */
import { amountDecimals } from '@invoicepress/invoice';
import type { Carried } from './carried.ts';
import { decimalOf, minorUnits, percentOf } from './exact.ts';

export interface ArithmeticFault {
  rule: string;
  detail: string;
}

type Fields = Readonly<Record<string, Carried>>;

/** Prices may have more decimals than amounts. */
const PRICE_DECIMALS = 8;

/** What does not add up, by rule. VAT that is shared between credit notes may be `vatOff` minor units off its product. */
export const checkArithmetic = (document: Carried, vatOff = 0n): ArithmeticFault[] => {
  const invoice = fields(document);
  const places = amountDecimals(text(invoice, 'currency') ?? 'EUR');
  return [...checkLines(invoice, places), ...checkTotals(invoice, places), ...checkBreakdown(invoice, places, vatOff)];
};

/** BT-131 and BT-146, which the standard defines without a rule of their own. */
const checkLines = (invoice: Fields, places: number): ArithmeticFault[] =>
  items(invoice['lines']).flatMap((line) => {
    const [quantity = '0', price, base] = ['quantity', 'unitPrice', 'priceBaseQuantity'].map((name) =>
      text(line, name),
    );
    const adjustments = (name: string) => sum(items(line[name]), 'amount', places);
    const net = minorUnits(places, quantity, price, base, adjustments('charges') - adjustments('allowances'));
    const priceOf = (name: string) => amount(line, name, PRICE_DECIMALS);
    return [
      ...compare('BT-131', amount(line, 'netAmount', places), net, places),
      ...(line['grossPrice'] === undefined
        ? []
        : compare('BT-146', priceOf('unitPrice'), priceOf('grossPrice') - priceOf('priceDiscount'), PRICE_DECIMALS)),
    ];
  });

const checkTotals = (invoice: Fields, places: number): ArithmeticFault[] => {
  const totals = fields(invoice['totals']);
  const total = (name: string) => amount(totals, name, places);
  const all = (name: string, of: string) => sum(items(invoice[name]), of, places);
  const expected: [rule: string, name: string, computed: bigint][] = [
    ['BR-CO-10', 'lineTotal', all('lines', 'netAmount')],
    ['BR-CO-11', 'allowanceTotal', all('allowances', 'amount')],
    ['BR-CO-12', 'chargeTotal', all('charges', 'amount')],
    ['BR-CO-13', 'taxExclusive', total('lineTotal') - total('allowanceTotal') + total('chargeTotal')],
    ['BR-CO-14', 'tax', sum(items(totals['taxSubtotals']), 'tax', places)],
    ['BR-CO-15', 'taxInclusive', total('taxExclusive') + total('tax')],
    ['BR-CO-16', 'payable', total('taxInclusive') - total('prepaid') + total('rounding')],
  ];
  return expected.flatMap(([rule, name, computed]) => compare(rule, total(name), computed, places));
};

/** BG-23 covers everything exactly once: BR-CO-17, BR-CO-18, BR-S-08 and its siblings. */
const checkBreakdown = (invoice: Fields, places: number, vatOff: bigint): ArithmeticFault[] => {
  const taxable = new Map<string, bigint>();
  const parts = [
    ['lines', 'netAmount', 1n],
    ['allowances', 'amount', -1n],
    ['charges', 'amount', 1n],
  ] as const;
  for (const [list, name, sign] of parts) {
    for (const item of items(invoice[list])) {
      const key = group(item, 'taxCategory', 'taxRate');
      taxable.set(key, (taxable.get(key) ?? 0n) + sign * amount(item, name, places));
    }
  }
  const subtotals = items(fields(invoice['totals'])['taxSubtotals']);
  return [
    ...compare('BR-CO-18', BigInt(subtotals.length), BigInt(taxable.size), 0),
    ...subtotals.flatMap((row) => {
      const [base, expected] = [amount(row, 'taxable', places), taxable.get(group(row, 'category', 'rate')) ?? 0n];
      const [tax, product] = [amount(row, 'tax', places), percentOf(base, text(row, 'rate') ?? '0')];
      const off = tax < product ? product - tax : tax - product;
      return [
        ...compare(`BR-${text(row, 'category')}-08`, base, expected, places),
        ...(off <= vatOff ? [] : compare('BR-CO-17', tax, product, places)),
      ];
    }),
  ];
};

const group = (of: Fields, category: string, rate: string) => `${text(of, category)} ${text(of, rate) ?? '0'}`;

const compare = (rule: string, said: bigint, computed: bigint, places: number): ArithmeticFault[] =>
  said === computed
    ? []
    : [{ rule, detail: `${rule}: ${decimalOf(said, places)} should be ${decimalOf(computed, places)}` }];

const fields = (value: Carried): Fields =>
  typeof value === 'object' && !Array.isArray(value) ? (value as Fields) : {};
const items = (value: Carried): Fields[] => (Array.isArray(value) ? value.map(fields) : []);
const text = (of: Fields, name: string): string | undefined => {
  const value = of[name];
  return typeof value === 'string' ? value : undefined;
};
const amount = (of: Fields, name: string, places: number): bigint => minorUnits(places, text(of, name) ?? '0');
const sum = (of: readonly Fields[], name: string, places: number): bigint =>
  of.reduce((total, each) => total + amount(each, name, places), 0n);
