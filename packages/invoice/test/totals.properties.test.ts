import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  amountDecimals,
  checkDraft,
  decimal,
  issueInvoice,
  type ClaimedTotals,
  type Decimal,
  type DraftLine,
  type IssuedInvoice,
  type InvoiceDraft,
} from '@invoicepress/invoice';
import { aDraft } from './a-draft.ts';

/** Runs of each property; all of them together take a second or two. */
const numRuns = 300;

/** A decimal string of up to `digits` before and `decimals` after the point. */
const decimals = (digits: number, places: number) =>
  fc
    .tuple(
      fc.integer({ min: 0, max: 10 ** digits - 1 }),
      fc.integer({ min: 0, max: places }),
      fc.integer({ min: 0, max: 10 ** places - 1 }),
    )
    .map(([whole, kept, fraction]) =>
      kept === 0 ? `${whole}` : `${whole}.${String(fraction).padStart(places, '0').slice(0, kept)}`,
    );
const above0 = (value: string) => /[1-9]/.test(value);

const tax = fc.constantFrom(
  { taxRate: '19' },
  { taxRate: '19.00' },
  { taxRate: '7' },
  { taxRate: '5.5' },
  { taxRate: '8.1' },
  { taxRate: '20.6' },
  { taxCategory: 'Z' as const },
  { taxCategory: 'E' as const, taxExemptionReason: 'Exempt' },
);
const line: fc.Arbitrary<DraftLine> = fc
  .tuple(
    decimals(4, 3),
    fc.boolean(),
    decimals(5, 4),
    fc.constantFrom(undefined, '1', '3', '7', '100', '0.5', '12.5'),
    tax,
  )
  .map(([quantity, returned, unitPrice, priceBaseQuantity, rate]) => ({
    name: 'Thing',
    quantity: returned && above0(quantity) ? `-${quantity}` : quantity,
    unitPrice,
    ...(priceBaseQuantity && { priceBaseQuantity }),
    ...rate,
  }));
const currency = fc.constantFrom('EUR', 'USD', 'JPY', 'ISK', 'KWD');
const draft: fc.Arbitrary<InvoiceDraft> = currency.chain((code) => {
  const adjustment = fc
    .tuple(decimals(3, amountDecimals(code)), tax)
    .map(([amount, rate]) => ({ reason: 'Reason', amount, ...rate }));
  return fc
    .record({
      lines: fc.array(line, { minLength: 1, maxLength: 12 }),
      allowances: fc.array(adjustment, { maxLength: 3 }),
      charges: fc.array(adjustment, { maxLength: 3 }),
      prepaidAmount: decimals(3, amountDecimals(code)),
    })
    .map((parts) => aDraft({ currency: code, ...parts }));
});
/** Skips the drafts whose total came out below zero, and fails when hardly any is left. */
const isAcceptable = (candidate: InvoiceDraft) => fc.pre(checkDraft(candidate).length === 0);

const issued = (candidate: InvoiceDraft): IssuedInvoice => issueInvoice(candidate, 'R-1', '2026-03-02');
const add = (values: string[]) => values.reduce((total, value) => total.plus(value), decimal(0));
const same = (actual: string, expected: Decimal, rule: string) =>
  assert.ok(expected.eq(actual), `${rule}: ${actual} should be ${expected.toFixed()}`);
const property = (name: string, check: (candidate: InvoiceDraft) => void) => {
  test(name, () => fc.assert(fc.property(draft, check), { numRuns }));
};

property('the sums of EN 16931 hold for any draft (BR-CO-10 to BR-CO-16)', (candidate) => {
  const { lines, allowances, charges, totals } = issued(candidate);
  same(totals.lineTotal, add(lines.map((each) => each.netAmount)), 'BR-CO-10');
  same(totals.allowanceTotal, add(allowances.map((each) => each.amount)), 'BR-CO-11');
  same(totals.chargeTotal, add(charges.map((each) => each.amount)), 'BR-CO-12');
  same(
    totals.taxExclusive,
    decimal(totals.lineTotal).minus(totals.allowanceTotal).plus(totals.chargeTotal),
    'BR-CO-13',
  );
  same(totals.tax, add(totals.taxSubtotals.map((each) => each.tax)), 'BR-CO-14');
  same(totals.taxInclusive, decimal(totals.taxExclusive).plus(totals.tax), 'BR-CO-15');
  same(totals.payable, decimal(totals.taxInclusive).minus(totals.prepaid), 'BR-CO-16');
});

property(
  'the VAT breakdown covers everything once, and its tax is within half a unit of the exact product (BR-CO-17)',
  (candidate) => {
    const { lines, allowances, charges, totals } = issued(candidate);
    same(totals.taxExclusive, add(totals.taxSubtotals.map((each) => each.taxable)), 'BR-S-08 and its siblings');
    const keys = totals.taxSubtotals.map(({ category, rate }) => `${category} ${rate}`);
    const used = [...lines, ...allowances, ...charges].map(({ taxCategory, taxRate }) => `${taxCategory} ${taxRate}`);
    assert.deepEqual(keys, [...new Set(used)]);
    const half = decimal(5).div(10 ** (amountDecimals(candidate.currency) + 1));
    for (const { taxable, rate, tax: rounded } of totals.taxSubtotals) {
      assert.ok(
        decimal(taxable).times(rate).div(100).minus(rounded).abs().lte(half),
        `${taxable} × ${rate} % is not ${rounded}`,
      );
    }
  },
);

property('every amount has exactly the decimals of its currency and no trace of a float', (candidate) => {
  const { lines, allowances, charges, totals } = issued(candidate);
  const places = amountDecimals(candidate.currency);
  const shape = places === 0 ? /^-?\d+$/ : new RegExp(`^-?\\d+\\.\\d{${places}}$`);
  const { taxSubtotals, ...sums } = totals;
  const amounts = [
    ...Object.values(sums),
    ...taxSubtotals.flatMap(({ taxable, tax: each }) => [taxable, each]),
    ...lines.map((each) => each.netAmount),
    ...[...allowances, ...charges].map((each) => each.amount),
  ];
  for (const amount of amounts) {
    assert.match(amount, shape);
    assert.doesNotMatch(amount, /^-[0.]+$/, 'minus zero');
  }
});

/** The same arithmetic in whole numbers: millionths multiplied and divided as BigInt, rounded half away from zero. */
const netInWholeNumbers = ({ quantity, unitPrice, priceBaseQuantity = '1' }: DraftLine, places: number): bigint => {
  const millionths = (value: string) => {
    const [whole = '0', fraction = ''] = value.replace('-', '').split('.');
    return BigInt(whole + fraction.padEnd(6, '0'));
  };
  const dividend = millionths(quantity) * millionths(unitPrice) * 10n ** BigInt(places);
  const divisor = millionths(priceBaseQuantity) * 1_000_000n;
  const rounded = (2n * dividend + divisor) / (2n * divisor);
  return quantity.startsWith('-') ? -rounded : rounded;
};

property('a line is quantity × price ÷ base, exact before it is rounded', (candidate) => {
  const places = amountDecimals(candidate.currency);
  issued(candidate).lines.forEach((each, index) => {
    const expected = netInWholeNumbers(candidate.lines[index]!, places);
    assert.equal(BigInt(each.netAmount.replace('.', '')), expected);
  });
});

const claims: (keyof ClaimedTotals)[] = [
  'lineTotal',
  'allowanceTotal',
  'chargeTotal',
  'taxExclusive',
  'tax',
  'taxInclusive',
  'payable',
];

test('figures that agree with ours are accepted, however many zeros they carry', () => {
  fc.assert(
    fc.property(draft, fc.subarray(claims), (candidate, claimed) => {
      isAcceptable(candidate);
      const { totals, lines } = issued(candidate);
      const agreeing = Object.fromEntries(claimed.map((name) => [name, decimal(totals[name]).toFixed()]));
      const withClaims = {
        ...candidate,
        totals: agreeing,
        lines: candidate.lines.map((each, index) => ({ ...each, netAmount: lines[index]!.netAmount })),
      };
      assert.deepEqual(checkDraft(withClaims), []);
    }),
    { numRuns },
  );
});

test('a figure that is off by the smallest unit is refused, and both figures are shown', () => {
  fc.assert(
    fc.property(draft, fc.constantFrom(...claims), fc.constantFrom(1, -1), (candidate, name, sign) => {
      isAcceptable(candidate);
      const ours = issued(candidate).totals[name];
      const wrong = decimal(ours)
        .plus(decimal(sign).div(10 ** amountDecimals(candidate.currency)))
        .toFixed();
      const found = checkDraft({ ...candidate, totals: { [name]: wrong } });
      assert.deepEqual(
        found.map(({ pointer }) => pointer),
        [`/totals/${name}`],
      );
      assert.equal(found[0]?.detail, `you sent ${wrong}, it computes to ${ours}; correct it or leave it out`);
    }),
    { numRuns },
  );
});
