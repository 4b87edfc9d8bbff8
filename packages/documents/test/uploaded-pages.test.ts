/** What is read back from the pages of an uploaded template, whose words and places are its author's. */
import { sampleNames, type IssuedInvoice } from '@invoicepress/invoice';
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { findDifferences } from '../src/consistency/index.ts';
import { createTemplateRenderer } from '../src/index.ts';
import { sampleInvoice } from '../src/uploaded/samples.ts';

const folder = join(import.meta.dirname, '../../../docs/templates/letterhead');
const files = readdirSync(folder).map((path) => ({ path, content: readFileSync(join(folder, path)) }));
const letterhead = createTemplateRenderer(files);

/** What the letterhead's pages of one invoice lack of another. */
const lacking = (printed: IssuedInvoice, invoice: IssuedInvoice) =>
  findDifferences(letterhead.render({ ...printed, formats: ['pdf'] }).documents, invoice, 'uploaded');

test("a template of one's own holds in each language and direction, if it prints what it is given", async () => {
  for (const name of sampleNames) assert.deepEqual(await lacking(sampleInvoice(name), sampleInvoice(name)), [], name);
  for (const [currency, language] of [
    ['PLN', 'pl'],
    ['CNY', 'zh-Hans'],
    ['CHF', 'fr-CH'],
    ['USD', 'en-US'],
    ['KWD', 'en'],
  ] as const) {
    const invoice = { ...sampleInvoice('plain'), currency, language };
    assert.deepEqual(await lacking(invoice, invoice), [], `${currency} ${language}`);
  }
});

test('an amount, a number, a buyer or a currency of another invoice is found', async () => {
  const invoice = sampleInvoice('plain');
  const { totals, buyer } = invoice;
  for (const [other, found] of [
    [{ ...invoice, totals: { ...totals, payable: '3012.01' } }, 'shows 3012.01 nowhere, which is payable'],
    [{ ...invoice, totals: { ...totals, tax: '1.01' } }, 'shows 1.01 nowhere, which is tax'],
    [{ ...invoice, number: 'X-1' }, 'does not show its number X-1'],
    [{ ...invoice, buyer: { ...buyer, name: 'Somebody' } }, 'does not show the buyer, Somebody'],
    [{ ...invoice, currency: 'GBP' }, 'does not show its currency GBP'],
  ] as const)
    assert.deepEqual(await lacking(invoice, other), [`The pdf document ${found}.`]);
});

test('the seller may be a picture of the letterhead', async () => {
  const invoice = sampleInvoice('plain');
  assert.deepEqual(await lacking(invoice, { ...invoice, seller: { ...invoice.seller, name: 'Drawn Ltd' } }), []);
});
