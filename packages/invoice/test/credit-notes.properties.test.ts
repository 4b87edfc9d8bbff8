import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  amountDecimals,
  checkDraft,
  creditableLines,
  decimal,
  draftCreditNote,
  issueInvoice,
  partsOf,
  without,
  type CreditParts,
  type Decimal,
  type IssuedInvoice,
} from '@invoicepress/invoice';
import { draft } from './arbitrary-draft.ts';

/** Runs of each property; all of them together take a few seconds. */
const numRuns = 300;
const MAX_STEPS = 8;

interface Credit {
  parts: CreditParts;
  note: IssuedInvoice;
}

/** What a client may ask for next: parts of lines by thousandths of what is left, or the end of an earlier credit. */
const steps = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.array(fc.tuple(fc.nat(20), fc.integer({ min: 1, max: 1000 }), fc.boolean()), {
        minLength: 1,
        maxLength: 4,
      }),
    },
    { weight: 1, arbitrary: fc.nat(20) },
  ),
  { maxLength: MAX_STEPS },
);

const issue = (
  invoice: IssuedInvoice,
  credits: Credit[],
  request: Parameters<typeof draftCreditNote>[2],
): Credit | undefined => {
  const outcome = draftCreditNote(
    invoice,
    credits.map(({ parts }) => parts),
    { number: 'C-1', ...request },
  );
  if ('faults' in outcome) {
    assert.ok(outcome.faults.length > 0);
    return undefined;
  }
  if (checkDraft(outcome.draft).length > 0) return undefined; // such as returns alone, whose total is negative
  return { parts: outcome.parts, note: issueInvoice(outcome.draft, 'C-1', '2026-03-03') };
};

/** Follows the steps, and in the end credits all that is left. */
const creditAll = (invoice: IssuedInvoice, plan: (number | [number, number, boolean][])[]): Credit[] => {
  const credits: Credit[] = [];
  const left = () =>
    without(
      partsOf(invoice),
      credits.map(({ parts }) => parts),
    );
  for (const step of plan) {
    if (typeof step === 'number') {
      if (credits.length > 0) credits.splice(step % credits.length, 1);
      continue;
    }
    const open = creditableLines(invoice, left());
    if (open.length === 0) continue;
    const lines = new Map(
      step.map(([index, thousandths, byAmount]) => {
        const { line, quantity, netAmount } = open[index % open.length]!;
        const portion = (whole: string, places: number) =>
          decimal(whole).times(thousandths).div(1000).round(places, 0).toFixed();
        const request =
          byAmount || quantity === undefined
            ? { line, amount: portion(netAmount, amountDecimals(invoice.currency)) }
            : { line, quantity: portion(quantity, 3) };
        return [line, request];
      }),
    );
    const credit = issue(invoice, credits, { lines: [...lines.values()] });
    if (credit) credits.push(credit);
  }
  if (credits.length > 0 && creditableLines(invoice, left()).length === 0) return credits;
  const rest = issue(invoice, credits, {});
  assert.ok(rest, 'all that is left can be credited at any time');
  return [...credits, rest];
};

const property = (name: string, check: (invoice: IssuedInvoice, credits: Credit[]) => void) => {
  test(name, () =>
    fc.assert(
      fc.property(draft, steps, (candidate, plan) => {
        fc.pre(checkDraft(candidate).length === 0);
        const invoice = issueInvoice(candidate, 'R-1', '2026-03-02');
        check(invoice, creditAll(invoice, plan));
      }),
      { numRuns },
    ),
  );
};

const add = (values: (string | undefined)[]): Decimal =>
  values.reduce((total, value) => total.plus(value ?? '0'), decimal(0));
const totalNames = [
  'lineTotal',
  'allowanceTotal',
  'chargeTotal',
  'taxExclusive',
  'tax',
  'taxInclusive',
  'prepaid',
  'rounding',
  'payable',
  'taxInTaxCurrency',
] as const;

property(
  'credit notes that use an invoice up come to its totals, and to those of each VAT category',
  (invoice, credits) => {
    const notes = credits.map(({ note }) => note);
    for (const name of totalNames)
      assert.ok(add(notes.map(({ totals }) => totals[name])).eq(invoice.totals[name] ?? '0'), name);
    for (const { category, rate, taxable, tax } of invoice.totals.taxSubtotals) {
      const rows = notes.flatMap(({ totals }) =>
        totals.taxSubtotals.filter((row) => row.category === category && row.rate === rate),
      );
      assert.ok(add(rows.map((row) => row.taxable)).eq(taxable), `${category} ${rate}: taxable`);
      assert.ok(add(rows.map((row) => row.tax)).eq(tax), `${category} ${rate}: tax`);
    }
  },
);

property('what is written down of a credit note is what it says', (_invoice, credits) => {
  for (const { note, parts } of credits) {
    const { totals } = note;
    for (const { category, rate, taxable, tax } of totals.taxSubtotals) {
      assert.ok(decimal(parts[`taxable/${category} ${rate}`] ?? '0').eq(taxable));
      assert.ok(decimal(parts[`tax/${category} ${rate}`] ?? '0').eq(tax));
    }
    const taxables = Object.keys(parts).filter((name) => name.startsWith('taxable/'));
    assert.ok(add(taxables.map((name) => parts[name])).eq(totals.taxExclusive));
    assert.ok(decimal(parts['prepaid'] ?? '0').eq(totals.prepaid));
    assert.ok(decimal(parts['rounding'] ?? '0').eq(totals.rounding ?? '0'));
  }
});

property(
  'no VAT is further from its product than a cent for each credit note (BR-CO-17 of the official rules: less than one)',
  (invoice, credits) => {
    const unit = decimal(1).div(10 ** amountDecimals(invoice.currency));
    for (const { note } of credits) {
      for (const { taxable, tax, rate } of note.totals.taxSubtotals) {
        const off = decimal(taxable).times(rate).div(100).minus(tax).abs();
        assert.ok(off.lte(unit.times(1 + MAX_STEPS)), `${taxable} × ${rate} % is not ${tax}`);
      }
    }
  },
);

test('a full credit note has the totals of its invoice, all of them', () => {
  fc.assert(
    fc.property(draft, (candidate) => {
      fc.pre(checkDraft(candidate).length === 0);
      const invoice = issueInvoice(candidate, 'R-1', '2026-03-02');
      const all = { lines: creditableLines(invoice, partsOf(invoice)).map(({ line }) => ({ line })) };
      const [credit, listed] = [issue(invoice, [], {}), issue(invoice, [], all)];
      assert.deepEqual(credit?.note.totals, invoice.totals);
      const { taxSubtotals: _rows, ...sums } = invoice.totals;
      if (!listed) return;
      for (const name of totalNames) assert.ok(decimal(listed.note.totals[name] ?? '0').eq(sums[name] ?? '0'), name);
    }),
    { numRuns },
  );
});
