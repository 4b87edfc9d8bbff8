import type { Invoice } from '@invoicepress/client';
import { aDraft } from '@invoicepress/invoice/testing';
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { assertProblem, faultsIn } from './assert-problem.ts';
import { startApi, type Tenant } from './start-api.ts';

const api = await startApi({}, { clock: () => new Date('2027-01-01T00:30:00Z') });
after(() => api[Symbol.asyncDispose]());

const fromSeries = (fields: Partial<Parameters<typeof aDraft>[0]> = {}) => aDraft({ series: 'sales', ...fields });
const aTenantWithSeries = async (fields: object = {}): Promise<Tenant> => {
  const tenant = await api.tenant();
  await tenant.client.createNumberSeries({ name: 'sales', prefix: 'S-', padding: 4, ...fields });
  return tenant;
};
const numbersOf = async (tenant: Tenant): Promise<string[]> => {
  const invoices = await Array.fromAsync(tenant.client.listInvoices({ limit: '200' }));
  return invoices.map(({ number }) => number).toSorted();
};
const upTo = (count: number, prefix = 'S-') =>
  Array.from({ length: count }, (_, i) => `${prefix}${String(i + 1).padStart(4, '0')}`);

test("a client's own number is unique for its tenant and free for every other", async () => {
  const [one, other] = [await api.tenant(), await api.tenant()];
  const first = await one.client.submitInvoice(aDraft({ number: 'R-1' }));
  const { detail } = await assertProblem(await one.post('/v1/invoices', aDraft({ number: 'R-1' })), 'number-taken');
  assert.match(detail, new RegExp(`R-1.*${first.id}`));
  assert.equal((await other.client.submitInvoice(aDraft({ number: 'R-1' }))).number, 'R-1');
});

test('a canceled invoice keeps its number', async () => {
  const tenant = await api.tenant();
  const { id } = await tenant.client.submitInvoice(aDraft({ number: 'R-1' }));
  await tenant.client.cancelInvoice(id);
  await assertProblem(await tenant.post('/v1/invoices', aDraft({ number: 'R-1' })), 'number-taken');
});

test('a series numbers in the order of acceptance', async () => {
  const tenant = await aTenantWithSeries();
  for (const expected of upTo(3)) assert.equal((await tenant.client.submitInvoice(fromSeries())).number, expected);
});

test('numbers of a series are gapless and unique under concurrency, refused invoices and batches included', async () => {
  const tenant = await aTenantWithSeries();
  await tenant.client.submitInvoice(fromSeries({ externalId: 'known' }));
  const single = async (i: number) =>
    (await tenant.post('/v1/invoices', fromSeries({ externalId: i % 3 === 0 ? 'known' : `single-${i}` }))).status;
  const batch = async (i: number) => {
    const { accepted } = await tenant.client.submitBatch([
      fromSeries({ externalId: `batch-${i}` }),
      fromSeries({ externalId: 'known' }),
      fromSeries({ currency: 'nothing' }),
      fromSeries({ externalId: `batch-${i}` }),
      fromSeries(),
    ]);
    return accepted;
  };
  const worker = async (first: number) => {
    let accepted = 0;
    for (let i = first; i < 48; i += 8) accepted += i % 4 === 0 ? await batch(i) : (await single(i)) === 202 ? 1 : 0;
    return accepted;
  };
  const accepted = (await Promise.all(Array.from({ length: 8 }, (_, first) => worker(first)))).reduce((a, b) => a + b);
  assert.ok(accepted > 40);
  assert.deepEqual(await numbersOf(tenant), upTo(accepted + 1));
});

test('a refused invoice takes no number', async () => {
  const tenant = await aTenantWithSeries();
  await tenant.client.submitInvoice(fromSeries({ externalId: 'a' }));
  await assertProblem(await tenant.post('/v1/invoices', fromSeries({ externalId: 'a' })), 'external-id-taken');
  await assertProblem(await tenant.post('/v1/invoices', fromSeries({ totals: { tax: '1' } })), 'invalid-invoice');
  assert.equal((await tenant.client.submitInvoice(fromSeries())).number, 'S-0002');
});

test('a yearly series starts again with each year of issue, whatever the order of arrival', async () => {
  const tenant = await aTenantWithSeries({ yearlyReset: true });
  const { issueDate: _, ...undated } = fromSeries();
  const submit = async (draft: Parameters<typeof tenant.client.submitInvoice>[0]) =>
    (await tenant.client.submitInvoice(draft)).number;
  assert.equal(await submit(fromSeries({ issueDate: '2026-12-31' })), 'S-2026-0001');
  assert.equal(await submit(undated), 'S-2027-0001');
  assert.equal(await submit(fromSeries({ issueDate: '2026-12-31' })), 'S-2026-0002');
  assert.equal(await submit(undated), 'S-2027-0002');
});

test('a series that reaches a number somebody brought along passes over it', async () => {
  const tenant = await aTenantWithSeries();
  await tenant.client.submitInvoice(aDraft({ number: 'S-0002' }));
  const { outcomes } = await tenant.client.submitBatch([
    fromSeries(),
    fromSeries(),
    aDraft({ number: 'S-0004' }),
    fromSeries(),
    aDraft({ number: 'S-0002' }),
  ]);
  const numbers = outcomes.map((outcome) => ('invoice' in outcome ? outcome.invoice.number : outcome.status));
  assert.deepEqual(numbers, ['S-0001', 'S-0003', 'S-0004', 'S-0005', 409]);
  assert.equal((await tenant.client.submitInvoice(fromSeries())).number, 'S-0006');
});

test('series belong to one tenant, and count for it alone', async () => {
  const [one, other] = [await aTenantWithSeries(), await aTenantWithSeries({ prefix: 'T-' })];
  await one.client.submitInvoice(fromSeries());
  assert.equal((await other.client.submitInvoice(fromSeries())).number, 'T-0001');
  const stranger = await api.tenant();
  assert.ok(
    '/series' in faultsIn(await assertProblem(await stranger.post('/v1/invoices', fromSeries()), 'invalid-invoice')),
  );
});

test('a series is defined once, listed, and never changed', async () => {
  const tenant = await aTenantWithSeries();
  await assertProblem(await tenant.post('/v1/number-series', { name: 'sales', prefix: 'X-' }), 'series-taken');
  const response = await tenant.fetch('/v1/number-series');
  assert.deepEqual(await response.json(), {
    series: [{ name: 'sales', prefix: 'S-', padding: 4, yearlyReset: false }],
  });
});

test('a number outgrows its padding without a fault', async () => {
  const tenant = await aTenantWithSeries({ padding: 0 });
  const invoices: Invoice[] = [];
  for (let i = 0; i < 11; i++) invoices.push(await tenant.client.submitInvoice(fromSeries()));
  assert.deepEqual([invoices.at(8)?.number, invoices.at(-1)?.number], ['S-9', 'S-11']);
});
