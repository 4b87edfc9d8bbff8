import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRenderer, TemplateError } from '../src/index.ts';
import { languages } from '../src/languages/index.ts';
import { anIssuedInvoice, someLines } from './an-issued-invoice.ts';
import { pageTexts, textOf } from './reading.ts';

const renderer = createRenderer();

test('a document carries the number, the parties, every line and the totals', async () => {
  const invoice = anIssuedInvoice();
  const text = await textOf(renderer.render(invoice).bytes);
  const wanted = ['Invoice INV-2026-00042', 'Halden & Moritz GmbH', 'Museum Nordlicht', 'Austria', 'PO-88213', 'ATU62345678'];
  const amounts = ['€7,323.67', '€1,345.42', '€8,669.09', 'December 22, 2026', '10 hours', 'per 1,000 pcs', '4.275'];
  for (const expected of [...wanted, ...amounts, ...invoice.lines.map((line) => line.name)]) {
    assert.ok(text.includes(expected), `${expected} is missing in: ${text}`);
  }
});

test('an amount is printed digit for digit, beyond what a float can hold', async () => {
  const lines = [{ name: 'Paper', quantity: '1', unitPrice: '90071992547409.93', taxRate: '0' }];
  const text = await textOf(renderer.render(anIssuedInvoice({ lines })).bytes);
  assert.ok(text.includes('90,071,992,547,409.93'));
});

for (const tag of languages.keys()) {
  test(`every label of a full invoice is printed in ${tag}`, async () => {
    const words = languages.get(tag)!.words;
    const invoice = anIssuedInvoice({
      language: tag,
      lines: someLines(60),
      allowances: [{ reason: 'Rabatt', amount: '10.00', taxRate: '19' }],
      prepaidAmount: '5.00',
      precedingInvoice: { number: 'INV-1' },
      contractReference: 'C-1',
      period: { start: '2026-11-01', end: '2026-11-30' },
      notes: ['Merci.'],
    });
    const text = letters(await textOf(renderer.render(invoice).bytes));
    for (const label of labelsOf(words)) assert.ok(text.includes(letters(label)), `${label} is missing in: ${text}`);
  });
}

const labelsOf = (words: (typeof languages extends ReadonlyMap<string, infer L> ? L : never)['words']) => [
  words.titles[380], words.number, words.issueDate, words.dueDate, words.deliveryDate, words.period,
  words.orderReference, words.buyerReference, words.contractReference, words.precedingInvoice, words.buyerVatId,
  words.position, words.description, words.itemNumber, words.quantity, words.unitPrice, words.taxRate, words.netAmount,
  words.carriedForward, words.broughtForward, words.lineTotal, words.taxExclusive, words.taxTotal, words.taxInclusive,
  words.prepaid, words.amountDue, words.taxSummary, words.taxable, words.tax, words.payment, words.accountName,
  words.reference, words.terms, words.scanToPay, words.notes, words.vatId, words.registrationId,
];

/** Letters in any order: a text extractor puts the words of a right-to-left line in an order of its own. */
function letters(text: string): string {
  const bare = text.normalize('NFKC').replace(/[^\p{L}\p{M}\p{N}]/gu, '');
  return /[\p{sc=Arab}\p{sc=Hebr}]/u.test(bare) ? [...new Set(bare)].toSorted().join('') : bare;
}
