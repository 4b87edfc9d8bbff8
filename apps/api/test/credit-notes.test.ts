import type { CreateCreditNote, Invoice } from '@invoicepress/client';
import { aDraft, aLine } from '@invoicepress/invoice/testing';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { setTenant } from '../src/administration.ts';
import { assertProblem, faultsIn } from './assert-problem.ts';
import { frozenInvoice, makeFailed, makeReady } from './make-ready.ts';
import { sharedApi, type Tenant } from './start-api.ts';

const api = await sharedApi();

const aTenant = async (): Promise<Tenant> => {
  const tenant = await api.tenant();
  await tenant.client.createNumberSeries({ name: 'credits', prefix: 'C-', padding: 3 });
  return tenant;
};
/** 240.00 and 59.70 net, 356.64 with VAT, unless a test says otherwise. */
const aReadyInvoice = async (tenant: Tenant, overrides: Parameters<typeof aDraft>[0] = {}): Promise<Invoice> => {
  const invoice = await tenant.client.submitInvoice(aDraft({ number: randomUUID(), ...overrides }));
  await makeReady(api, tenant, invoice.id);
  return tenant.client.getInvoice(invoice.id);
};
const credit = (tenant: Tenant, { id }: Invoice, request: CreateCreditNote = {}) =>
  tenant.client.createCreditNote(id, { series: 'credits', ...request });
const pathOf = ({ id }: Invoice) => `/v1/invoices/${id}/credit-notes`;

test('a full credit note mirrors its invoice, with a number of its own, and each refers to the other', async () => {
  const tenant = await aTenant();
  const invoice = await aReadyInvoice(tenant, {
    buyerReference: 'B-7',
    allowances: [{ reason: 'Discount', baseAmount: '299.70', percent: '10', taxRate: '19' }],
    prepaidAmount: '50.00',
    roundingAmount: '0.02',
    payment: { iban: 'DE89370400440532013000', terms: '14 days', reference: 'R-1' },
    notes: ['Pay soon.', { text: 'By law.', subjectCode: 'REG' }],
  });
  const note = await credit(tenant, invoice, { reason: 'Never delivered.', externalId: 'credit-1' });
  assert.deepEqual([note.number, note.typeCode, note.status, note.externalId], ['C-001', '381', 'queued', 'credit-1']);
  assert.deepEqual(note.totals, invoice.totals);
  assert.deepEqual(note.credits, { id: invoice.id, number: invoice.number });

  const issued = await frozenInvoice(api, tenant, note.id);
  assert.deepEqual(issued.precedingInvoices, [{ number: invoice.number, issueDate: invoice.issueDate }]);
  assert.deepEqual([issued.seller, issued.buyerReference, issued.currency], [aDraft().seller, 'B-7', 'EUR']);
  assert.deepEqual(issued.notes, [{ text: 'Never delivered.' }, { text: 'By law.', subjectCode: 'REG' }]);
  assert.deepEqual([issued.dueDate, issued.payment], [undefined, { iban: 'DE89370400440532013000' }]);

  const credited = await tenant.client.getInvoice(invoice.id);
  const { id, number, status, issueDate, totals, typeCode } = await tenant.client.getInvoice(note.id);
  assert.deepEqual(credited.creditNotes, [{ id, number, status, typeCode, issueDate, totals }]);
  const nothing = { taxExclusive: '0.00', tax: '0.00', taxInclusive: '0.00', payable: '0.00' };
  assert.deepEqual(credited.creditable, nothing);
  assert.deepEqual((await tenant.client.getCreditNotes(invoice.id)).creditable, { ...nothing, lines: [] });
});

test('parts are credited by quantity, by amount, and the rest as it is left; documents say what each comes to', async () => {
  const tenant = await aTenant();
  const invoice = await aReadyInvoice(tenant, {
    charges: [{ reason: 'Freight', amount: '10.00', taxRate: '19' }],
  });
  const hour = await credit(tenant, invoice, { lines: [{ line: '1', quantity: '1' }] });
  // 80.00 and its share of the freight: 10.00 × 80.00 ÷ 299.70 = 2.67
  assert.equal(hour.totals.taxExclusive, '82.67');
  const reduction = await credit(tenant, invoice, { lines: [{ line: '2', amount: '9.70' }] });
  assert.equal(reduction.totals.taxExclusive, '10.02');
  assert.deepEqual((await tenant.client.getCreditNotes(invoice.id)).creditable?.lines, [
    { line: '1', quantity: '2', netAmount: '160.00' },
    { line: '2', netAmount: '50.00' },
  ]);
  const byQuantity = { lines: [{ line: '2', quantity: '1' }], series: 'credits' };
  const problem = await assertProblem(await tenant.post(pathOf(invoice), byQuantity), 'exceeds-creditable');
  assert.match(faultsIn(problem)['/lines/0/quantity'] ?? '', /credit the rest, 50.00, by amount/);

  const rest = await credit(tenant, invoice);
  assert.deepEqual(
    (await frozenInvoice(api, tenant, rest.id)).lines.map(({ netAmount }) => netAmount),
    ['160.00', '50.00'],
  );
  const sum = (name: keyof Invoice['totals']) =>
    [hour, reduction, rest].reduce((cents, { totals }) => cents + Math.round(Number(totals[name]) * 100), 0);
  for (const name of ['taxExclusive', 'tax', 'taxInclusive', 'payable'] as const)
    assert.equal(sum(name), Math.round(Number(invoice.totals[name]) * 100), name);
});

test('a body is optional: then all that is left is credited, in the series that the tenant has for it', async () => {
  const tenant = await aTenant();
  const invoice = await aReadyInvoice(tenant);
  const post = (headers = {}) => tenant.fetch(pathOf(invoice), { method: 'POST', headers });
  const { errors } = await assertProblem(await post(), 'invalid-request');
  assert.match(errors?.[0]?.detail ?? '', /no series for credit notes/);
  await assert.rejects(setTenant(api.migrator, { slug: tenant.slug, creditNoteSeries: 'none' }), /no number series/);
  await setTenant(api.migrator, { slug: tenant.slug, creditNoteSeries: 'credits' });
  const keyed = { 'idempotency-key': 'once' };
  const first = await post(keyed);
  assert.equal(first.status, 202);
  const body = await first.text();
  const { number, totals } = JSON.parse(body) as Invoice;
  assert.deepEqual([number, totals], ['C-001', invoice.totals]);
  const repeated = await post(keyed);
  assert.deepEqual([repeated.status, await repeated.text()], [202, body]);
  assert.equal(repeated.headers.get('location'), first.headers.get('location'));
  await assertProblem(await post(), 'exceeds-creditable');
});

test('only a ready invoice of the same tenant can be credited, and no credit note', async () => {
  const tenant = await aTenant();
  const queued = await tenant.client.submitInvoice(aDraft({ number: 'queued' }));
  const { detail } = await assertProblem(await tenant.post(pathOf(queued), { number: 'C' }), 'wrong-status');
  assert.match(detail, /a queued invoice cannot be credited. Cancel it, or wait until it is ready/);
  const failed = await tenant.client.submitInvoice(aDraft({ number: 'failed' }));
  await makeFailed(api, tenant, failed.id);
  await assertProblem(await tenant.post(pathOf(failed), { number: 'C' }), 'wrong-status');

  const invoice = await aReadyInvoice(tenant);
  const note = await credit(tenant, invoice, { lines: [{ line: '1', quantity: '1' }] });
  await makeReady(api, tenant, note.id);
  await assertProblem(await tenant.post(pathOf(note), { number: 'C' }), 'not-creditable');
  const stranger = await aTenant();
  await assertProblem(await stranger.post(pathOf(invoice), { number: 'C' }), 'not-found');
  await assertProblem(await stranger.fetch(pathOf(invoice)), 'not-found');
});

test('credits that come at the same time never exceed what there is', async () => {
  const tenant = await aTenant();
  const invoice = await aReadyInvoice(tenant);
  const request = { series: 'credits', lines: [{ line: '2', quantity: '2' }] };
  const answers = await Promise.all(Array.from({ length: 8 }, () => tenant.post(pathOf(invoice), request)));
  const accepted = answers.filter(({ status }) => status === 202);
  assert.equal(accepted.length, 3); // of 6 pieces
  for (const answer of answers) if (answer.status !== 202) await assertProblem(answer, 'exceeds-creditable');
  const { creditNotes = [], creditable } = await tenant.client.getInvoice(invoice.id);
  assert.deepEqual(creditNotes.map(({ number }) => number).toSorted(), ['C-001', 'C-002', 'C-003']);
  assert.equal(creditable?.taxExclusive, '240.00');
});

test('what a canceled or failed credit note took is left again; a retry takes it again, or is refused', async () => {
  const tenant = await aTenant();
  const invoice = await aReadyInvoice(tenant);
  const canceled = await credit(tenant, invoice);
  await tenant.client.cancelInvoice(canceled.id);
  assert.deepEqual((await tenant.client.getInvoice(invoice.id)).creditable, invoice.creditable);

  const failed = await credit(tenant, invoice, { lines: [{ line: '1', quantity: '2' }] });
  await makeFailed(api, tenant, failed.id);
  const other = await credit(tenant, invoice, { lines: [{ line: '1', quantity: '2' }] });
  const retry = await tenant.post(`/v1/invoices/${failed.id}/retry`);
  assert.match((await assertProblem(retry, 'exceeds-creditable')).detail, /line 1 \(Consulting\)/);
  await tenant.client.cancelInvoice(other.id);
  assert.equal((await tenant.client.retryInvoice(failed.id)).status, 'queued');
  assert.equal((await tenant.client.getInvoice(invoice.id)).creditable?.taxExclusive, '139.70');
});

test('the rules of the profiles hold for a credit note before it takes a number', async () => {
  const tenant = await aTenant();
  const invoice = await aReadyInvoice(tenant);
  const response = await tenant.post(pathOf(invoice), { series: 'credits', profiles: ['xrechnung'] });
  const { errors } = await assertProblem(response, 'invalid-invoice');
  assert.ok(errors?.some(({ rule }) => rule === 'BR-DE-15'));
  assert.equal((await credit(tenant, invoice)).number, 'C-001');
});

test('what makes no sense is refused with a pointer to each fault', async () => {
  const tenant = await aTenant();
  const lines = [aLine(), aLine({ quantity: '-1', name: 'Return' }), aLine({ id: 'x' }), aLine({ id: 'x' })];
  const invoice = await aReadyInvoice(tenant, { lines });
  const cases: [object, Parameters<typeof assertProblem>[1], string][] = [
    [{ lines: [] }, 'invalid-request', '/lines'],
    [{ lines: [{ line: '9' }] }, 'invalid-request', '/lines/0/line'],
    [{ lines: [{ line: 'x' }] }, 'invalid-request', '/lines/0/line'],
    [{ lines: [{ line: '1' }, { line: '1' }] }, 'invalid-request', '/lines/1/line'],
    [{ lines: [{ line: '1', quantity: '1', amount: '1' }] }, 'invalid-request', '/lines/0'],
    [{ lines: [{ line: '1', quantity: '3.5' }] }, 'exceeds-creditable', '/lines/0/quantity'],
    [{ lines: [{ line: '1', quantity: '0' }] }, 'exceeds-creditable', '/lines/0/quantity'],
    [{ lines: [{ line: '1', quantity: '-1' }] }, 'exceeds-creditable', '/lines/0/quantity'],
    [{ lines: [{ line: '1', amount: '240.01' }] }, 'exceeds-creditable', '/lines/0/amount'],
    [{ lines: [{ line: '2', quantity: '1' }] }, 'exceeds-creditable', '/lines/0/quantity'],
    [{ lines: [{ line: '2' }] }, 'exceeds-creditable', '/lines'], // its return alone would be money the other way
    [{ series: 'nobody' }, 'invalid-invoice', '/series'],
    [{ number: 'C-1', series: 'credits' }, 'invalid-invoice', '/number'],
    [{ number: invoice.number, series: undefined }, 'number-taken', '/number'],
  ];
  for (const [request, type, pointer] of cases) {
    const problem = await assertProblem(await tenant.post(pathOf(invoice), { series: 'credits', ...request }), type);
    assert.deepEqual(Object.keys(faultsIn(problem)), [pointer], JSON.stringify(request));
  }
  assert.deepEqual((await tenant.client.getInvoice(invoice.id)).creditNotes, []);
});

test('whatever happens to its credit notes changes the ETag of an invoice, and nothing else does', async () => {
  const tenant = await aTenant();
  const invoice = await aReadyInvoice(tenant);
  const path = `/v1/invoices/${invoice.id}`;
  const tag = async () => (await tenant.fetch(path)).headers.get('etag') ?? '';
  const seen = [await tag()];
  const next = async () => {
    const { status } = await tenant.fetch(path, { headers: { 'if-none-match': seen.at(-1) ?? '' } });
    assert.equal(status, 200, `${seen.length} changes`);
    seen.push(await tag());
    const again = await tenant.fetch(path, { headers: { 'if-none-match': seen.at(-1) ?? '' } });
    assert.equal(again.status, 304);
  };
  const one = await credit(tenant, invoice, { lines: [{ line: '1', quantity: '1' }] });
  await next();
  const two = await credit(tenant, invoice, { lines: [{ line: '2', quantity: '1' }] });
  await next();
  await tenant.client.cancelInvoice(one.id);
  await next();
  await makeReady(api, tenant, two.id);
  await next();
  assert.equal(new Set(seen).size, 5);
});
