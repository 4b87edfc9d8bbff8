import assert from 'node:assert/strict';
import { test } from 'node:test';
import { issueInvoice } from '@invoicepress/invoice';
import { aDraft, aLine } from './a-draft.ts';

test('an issued invoice has every default filled in', () => {
  const {
    issueDate: _date,
    language: _language,
    ...draft
  } = aDraft({ series: 'DEMO', lines: [{ name: 'Tea', quantity: '2', unitPrice: '3', taxRate: '7.00' }] });
  const invoice = issueInvoice(draft, 'DEMO-2026-00007', '2026-11-22');
  assert.equal(invoice.number, 'DEMO-2026-00007');
  assert.equal(invoice.typeCode, '380');
  assert.equal(invoice.issueDate, '2026-11-22');
  assert.equal(invoice.language, 'en');
  assert.equal(invoice.paperSize, 'A4');
  assert.deepEqual(invoice.allowances, []);
  assert.deepEqual(invoice.charges, []);
  assert.deepEqual(invoice.notes, []);
  assert.deepEqual(invoice.formats, ['pdf']);
  assert.deepEqual(invoice.profiles, ['en16931']);
  assert.deepEqual(invoice.lines, [
    {
      id: '1',
      name: 'Tea',
      quantity: '2',
      unit: 'C62',
      unitPrice: '3',
      priceBaseQuantity: '1',
      allowances: [],
      charges: [],
      netAmount: '6.00',
      taxCategory: 'S',
      taxRate: '7',
    },
  ]);
});

test('what the client chose stays as it was', () => {
  const draft = aDraft({
    typeCode: '381',
    language: 'de-AT',
    paperSize: 'Letter',
    lines: [aLine({ id: 'A-7', unit: 'DAY', priceBaseQuantity: '2' })],
  });
  const invoice = issueInvoice(draft, 'R-1', '2030-01-01');
  assert.equal(invoice.issueDate, '2026-03-02');
  assert.deepEqual([invoice.typeCode, invoice.language, invoice.paperSize], ['381', 'de-AT', 'Letter']);
  assert.deepEqual(
    [invoice.lines[0]?.id, invoice.lines[0]?.unit, invoice.lines[0]?.priceBaseQuantity],
    ['A-7', 'DAY', '2'],
  );
});

test('labels, claims and the series stay outside of what is frozen', () => {
  const draft = aDraft({
    series: 'DEMO',
    externalId: 'order-1',
    metadata: { project: 'alpha' },
    totals: { payable: '356.64' },
  });
  const invoice = issueInvoice(draft, 'DEMO-1', '2026-03-02');
  assert.ok(!('series' in invoice) && !('metadata' in invoice) && !('externalId' in invoice));
  assert.equal(invoice.totals.payable, '356.64');
});

test('issuing leaves the draft as it was', () => {
  const draft = aDraft();
  const before = structuredClone(draft);
  issueInvoice(draft, 'R-1', '2026-03-02');
  assert.deepEqual(draft, before);
});
