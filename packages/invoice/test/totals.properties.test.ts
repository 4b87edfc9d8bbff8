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
  type InvoiceDraft,
  type IssuedInvoice,
  type Line,
  type LineAdjustment,
} from '@invoicepress/invoice';
import { draft } from './arbitrary-draft.ts';

/** Runs of each property; all of them together take a second or two. */
const numRuns = 300;

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
  same(
    totals.payable,
    decimal(totals.taxInclusive)
      .minus(totals.prepaid)
      .plus(totals.rounding ?? 0),
    'BR-CO-16',
  );
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
  const { taxSubtotals, taxInTaxCurrency: _foreign, ...sums } = totals;
  const amounts = [
    ...Object.values(sums),
    ...taxSubtotals.flatMap(({ taxable, tax: each }) => [taxable, each]),
    ...lines.map((each) => each.netAmount),
    ...[...allowances, ...charges, ...lines.flatMap((each) => [...each.allowances, ...each.charges])].map(
      (each) => each.amount,
    ),
  ];
  for (const amount of amounts) {
    assert.match(amount, shape);
    assert.doesNotMatch(amount, /^-[0.]+$/, 'minus zero');
  }
});

/** In millionths, exactly. */
const millionths = (value: string): bigint => {
  const [whole = '0', fraction = ''] = value.replace('-', '').split('.');
  return BigInt(whole + fraction.padEnd(6, '0')) * (value.startsWith('-') ? -1n : 1n);
};
const roundedQuotient = (dividend: bigint, divisor: bigint): bigint => {
  const half = (2n * (dividend < 0n ? -dividend : dividend) + divisor) / (2n * divisor);
  return dividend < 0n ? -half : half;
};

/** The same arithmetic in whole numbers: multiplied and divided as BigInt, rounded half away from zero. */
const netInWholeNumbers = (each: Line, places: number): bigint => {
  const total = (adjustments: LineAdjustment[]) =>
    adjustments.reduce((sum, { amount }) => sum + millionths(amount), 0n);
  const base = millionths(each.priceBaseQuantity);
  const ofPrice = millionths(each.quantity) * millionths(each.unitPrice);
  const scaled = ofPrice + (total(each.charges) - total(each.allowances)) * base;
  return roundedQuotient(scaled * 10n ** BigInt(places), base * 1_000_000n);
};

property(
  'a line is quantity × price ÷ base, plus charges, less allowances, exact before it is rounded',
  (candidate) => {
    const places = amountDecimals(candidate.currency);
    for (const each of issued(candidate).lines)
      assert.equal(BigInt(each.netAmount.replace('.', '')), netInWholeNumbers(each, places));
  },
);

property('a percentage is of its base, exact before it is rounded', (candidate) => {
  const places = amountDecimals(candidate.currency);
  const { lines, allowances, charges } = issued(candidate);
  const adjustments = [...allowances, ...charges, ...lines.flatMap((each) => [...each.allowances, ...each.charges])];
  for (const { amount, percent, baseAmount } of adjustments) {
    if (percent === undefined || baseAmount === undefined) continue;
    const exact = millionths(percent) * millionths(baseAmount) * 10n ** BigInt(places);
    assert.equal(BigInt(amount.replace('.', '')), roundedQuotient(exact, 100n * 1_000_000n * 1_000_000n));
  }
});

property('VAT in a second currency is within half of its unit of the exact product', (candidate) => {
  const { totals, taxCurrency } = issued(candidate);
  assert.equal('taxInTaxCurrency' in totals, taxCurrency !== undefined);
  if (!taxCurrency) return;
  const { currency, rate } = taxCurrency;
  const half = decimal(5).div(10 ** (amountDecimals(currency) + 1));
  const difference = decimal(totals.tax)
    .times(rate)
    .minus(totals.taxInTaxCurrency ?? 'missing');
  assert.ok(difference.abs().lte(half), `${totals.tax} at ${rate} is not ${totals.taxInTaxCurrency}`);
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
