/** That the checks find what they look for: a document is spoiled, and somebody has to notice. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toCii, toUbl } from '@invoicepress/documents';
import { issueInvoice } from '@invoicepress/invoice';
import { checkArithmetic } from '../src/arithmetic.ts';
import { carried, difference } from '../src/carried.ts';
import { goldenDrafts } from '../src/golden-drafts.ts';
import { readCii } from '../src/read-cii.ts';
import { readUbl } from '../src/read-ubl.ts';
import { parseXml } from '../src/tree.ts';

const invoice = issueInvoice(goldenDrafts['de-xrechnung']!, 'R-1', '2026-03-02');
const [ubl, cii] = [toUbl(invoice), toCii(invoice)];

const lostInUbl = (xml: string) => difference(carried(invoice, 'ubl'), readUbl(parseXml(xml)));
const lostInCii = (xml: string) => difference(carried(invoice, 'cii'), readCii(parseXml(xml)));
const brokenRules = (xml: string) => checkArithmetic(readUbl(parseXml(xml))).map(({ rule }) => rule);

const spoiled = (xml: string, from: string, to: string): string => {
  assert.ok(xml.includes(from), `${from} is not in the document`);
  return xml.replace(from, to);
};

test('an invoice comes back from either syntax as it went in', () => {
  assert.equal(lostInUbl(ubl), undefined);
  assert.equal(lostInCii(cii), undefined);
});

test('a field that is missing or changed is named', () => {
  assert.equal(
    lostInUbl(spoiled(ubl, '<cbc:BuyerReference>04011000-12345-03</cbc:BuyerReference>', '')),
    '/buyerReference: "04011000-12345-03" became undefined',
  );
  assert.equal(
    lostInCii(spoiled(cii, '>12.5</ram:BilledQuantity>', '>12.6</ram:BilledQuantity>')),
    '/lines/0/quantity: "12.5" became "12.6"',
  );
});

test('a line that is missing or moved is noticed', () => {
  const [, first = '', second = ''] =
    /(<cac:InvoiceLine>[^]*?<\/cac:InvoiceLine>\n)(<cac:InvoiceLine>[^]*?<\/cac:InvoiceLine>\n)/.exec(ubl) ?? [];
  assert.match(String(lostInUbl(spoiled(ubl, first, ''))), /^\/lines\/0\//);
  assert.match(String(lostInUbl(spoiled(ubl, first + second, second + first))), /^\/lines\/0\//);
});

test('a sum that does not add up is found by its rule', () => {
  assert.deepEqual(brokenRules(ubl), []);
  const { lineTotal, payable, tax, taxSubtotals } = invoice.totals;
  const more = (amount: string) => amount.replace(/^\d/, (digit) => String((Number(digit) + 1) % 10));
  const amount = (name: string, from: string) =>
    spoiled(ubl, `<cbc:${name} currencyID="EUR">${from}<`, `<cbc:${name} currencyID="EUR">${more(from)}<`);
  assert.deepEqual(brokenRules(amount('PayableAmount', payable)), ['BR-CO-16']);
  assert.ok(brokenRules(amount('LineExtensionAmount', lineTotal)).includes('BR-CO-10'));
  assert.deepEqual(brokenRules(amount('TaxAmount', tax)), ['BR-CO-14', 'BR-CO-15']);
  assert.deepEqual(brokenRules(amount('TaxableAmount', taxSubtotals[0]!.taxable)), ['BR-S-08', 'BR-CO-17']);
  assert.deepEqual(
    brokenRules(spoiled(ubl, '<cbc:PriceAmount currencyID="EUR">96.00<', '<cbc:PriceAmount currencyID="EUR">97<')),
    ['BT-131'],
  );
});

test('VAT of a credit note may be a cent off its product, and no more', () => {
  const { tax, taxSubtotals } = invoice.totals;
  const first = taxSubtotals[0]!.tax;
  const off = (cents: number) => {
    const add = (amount: string) => (Number(amount) + cents / 100).toFixed(2);
    const xml = ubl.replaceAll(`>${first}</cbc:TaxAmount>`, `>${add(first)}</cbc:TaxAmount>`);
    const document = readUbl(parseXml(xml.replace(`>${tax}</cbc:TaxAmount>`, `>${add(tax)}</cbc:TaxAmount>`)));
    return checkArithmetic(document, 1n).map(({ rule }) => rule);
  };
  assert.deepEqual([off(1), off(2)], [['BR-CO-15'], ['BR-CO-15', 'BR-CO-17']]); // the totals were left as they were
});

test('a document that is not well formed is refused', () => {
  assert.throws(() => parseXml(spoiled(ubl, '</cbc:ID>', '</cbc:Id>')));
});
