import assert from 'node:assert/strict';
import { test } from 'node:test';
import { anIssuedInvoice } from './an-issued-invoice.ts';
import { createPdfRenderer } from './pdf-renderer.ts';

const renderer = createPdfRenderer();
const source = (language: string): string =>
  Buffer.from(renderer.render(anIssuedInvoice({ language })).bytes).toString('latin1');
const count = (pdf: string, mark: RegExp): number => pdf.match(mark)?.length ?? 0;

test('a document calls itself PDF/A-3b and defines its colours', () => {
  const pdf = source('en');
  assert.match(pdf, /<pdfaid:part>3<\/pdfaid:part><pdfaid:conformance>B</);
  assert.match(pdf, /\/OutputIntents/);
  assert.match(pdf, /\/GTS_PDFA1/);
});

test('every font is embedded', () => {
  for (const language of ['en', 'ar', 'he', 'zh-Hans', 'ja', 'ko']) {
    const pdf = source(language);
    const descriptors = count(pdf, /\/Type \/FontDescriptor/g);
    assert.ok(descriptors >= 2);
    assert.equal(count(pdf, /\/FontFile[23] /g), descriptors);
    assert.equal(count(pdf, /\/Type \/Font\n/g), 2 * descriptors, 'a font without a descriptor');
  }
});

test('a document is tagged, in its language, with a heading, table headers and a named payment code', () => {
  const pdf = source('de-AT');
  assert.match(pdf, /\/StructTreeRoot/);
  assert.match(pdf, /\/Marked true/);
  assert.match(pdf, /\/Lang \(de-AT\)/);
  assert.equal(count(pdf, /\/S \/H1/g), 1);
  assert.ok(count(pdf, /\/S \/TH/g) >= 6);
  assert.match(pdf, /\/Alt \(Scannen und zahlen\)/);
});

test('title, author and date come from the invoice', () => {
  const pdf = source('en');
  assert.match(pdf, /<rdf:li[^>]*>Invoice INV-2026-00042</);
  assert.match(pdf, /<rdf:li>Halden &amp; Moritz GmbH</);
  assert.match(pdf, /\(D:20261122000000/);
});
