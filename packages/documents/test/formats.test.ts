import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formats } from '@invoicepress/invoice';
import { createRenderer } from '../src/index.ts';
import { toCii, toUbl } from '../src/xml/index.ts';
import { anIssuedInvoice } from './an-issued-invoice.ts';
import { pageTexts } from './reading.ts';

const renderer = createRenderer();

test('an invoice becomes one document of each of its formats, in their order', () => {
  const wanted = ['json', 'ubl', 'facturx', 'pdf', 'cii'] as const;
  const documents = renderer.render(anIssuedInvoice({ formats: [...wanted] }));
  assert.deepEqual(
    documents.map(({ format }) => format),
    wanted,
  );
});

test('only documents with pages have a page count', async () => {
  const documents = renderer.render(anIssuedInvoice({ formats: [...formats] }));
  const [pdf] = documents;
  const pages = (await pageTexts(pdf!.bytes)).length;
  assert.deepEqual(
    documents.map(({ pageCount }) => pageCount),
    [pages, pages, undefined, undefined, undefined],
  );
});

test('a document is the same whichever others are made with it', () => {
  const together = renderer.render(anIssuedInvoice({ formats: [...formats] }));
  for (const { format, bytes } of together.filter((document) => document.format !== 'json')) {
    const [alone] = renderer.render(anIssuedInvoice({ formats: [format] }));
    assert.deepEqual(alone?.bytes, bytes, format);
  }
});

test('the XML documents are what the two syntaxes make of the invoice, in UTF-8', () => {
  const invoice = anIssuedInvoice({ formats: ['ubl', 'cii'] });
  const texts = renderer.render(invoice).map(({ bytes }) => Buffer.from(bytes).toString());
  assert.deepEqual(texts, [toUbl(invoice), toCii(invoice)]);
});

test('an invoice without pages may have characters that no font can print', () => {
  const lines = [{ name: 'Rune ᚠ', quantity: '1', unitPrice: '1', taxRate: '0', taxCategory: 'Z' as const }];
  const [ubl] = renderer.render(anIssuedInvoice({ lines, formats: ['ubl'] }));
  assert.ok(Buffer.from(ubl!.bytes).includes('Rune ᚠ'));
});

test('the snapshot is the frozen invoice, the same however the order of its fields was kept', () => {
  const invoice = anIssuedInvoice({ formats: ['json'] });
  const [snapshot] = renderer.render(invoice);
  const text = Buffer.from(snapshot!.bytes).toString();
  assert.deepEqual(JSON.parse(text), invoice);
  assert.match(text, /^\{"allowances":\[\],"buyer":\{"address":\{"city":[^]*\}\n$/);

  const shuffled = Object.fromEntries(Object.entries(invoice).toReversed()) as typeof invoice;
  assert.deepEqual(renderer.render(shuffled)[0]?.bytes, snapshot?.bytes);
});
