import { operations, type Invoice, type Operation } from '@invoicepress/client';
import { forgetExpiredKeys } from '@invoicepress/database';
import { aDraft } from '@invoicepress/invoice/testing';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { assertProblem, faultsIn } from './assert-problem.ts';
import { makeFailed } from './make-ready.ts';
import { sharedApi, type Tenant } from './start-api.ts';

const api = await sharedApi();
const key = (name: string) => ({ 'idempotency-key': name });

/** What a client sees of an answer and must see again. */
const seen = async (response: Response) => ({
  status: response.status,
  type: response.headers.get('content-type'),
  location: response.headers.get('location'),
  body: await response.text(),
});
const numbersOf = async ({ client }: Tenant) => (await client.listPage()).invoices.map(({ number }) => number);
const submitted = (tenant: Tenant): Promise<Invoice> => tenant.client.submitInvoice(aDraft());

test('a repeated request gets the first answer, byte for byte, and stores nothing', async () => {
  const tenant = await api.tenant();
  const first = await seen(await tenant.post('/v1/invoices', aDraft(), key('k')));
  const { id } = JSON.parse(first.body) as { id: string };
  assert.deepEqual([first.status, first.location], [202, `/v1/invoices/${id}`]);
  await tenant.client.cancelInvoice(id); // the answer stays what it was
  assert.deepEqual(await seen(await tenant.post('/v1/invoices', aDraft(), key('k'))), first);
  assert.equal((await tenant.client.listPage()).invoices.length, 1);
});

test('a repeated request enqueues nothing', async () => {
  const tenant = await api.tenant();
  const { waiting } = await api.context.queue.depth();
  for (let i = 0; i < 3; i++) assert.equal((await tenant.post('/v1/invoices', aDraft(), key('k'))).status, 202);
  assert.equal((await api.context.queue.depth()).waiting, waiting + 1);
});

for (const [what, status, path, body, mend] of [
  ['an invalid invoice', 422, '/v1/invoices', aDraft({ currency: '?' }), undefined],
  ['a body that is no batch', 422, '/v1/invoices/batch', { invoices: [] }, undefined],
  ['a body that is no JSON', 400, '/v1/invoices', '{"number":', undefined],
  ['an unknown invoice', 404, `/v1/invoices/${randomUUID()}/cancel`, undefined, undefined],
  ['an id that is none', 404, '/v1/invoices/%00/retry', undefined, undefined],
  [
    'an unknown series',
    422,
    '/v1/invoices',
    aDraft({ series: 'sales' }),
    (tenant: Tenant) => tenant.client.createNumberSeries({ name: 'sales', prefix: 'S-' }),
  ],
] as const) {
  test(`${what} is refused again with the same bytes, whatever has changed since`, async () => {
    const tenant = await api.tenant();
    const first = await seen(await tenant.post(path, body, key('k')));
    assert.deepEqual([first.status, first.type], [status, 'application/problem+json; charset=utf-8']);
    await mend?.(tenant);
    assert.deepEqual(await seen(await tenant.post(path, body, key('k'))), first);
    assert.deepEqual(await numbersOf(tenant), []);
  });
}

test('a conflict is refused again with the same bytes, when there is no conflict any more', async () => {
  const tenant = await api.tenant();
  const { id } = await submitted(tenant);
  const path = `/v1/invoices/${id}/retry`;
  const first = await seen(await tenant.post(path, undefined, key('k')));
  assert.equal(first.status, 409);
  await makeFailed(api, tenant, id);
  assert.deepEqual(await seen(await tenant.post(path, undefined, key('k'))), first);
  assert.equal((await tenant.post(path, undefined, key('another'))).status, 202);
});

test('a refusal takes back what its request had done', async () => {
  const tenant = await api.tenant();
  await tenant.client.createNumberSeries({ name: 'sales', prefix: 'S-' });
  await tenant.client.submitInvoice(aDraft({ externalId: 'order-1' }));
  const { number: _, ...unnumbered } = aDraft({ externalId: 'order-1', series: 'sales' });
  const first = await tenant.post('/v1/invoices', unnumbered, key('k'));
  const { instance } = await assertProblem(first, 'external-id-taken');
  const again = (await (await tenant.post('/v1/invoices', unnumbered, key('k'))).json()) as { instance: string };
  assert.equal(again.instance, instance); // the request under which the log has it
  const next = await tenant.client.submitInvoice({ ...unnumbered, externalId: 'order-2' });
  assert.equal(next.number, 'S-00001');
});

test('cancelling, retrying and defining a series are repeated without a surprise', async () => {
  const tenant = await api.tenant();
  const canceled = await submitted(tenant);
  const failed = await tenant.client.submitInvoice(aDraft({ number: 'second' }));
  await makeFailed(api, tenant, failed.id);
  for (const [status, path, body] of [
    [200, `/v1/invoices/${canceled.id}/cancel`, undefined],
    [202, `/v1/invoices/${failed.id}/retry`, undefined],
    [201, '/v1/number-series', { name: 'sales', prefix: 'S-' }],
  ] as const) {
    const first = await seen(await tenant.post(path, body, key('k')));
    assert.equal(first.status, status);
    assert.deepEqual(await seen(await tenant.post(path, body, key('k'))), first);
    assert.equal((await tenant.post(path, body)).status, 409, 'without the key it would be a conflict');
  }
  assert.equal((await tenant.client.getInvoice(failed.id)).generation, 2);
});

test('a key that comes with another body is refused', async () => {
  const tenant = await api.tenant();
  await tenant.post('/v1/invoices', aDraft(), key('k'));
  for (const body of [aDraft({ number: 'other' }), `${JSON.stringify(aDraft())} `, '{', {}]) {
    await assertProblem(await tenant.post('/v1/invoices', body, key('k')), 'idempotency-key-reused');
  }
  assert.equal((await tenant.client.listPage()).invoices.length, 1);
  assert.equal((await tenant.post('/v1/invoices', aDraft(), key('k'))).status, 202);
});

test("a refused request's key stays with it: the corrected one needs another", async () => {
  const tenant = await api.tenant();
  await assertProblem(await tenant.post('/v1/invoices', aDraft({ currency: '?' }), key('k')), 'invalid-invoice');
  await assertProblem(await tenant.post('/v1/invoices', aDraft(), key('k')), 'idempotency-key-reused');
  assert.equal((await tenant.post('/v1/invoices', aDraft(), key('l'))).status, 202);
});

test('concurrent twins store one invoice; each gets the answer or is told to wait', async () => {
  const tenant = await api.tenant();
  const twins = await Promise.all(Array.from({ length: 8 }, () => tenant.post('/v1/invoices', aDraft(), key('k'))));
  const answers = new Set<string>();
  for (const twin of twins) {
    if (twin.status === 202) answers.add(await twin.text());
    else {
      assert.equal(twin.headers.get('retry-after'), '1');
      await assertProblem(twin, 'request-in-progress');
    }
  }
  assert.equal(answers.size, 1);
  assert.equal((await tenant.client.listPage()).invoices.length, 1);
  assert.equal((await tenant.post('/v1/invoices', aDraft(), key('k'))).status, 202);
});

test('concurrent twins that are refused hear the same, and so does who repeats', async () => {
  const tenant = await api.tenant();
  await submitted(tenant);
  const twins = await Promise.all(Array.from({ length: 8 }, () => tenant.post('/v1/invoices', aDraft(), key('k'))));
  const refusals = new Set([await (await tenant.post('/v1/invoices', aDraft(), key('k'))).text()]);
  for (const twin of twins) {
    const text = await twin.text();
    if (!text.includes('request-in-progress')) refusals.add(text);
  }
  assert.equal(refusals.size, 1);
  assert.match([...refusals].join(), /number-taken/);
});

test('a repeated batch gets its first answer, refusals included, though they would be others now', async () => {
  const tenant = await api.tenant();
  const batch = { invoices: [aDraft({ number: 'A' }), aDraft({ number: 'A' }), aDraft({ currency: '?' })] };
  const first = await seen(await tenant.post('/v1/invoices/batch', batch, key('k')));
  const { accepted, refused } = JSON.parse(first.body) as { accepted: number; refused: number };
  assert.deepEqual([first.status, accepted, refused], [202, 1, 2]);
  assert.deepEqual(await seen(await tenant.post('/v1/invoices/batch', batch, key('k'))), first);
  await assertProblem(
    await tenant.post('/v1/invoices/batch', { invoices: [aDraft()] }, key('k')),
    'idempotency-key-reused',
  );
  assert.deepEqual(await numbersOf(tenant), ['A']);
});

test('concurrent twins of a batch store it once', async () => {
  const tenant = await api.tenant();
  const batch = { invoices: Array.from({ length: 50 }, (_, i) => aDraft({ number: `B-${i}` })) };
  const twins = await Promise.all(Array.from({ length: 4 }, () => tenant.post('/v1/invoices/batch', batch, key('k'))));
  const accepted = twins.filter(({ status }) => status === 202);
  assert.ok(accepted.length > 0);
  for (const twin of accepted) assert.equal(((await twin.json()) as { accepted: number }).accepted, 50);
  for (const twin of twins.filter(({ status }) => status !== 202)) await assertProblem(twin, 'request-in-progress');
});

test('a key belongs to one client and one route', async () => {
  const tenant = await api.tenant();
  const colleague = await api.clientOf(tenant);
  const stranger = await api.tenant();
  await tenant.post('/v1/invoices', aDraft({ number: '1' }), key('k'));
  assert.equal((await colleague.post('/v1/invoices', aDraft({ number: '2' }), key('k'))).status, 202);
  assert.equal((await stranger.post('/v1/invoices', aDraft({ number: '1' }), key('k'))).status, 202);
  assert.equal(
    (await tenant.post('/v1/invoices/batch', { invoices: [aDraft({ number: '3' })] }, key('k'))).status,
    202,
  );
  for (const { id } of (await tenant.client.listPage()).invoices)
    assert.equal((await tenant.post(`/v1/invoices/${id}/cancel`, undefined, key('k'))).status, 200);
  assert.equal((await tenant.client.listPage({ status: 'canceled' })).invoices.length, 3);
});

test('one route has one name, however it is spelled', async () => {
  const tenant = await api.tenant();
  const first = await seen(await tenant.post('/v1/invoices', aDraft(), key('k')));
  assert.deepEqual(await seen(await tenant.post('/V1/Invoices/?x=1', aDraft(), key('k'))), first);
});

test('an id of any length is not found, with a key too', async () => {
  const tenant = await api.tenant();
  for (let i = 0; i < 2; i++) {
    const response = await tenant.post(`/v1/invoices/${'0'.repeat(5_000)}/cancel`, undefined, key('k'));
    await assertProblem(response, 'not-found');
  }
});

test('without a key, every request is its own', async () => {
  const tenant = await api.tenant();
  const { number: _, ...unnumbered } = aDraft();
  await tenant.client.createNumberSeries({ name: 'sales', prefix: 'S-' });
  for (let i = 0; i < 2; i++) await tenant.post('/v1/invoices', { ...unnumbered, series: 'sales' });
  assert.equal((await tenant.client.listPage()).invoices.length, 2);
});

/** They answer, and leave nothing behind that lasts. */
const questions = new Set(['checkInvoice', 'previewTemplate']);
const changes = (Object.entries(operations) as [string, Operation][]).filter(
  ([name, { method, scope }]) => method === 'post' && scope && !questions.has(name),
);
for (const [name, { method, path, idempotent }] of changes) {
  test(`${name} honours a key, and refuses a malformed one`, async () => {
    assert.ok(idempotent);
    const tenant = await api.tenant();
    for (const malformed of ['', 'two words', 'x'.repeat(256)]) {
      const response = await tenant.fetch(path.replaceAll(/\{\w+\}/g, randomUUID()), {
        method,
        headers: { 'content-type': 'application/json', ...key(malformed) },
        body: '{}',
      });
      assert.ok('Idempotency-Key' in faultsIn(await assertProblem(response, 'invalid-parameter')));
    }
  });
}

test('a key is kept for 30 days by the clock of the database, and free when the sweeper has forgotten it', async () => {
  const tenant = await api.tenant();
  const first = await seen(await tenant.post('/v1/invoices', aDraft(), key('k')));
  const { prisma } = api.superuser;
  const sinceThen = (days: number) =>
    prisma.$executeRaw`UPDATE idempotency_key SET expires_at = expires_at - ${days} * interval '1 day' WHERE client_id = ${tenant.clientId}::uuid`;
  await sinceThen(29.99);
  await forgetExpiredKeys(api.superuser);
  assert.deepEqual(await seen(await tenant.post('/v1/invoices', aDraft(), key('k'))), first);
  await sinceThen(0.02);
  await forgetExpiredKeys(api.superuser);
  // The number stays taken for ever.
  await assertProblem(await tenant.post('/v1/invoices', aDraft(), key('k')), 'number-taken');
});
