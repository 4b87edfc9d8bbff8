import { aDraft } from '@invoicepress/invoice/testing';
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { assertProblem } from './assert-problem.ts';
import { startApi } from './start-api.ts';

const api = await startApi();
after(() => api[Symbol.asyncDispose]());
const key = (name: string) => ({ 'idempotency-key': name });

test('a repeated request gets the first answer, byte for byte, and stores nothing', async () => {
  const tenant = await api.tenant();
  const first = await tenant.post('/v1/invoices', aDraft(), key('k'));
  const body = await first.text();
  const { id } = JSON.parse(body) as { id: string };
  await tenant.client.cancelInvoice(id); // the answer stays what it was
  const again = await tenant.post('/v1/invoices', aDraft(), key('k'));
  assert.equal(again.status, 202);
  assert.equal(await again.text(), body);
  assert.equal(again.headers.get('location'), first.headers.get('location'));
  assert.equal((await tenant.client.listPage()).invoices.length, 1);
});

test('a repeated request enqueues nothing', async () => {
  const tenant = await api.tenant();
  const { waiting } = await api.context.queue.depth();
  for (let i = 0; i < 3; i++) assert.equal((await tenant.post('/v1/invoices', aDraft(), key('k'))).status, 202);
  assert.equal((await api.context.queue.depth()).waiting, waiting + 1);
});

test('a key that comes with another body is refused', async () => {
  const tenant = await api.tenant();
  await tenant.post('/v1/invoices', aDraft(), key('k'));
  await assertProblem(
    await tenant.post('/v1/invoices', aDraft({ number: 'other' }), key('k')),
    'idempotency-key-reused',
  );
  await assertProblem(
    await tenant.post('/v1/invoices', `${JSON.stringify(aDraft())} `, key('k')),
    'idempotency-key-reused',
  );
  assert.equal((await tenant.client.listPage()).invoices.length, 1);
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

test('a refused request leaves its key free for the corrected one', async () => {
  const tenant = await api.tenant();
  await assertProblem(await tenant.post('/v1/invoices', aDraft({ currency: '?' }), key('k')), 'invalid-invoice');
  await tenant.client.submitInvoice(aDraft({ number: 'taken' }));
  await assertProblem(await tenant.post('/v1/invoices', aDraft({ number: 'taken' }), key('k')), 'number-taken');
  assert.equal((await tenant.post('/v1/invoices', aDraft(), key('k'))).status, 202);
});

test('a repeated batch gets its first answer, refusals included, though they would be others now', async () => {
  const tenant = await api.tenant();
  const batch = { invoices: [aDraft({ number: 'A' }), aDraft({ number: 'A' }), aDraft({ currency: '?' })] };
  const first = await (await tenant.post('/v1/invoices/batch', batch, key('k'))).text();
  const again = await tenant.post('/v1/invoices/batch', batch, key('k'));
  assert.equal(again.status, 202);
  assert.equal(await again.text(), first);
  assert.equal((JSON.parse(first) as { accepted: number }).accepted, 1);
  await assertProblem(
    await tenant.post('/v1/invoices/batch', { invoices: [aDraft()] }, key('k')),
    'idempotency-key-reused',
  );
  assert.equal((await tenant.client.listPage()).invoices.length, 1);
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
  assert.equal((await tenant.client.listPage()).invoices.length, 3);
});

test('without a key, every request is its own', async () => {
  const tenant = await api.tenant();
  const { number: _, ...unnumbered } = aDraft();
  await tenant.client.createNumberSeries({ name: 'sales', prefix: 'S-' });
  for (let i = 0; i < 2; i++) await tenant.post('/v1/invoices', { ...unnumbered, series: 'sales' });
  assert.equal((await tenant.client.listPage()).invoices.length, 2);
});
