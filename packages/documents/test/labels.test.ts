import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isCreditNote, typeCodes } from '@invoicepress/invoice';
import { languages, type Words } from '../src/languages/index.ts';
import { anIssuedInvoice, someLines } from './an-issued-invoice.ts';
import { createPdfRenderer } from './pdf-renderer.ts';
import { textOf } from './reading.ts';
import { aCard, aDirectDebit, aMaximalDraft, aMaximalInvoice } from './xml/a-maximal-invoice.ts';

const renderer = createPdfRenderer();

/** Together they have a place for every word. */
const invoicesIn = (language: string) => {
  const { buyer, lines } = aMaximalDraft();
  return [
    aMaximalInvoice({
      language,
      buyer: { ...buyer, taxNumber: '1', identifiers: [{ id: 'C-1' }] },
      lines: [...lines, ...someLines(60)],
      charges: [{ amount: '1.00', taxRate: '19' }],
      allowances: [{ amount: '1.00', taxRate: '19' }],
      seller: {
        ...aMaximalDraft().seller,
        registrationScheme: '0204',
        electronicAddress: { id: '991-01484-64', scheme: '0204' },
      },
    }),
    anIssuedInvoice({ language, payment: aDirectDebit }),
    anIssuedInvoice({ language, typeCode: '381', payment: { ...aCard, accountId: '12345' } }),
  ];
};

for (const [tag, { words }] of languages) {
  test(`every label is printed in ${tag}, where there is something to label`, async () => {
    const texts = await Promise.all(invoicesIn(tag).map((invoice) => textOf(renderer.render(invoice).bytes)));
    const text = texts.join(' ');
    for (const label of labelsOf(words)) assert.ok(contains(text, label), `${label} is missing in: ${text}`);
  });

  test(`every type of document has a title of its own in ${tag}`, () => {
    assert.equal(new Set(typeCodes.map((code) => words.titles[code])).size, typeCodes.length);
  });
}

test('a title says invoice or credit note', async () => {
  for (const typeCode of typeCodes) {
    const text = await textOf(renderer.render(anIssuedInvoice({ typeCode })).bytes);
    assert.equal(text.includes('Amount credited'), isCreditNote(typeCode), typeCode);
    assert.ok(text.includes(languages.get('en')?.words.titles[typeCode] ?? ''), typeCode);
  }
});

const labelsOf = ({ page, ...words }: Words): string[] => [
  ...Object.values(words).filter((word) => typeof word === 'string'),
  ...page.split(/\{pages?\}/),
];

/** White space aside; in a right-to-left line word by word, for an extractor gives words and ligatures its own order. */
function contains(text: string, label: string): boolean {
  const words = (string: string) =>
    string
      .normalize('NFKC')
      .match(/[\p{sc=Arab}\p{sc=Hebr}]+/gu)
      ?.map((word) => [...word].toSorted().join('')) ?? [];
  const found = new Set(words(text));
  if (words(label).length > 0) return words(label).every((word) => found.has(word));
  return text.normalize('NFKC').replace(/\s/g, '').includes(label.normalize('NFKC').replace(/\s/g, ''));
}
