import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decimal, type DraftLine, type InvoiceDraft } from '@invoicepress/invoice';
import { createCompiler, rulerOf } from '../src/typst.ts';
import { viewOf } from '../src/view.ts';
import { anIssuedInvoice } from './an-issued-invoice.ts';
import { createPdfRenderer } from './pdf-renderer.ts';
import { textOf } from './reading.ts';
import { aCard, aDirectDebit, aMaximalInvoice } from './xml/a-maximal-invoice.ts';

const renderer = createPdfRenderer();
const ruler = rulerOf(createCompiler());
const view = (overrides: Partial<InvoiceDraft> = {}) => viewOf(anIssuedInvoice(overrides), ruler);
const lineView = (line: Partial<DraftLine>) =>
  view({ lines: [{ name: 'Paper', quantity: '3', unitPrice: '100', taxRate: '19', ...line }] }).lines[0];

test('all that the standard can say is printed', async () => {
  const invoice = aMaximalInvoice();
  delete invoice.buyer.contact?.email; // how to reach the buyer is nothing that the buyer needs to be told
  const text = (await textOf(renderer.render(invoice).bytes)).replace(/\s/g, '');
  for (const value of named(invoice))
    assert.ok(text.includes(value.replace(/\s/g, '')), `${value} is missing in: ${text}`);
});

/** The values that name their business term. */
function named(value: unknown): string[] {
  if (typeof value === 'string') return /^bt-\d/i.test(value) ? [value] : [];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(named) : [];
}

test('a plain invoice has nothing that it does not say', () => {
  const { details, references, attachments, lines, totals, notes } = view();
  assert.deepEqual(
    details.map(([label]) => label),
    ['Number', 'Issue date', 'Delivery date', 'Order', 'Your reference', 'Your VAT ID'],
  );
  assert.deepEqual([references, attachments, notes], [[], [], []]);
  assert.ok(lines.every(({ adjustments }) => adjustments === null));
  assert.deepEqual(
    totals.map(([label]) => label),
    ['Total excluding VAT', 'VAT', 'Total including VAT'],
  );
});

test('what a line takes off and adds stands below it and adds up to its net amount', () => {
  const line = lineView({
    allowances: [{ reason: 'Trade discount', percent: '10', baseAmount: '300.00' }, { amount: '0.01' }],
    charges: [{ reason: 'Cutting', amount: '12.50' }],
  });
  assert.deepEqual(line?.adjustments, {
    gross: '300.00',
    rows: [
      ['Trade discount 10% × 300.00', '−30.00'],
      ['Discount', '−0.01'],
      ['Cutting', '12.50'],
    ],
  });
  assert.equal(line?.netAmount, '282.49');
  const figures = [line.adjustments?.gross, ...(line.adjustments?.rows ?? []).map(([, amount]) => amount)];
  const sum = figures.reduce((total, figure) => total.plus(figure.replace('−', '-')), decimal(0));
  assert.equal(sum.toFixed(2), line.netAmount);
});

test('a discounted price shows what it was', () => {
  const line = lineView({ unitPrice: undefined as never, grossPrice: '120', priceDiscount: '20' });
  assert.equal(line?.price, '100.00');
  assert.match(line?.description ?? '', /List price 120\.00\s· Discount −20\.00/);
});

test('what has no room beside the recipient stands below, in two columns of about the same height', () => {
  const { details, references } = viewOf(aMaximalInvoice(), ruler);
  assert.equal(details.length, 12);
  assert.equal(references.length, 2);
  const [left = 0, right = 0] = references.map((column) =>
    column.reduce((height, [, text]) => height + text.split('\n').length, 0),
  );
  assert.ok(Math.abs(left - right) <= 6, `${left} and ${right} lines`);
});

test('VAT is stated in a second currency with the rate', () => {
  const { totals } = view({ taxCurrency: { currency: 'PLN', rate: '4.25' } });
  assert.deepEqual(totals[2], ['VAT (1\u00a0EUR\u00a0=\u00a04.25\u00a0PLN)', '5,718.04 PLN']);
});

test('an exemption shows its reason, else its code, and neither when the category says it already', () => {
  const taxes = (line: Partial<DraftLine>) =>
    view({
      lines: [{ name: 'Course', quantity: '1', unitPrice: '5', ...line }],
    }).taxes[0];
  const exempt = { taxCategory: 'E', taxExemptionCode: 'VATEX-EU-132' } as const;
  assert.equal(taxes({ ...exempt, taxExemptionReason: 'Education' })?.reason, 'Education');
  assert.equal(taxes(exempt)?.reason, 'VATEX-EU-132');
  assert.equal(taxes({ taxCategory: 'AE' })?.reason, null);
});

test('what is collected by direct debit or card says so, and has no payment code', () => {
  const debit = view({ payment: aDirectDebit }).payment;
  assert.deepEqual(debit, {
    facts: [
      ['Method', 'Direct debit'],
      ['Mandate', 'BT-89'],
      ['Creditor ID', 'DE98ZZZ09999999999'],
      ['Debited account', 'AT61 1904 3002 3457 3201'.replaceAll(' ', '\u00a0')],
    ],
    code: null,
  });
  assert.deepEqual(view({ payment: aCard }).payment, { facts: [['Card', '•••• 123456 · BT-88']], code: null });
});

test('legal information stands in the foot, or among the notes when it is long', () => {
  const { seller } = anIssuedInvoice();
  const short = view({ seller: { ...seller, legalInformation: 'Managing director: Ida Moritz' } });
  assert.deepEqual([short.running.foot.at(-1), short.notes], [['Managing director: Ida Moritz'], []]);
  const text = 'All our terms. '.repeat(20).trim();
  const long = view({ seller: { ...seller, legalInformation: text } });
  assert.deepEqual([long.running.foot, long.notes], [view().running.foot, [text]]);
});

test('an electronic address that repeats what is said anyway is left out', () => {
  const { seller } = anIssuedInvoice();
  const foot = (id: string, scheme: string) =>
    view({ seller: { ...seller, electronicAddress: { id, scheme } } }).running.foot.flat();
  assert.deepEqual(foot('rechnung@halden-moritz.example', 'EM'), view().running.foot.flat());
  assert.deepEqual(foot('DE293847561', '9930'), view().running.foot.flat());
  assert.deepEqual(foot('HRB 214553 B', '0246'), view().running.foot.flat());
  assert.ok(foot('991-01484-64', '0204').includes('E-invoice address 0204:991-01484-64'));
});

test('an e-mail address breaks where the foot has four columns', () => {
  const { seller } = anIssuedInvoice();
  const email = 'accounts@halden-moritz.example';
  const { foot } = view({ seller: { ...seller, contact: { email }, legalInformation: 'GmbH' } }).running;
  assert.deepEqual(foot[1]?.[0]?.split('\u200b'), ['accounts@', 'halden-', 'moritz.', 'example']);
});

test('many preceding invoices run on, a few stand below each other', () => {
  const preceding = (count: number) => {
    const precedingInvoices = Array.from({ length: count }, (_, index) => ({ number: `R-${index}` }));
    return view({ precedingInvoices }).details.find(([label]) => label === 'Refers to')?.[1];
  };
  assert.equal(preceding(3), 'R-0\nR-1\nR-2');
  assert.equal(preceding(5), 'R-0, R-1, R-2, R-3, R-4');
});

test('facts side by side keep their order on a right-to-left page', () => {
  const [line] = view({
    language: 'ar',
    lines: [{ name: 'Paper', quantity: '1', unitPrice: '1', taxRate: '19', sellerItemId: 'A-1', buyerItemId: 'B-2' }],
  }).lines;
  assert.match(line?.description ?? '', /\u200eA-1\u200e\u00a0\u200f·\u200f .*\u200eB-2\u200e/);
});
