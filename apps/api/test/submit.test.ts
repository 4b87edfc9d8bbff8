import { aDraft, aLine } from '@invoicepress/invoice/testing';
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { assertProblem, faultsIn } from './assert-problem.ts';
import { startApi } from './start-api.ts';

const api = await startApi({}, { clock: () => new Date('2026-05-04T23:30:00Z') });
after(() => api[Symbol.asyncDispose]());

test('a submitted invoice is accepted, stored as queued and handed to the workers once', async () => {
  const tenant = await api.tenant();
  const response = await tenant.post(
    '/v1/invoices',
    aDraft({ externalId: 'order-1', metadata: { project: 'alpha', b: 1, a: [2] } }),
  );
  assert.equal(response.status, 202);
  const invoice = (await response.json()) as Awaited<ReturnType<typeof tenant.client.getInvoice>>;
  assert.equal(response.headers.get('location'), `/v1/invoices/${invoice.id}`);
  assert.equal(invoice.status, 'queued');
  assert.equal(invoice.generation, 1);
  assert.deepEqual(await tenant.client.getInvoice(invoice.id), invoice);

  const job = { tenantId: tenant.id, invoiceId: invoice.id, generation: 1 };
  assert.deepEqual(await api.context.queue.presence([job]), ['waiting']);
  assert.equal((await api.context.queue.depth()).waiting, 1);
});

test('totals are computed here, to the cent', async () => {
  const tenant = await api.tenant();
  const { totals, currency } = await tenant.client.submitInvoice(aDraft());
  assert.equal(currency, 'EUR');
  assert.deepEqual(totals, { taxExclusive: '299.70', tax: '56.94', taxInclusive: '356.64', payable: '356.64' });
});

test('amounts have the decimals of their currency', async () => {
  const tenant = await api.tenant();
  const lines = [aLine({ quantity: '3', unitPrice: '333.4', taxRate: '10' })];
  const { id } = await tenant.client.submitInvoice(aDraft({ currency: 'JPY', lines }));
  const { totals } = await tenant.client.getInvoice(id);
  assert.deepEqual(totals, { taxExclusive: '1000', tax: '100', taxInclusive: '1100', payable: '1100' });
});

test('totals that agree are accepted, however many zeros they end in', async () => {
  const tenant = await api.tenant();
  const response = await tenant.post('/v1/invoices', aDraft({ totals: { taxExclusive: '299.7', payable: '356.64' } }));
  assert.equal(response.status, 202);
});

test('totals that disagree are refused, and both figures are shown', async () => {
  const tenant = await api.tenant();
  const draft = aDraft({ lines: [aLine({ netAmount: '240.01' })], totals: { tax: '45.61', payable: '-1' } });
  const faults = faultsIn(await assertProblem(await tenant.post('/v1/invoices', draft), 'invalid-invoice'));
  assert.match(faults['/lines/0/netAmount'] ?? '', /240\.01.*240\.00/);
  assert.match(faults['/totals/tax'] ?? '', /45\.61.*45\.60/);
  assert.match(faults['/totals/payable'] ?? '', /-1.*285\.60/);
  assert.deepEqual((await tenant.client.listPage()).invoices, []);
});

test('an invoice without a date is issued on the day of its acceptance, by UTC', async () => {
  const tenant = await api.tenant();
  const { issueDate: _, dueDate: __, ...draft } = aDraft();
  assert.equal((await tenant.client.submitInvoice(draft)).issueDate, '2026-05-04');
});

test('every fault of an invoice is told at once', async () => {
  const tenant = await api.tenant();
  const draft = aDraft({ currency: 'EUX', dueDate: '2026-02-30', lines: [aLine({ quantity: '1e3' })] });
  const faults = faultsIn(await assertProblem(await tenant.post('/v1/invoices', draft), 'invalid-invoice'));
  assert.deepEqual(Object.keys(faults).toSorted(), ['/currency', '/dueDate', '/lines/0/quantity']);
});

test('an externalId is taken for ever, and its problem names the invoice that has it', async () => {
  const tenant = await api.tenant();
  const first = await tenant.client.submitInvoice(aDraft({ number: 'A-1', externalId: 'order-1' }));
  const response = await tenant.post('/v1/invoices', aDraft({ number: 'A-2', externalId: 'order-1' }));
  const { detail } = await assertProblem(response, 'external-id-taken');
  assert.match(detail, new RegExp(first.id));
});

test('acceptance is logged and counted, with the ids of the request', async () => {
  const tenant = await api.tenant();
  const response = await tenant.post('/v1/invoices', aDraft());
  const { id } = (await response.json()) as { id: string };
  const line = api.log.lines('invoice_accepted').find(({ invoiceId }) => invoiceId === id);
  assert.equal(line?.tenantId, tenant.id);
  assert.equal(line?.clientId, tenant.clientId);
  assert.equal(line?.requestId, response.headers.get('x-request-id'));
});
