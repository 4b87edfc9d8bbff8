import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NumberSeries, type SubmitInvoice } from '@invoicepress/client';
import { checkDraft, formats, profiles } from '@invoicepress/invoice';
import { demoSeries, draftOf, samples } from '../src/samples/index.ts';

for (const { name, invoice } of samples) {
  test(`the sample ${name} keeps the contract and breaks no rule`, () => {
    assert.deepEqual(checkDraft(draftOf(invoice).draft), []);
  });
}

const used = <T>(of: (invoice: SubmitInvoice) => T | T[] | undefined): Set<T> =>
  new Set(samples.flatMap(({ invoice }) => of(invoice) ?? []));

test('their names are file names, and theirs alone', () => {
  assert.equal(new Set(samples.map(({ name }) => name)).size, samples.length);
  for (const { name } of samples) assert.match(name, /^[a-z0-9-]+$/);
});

test('own numbers are unique, and the others draw from the series of the demo', () => {
  const numbers = samples.flatMap(({ invoice }) => invoice.number ?? []);
  assert.equal(new Set(numbers).size, numbers.length);
  assert.deepEqual(
    used(({ series }) => series),
    new Set([demoSeries.name]),
  );
  assert.deepEqual(NumberSeries.parse(demoSeries), demoSeries);
});

test('there are enough of them, and they show what invoices can be', () => {
  assert.ok(samples.length >= 26);
  assert.deepEqual(
    used(({ typeCode = '380' }) => typeCode),
    new Set(['380', '381', '384', '877']),
  );
  assert.deepEqual(
    used(({ formats: wanted = ['pdf'] }) => wanted),
    new Set(formats),
  );
  assert.deepEqual(
    used(({ profiles: held = ['en16931'] }) => held),
    new Set(profiles),
  );
  assert.deepEqual(
    used(({ lines }) => lines.map(({ taxCategory = 'S' }) => taxCategory)),
    new Set(['S', 'Z', 'E', 'AE', 'K', 'G', 'O']),
  );
  assert.deepEqual(
    used(({ paperSize = 'A4' }) => paperSize),
    new Set(['A4', 'Letter']),
  );
  const languages = used(({ language = 'en' }) => language.split('-')[0]);
  for (const language of ['en', 'de', 'fr', 'es', 'it', 'nl', 'pl', 'he', 'ar', 'zh', 'ja', 'ko'])
    assert.ok(languages.has(language), language);
  assert.ok(samples.some(({ invoice }) => invoice.lines.length === 120));
});

test('dates are fixed, so that the same documents come out every time', () => {
  for (const { name, invoice } of samples) assert.ok(invoice.issueDate, name);
});
