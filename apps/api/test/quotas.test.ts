import { BatchOutcome } from '@invoicepress/client';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, test } from 'node:test';
import { aDraft } from '@invoicepress/invoice/testing';
import { limitTenant } from '../src/administration.ts';
import { assertProblem } from './assert-problem.ts';
import { startApi, type Tenant } from './start-api.ts';

const noon = new Date('2026-11-27T12:00:00.500Z');
const api = await startApi({ QUOTA_INVOICES_PER_DAY: '3', QUOTA_BATCH_SIZE: '4' }, { clock: () => noon });
after(() => api[Symbol.asyncDispose]());

let number = 0;
const anInvoice = () => aDraft({ number: `Q-${(number += 1)}` });
const limit = ({ slug }: Tenant, quotas: Partial<Record<'invoicesPerDay' | 'batchSize' | 'storageMb', string>>) =>
  limitTenant(api.migrator, { slug, invoicesPerDay: undefined, batchSize: undefined, storageMb: undefined, ...quotas });
const invoicesOf = async (tenant: Tenant) => (await tenant.client.listPage()).invoices.length;

test('a used-up day answers 429 until midnight UTC, leaves nothing behind, and repeats what was accepted', async () => {
  const tenant = await api.tenant();
  const key = { 'idempotency-key': randomUUID() };
  const [first, extra] = [anInvoice(), { 'idempotency-key': randomUUID() }];
  for (const [left, invoice, headers] of [
    [2, first, key],
    [1, anInvoice()],
    [0, anInvoice()],
  ] as const) {
    const response = await tenant.post('/v1/invoices', invoice, headers);
    assert.equal(response.status, 202);
    assert.match(response.headers.get('ratelimit') ?? '', new RegExp(`"client"; r=.*"invoices"; r=${left}; t=43200`));
    assert.match(response.headers.get('ratelimit-policy') ?? '', /"invoices"; q=3; w=86400/);
  }
  const one = anInvoice();
  const refused = await tenant.post('/v1/invoices', one, extra);
  assert.equal(refused.headers.get('retry-after'), '43200');
  assert.match(refused.headers.get('ratelimit') ?? '', /"invoices"; r=0/);
  const problem = await assertProblem(refused, 'daily-quota-used-up');
  assert.match(problem.detail, /2026-11-28T00:00:00.000Z/);
  assert.equal(await invoicesOf(tenant), 3);
  assert.equal((await tenant.post('/v1/invoices', first, key)).status, 202);

  await limit(tenant, { invoicesPerDay: 'unlimited' });
  const mended = await tenant.post('/v1/invoices', one, extra);
  assert.equal(mended.status, 202);
  assert.doesNotMatch(mended.headers.get('ratelimit') ?? '', /"invoices"/);
});

test('a batch is accepted up to the quota, with an outcome for each invoice', async () => {
  const [tenant, neighbour] = [await api.tenant(), await api.tenant()];
  const batch = async ({ post }: Tenant) => {
    const invoices = Array.from({ length: 4 }, anInvoice);
    return BatchOutcome.parse(await (await post('/v1/invoices/batch', { invoices })).json());
  };
  const { accepted, outcomes } = await batch(tenant);
  assert.equal(accepted, 3);
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    [202, 202, 202, 429],
  );
  assert.match(JSON.stringify(outcomes[3]), /problems\/daily-quota-used-up/);
  assert.equal(await invoicesOf(tenant), 3);
  assert.equal((await batch(neighbour)).accepted, 3);
});

test('a batch larger than a tenant may send is refused whole', async () => {
  const tenant = await api.tenant();
  await limit(tenant, { batchSize: '1' });
  const invoices = [anInvoice(), anInvoice()];
  const problem = await assertProblem(await tenant.post('/v1/invoices/batch', { invoices }), 'batch-quota-exceeded');
  assert.match(problem.detail, /up to 1 invoices, and this one has 2/);
  assert.equal(await invoicesOf(tenant), 0);
  await limit(tenant, { batchSize: 'standard' });
  assert.equal((await tenant.post('/v1/invoices/batch', { invoices })).status, 202);
});

test('a tenant whose documents fill its storage hands in no more', async () => {
  const tenant = await api.tenant();
  await limit(tenant, { storageMb: '1' });
  assert.equal((await tenant.post('/v1/invoices', anInvoice())).status, 202);
  await api.superuser.prisma.$executeRaw`
    UPDATE tenant_usage SET stored_bytes = 1000000, counted_at = now() WHERE tenant_id = ${tenant.id}::uuid`;
  await assertProblem(await tenant.post('/v1/invoices', anInvoice()), 'storage-quota-used-up');
  const response = await tenant.post('/v1/invoices/batch', { invoices: [anInvoice()] });
  const { outcomes } = BatchOutcome.parse(await response.json());
  assert.equal(outcomes[0]?.status, 403);
  assert.equal(await invoicesOf(tenant), 1);
});

test('quotas are numbers, unlimited or standard, of a tenant that there is', async () => {
  const tenant = await api.tenant();
  await limit(tenant, { invoicesPerDay: '7', batchSize: 'unlimited' });
  assert.deepEqual(await limit(tenant, { storageMb: '2' }), {
    slug: tenant.slug,
    invoicesPerDay: 7,
    batchSize: 0,
    storageBytes: 2_000_000,
  });
  for (const batchSize of ['0', '-1', '1.5', '1001', 'many'])
    await assert.rejects(
      limit(tenant, { batchSize }),
      /--batch-size is a number from 1 to 1000, unlimited, or standard/,
    );
  await assert.rejects(limit({ ...tenant, slug: 'nobody' }, {}), /there is no tenant "nobody"/);
});
