import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkDraft } from '@invoicepress/invoice';
import { toCii, toUbl } from '../../src/xml/index.ts';
import { aMaximalDraft, aMaximalInvoice } from './a-maximal-invoice.ts';
import { readXml } from './reading.ts';
import { terms } from './terms.ts';

const ciiValue = (value: string) => value.replace('#AAI#', '').replace(/^(\d{4})-(\d\d)-(\d\d)$/, '$1$2$3');

test('the invoice that says all keeps the rules of the standard', () => {
  assert.deepEqual(checkDraft(aMaximalDraft()), []);
});

test('every business term stands once and in its place in UBL', () => {
  const ubl = readXml(toUbl(aMaximalInvoice()));
  const found = terms.map((term) => [term.term, ubl.all(term.ubl)]);
  assert.deepEqual(
    found,
    terms.map(({ term, value }) => [term, [value]]),
  );
});

test('every business term stands once and in its place in CII', () => {
  const cii = readXml(toCii(aMaximalInvoice()));
  const found = terms.map((term) => [term.term, cii.all(term.cii)]);
  assert.deepEqual(
    found,
    terms.map(({ term, value }) => [term, [ciiValue(value)]]),
  );
});

/** What the standard has no term for, or what stands elsewhere: the exchange rate shows in BT-111. */
const unwritten = new Set(['language', 'paperSize', 'formats', 'profiles', 'rate']);

test('no text of an invoice is lost', () => {
  const invoice = aMaximalInvoice();
  for (const xml of [toUbl(invoice), toCii(invoice)]) {
    const lost = textsOf(invoice).filter((text) => !xml.includes(text) && !xml.includes(ciiValue(text)));
    assert.deepEqual(lost, []);
  }
});

function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(textsOf);
  return Object.entries(value ?? {}).flatMap(([key, item]) => (unwritten.has(key) ? [] : textsOf(item)));
}
