import { aDraft } from '@invoicepress/invoice/testing';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { assertProblem } from './assert-problem.ts';
import { makeFailed, makeReady } from './make-ready.ts';
import { sharedApi } from './start-api.ts';

const api = await sharedApi();

const [one, other] = [await api.tenant(), await api.tenant()];
const queued = await one.client.submitInvoice(
  aDraft({ number: 'queued', externalId: 'x', metadata: { project: 'alpha' } }),
);
const ready = await one.client.submitInvoice(aDraft({ number: 'ready' }));
const failed = await one.client.submitInvoice(aDraft({ number: 'failed' }));
await makeReady(api, one, ready.id);
await makeFailed(api, one, failed.id);
const theirs = await other.client.submitInvoice(aDraft({ number: 'theirs', metadata: { project: 'alpha' } }));

test("another tenant's invoice is answered exactly like one that nobody has", async () => {
  for (const { id } of [queued, ready, failed]) {
    for (const [method, path] of [
      ['GET', ''],
      ['GET', '/documents/pdf'],
      ['POST', '/cancel'],
      ['POST', '/retry'],
    ] as const) {
      const answers = new Set<string>();
      for (const asked of [id, randomUUID()]) {
        const response = await other.fetch(`/v1/invoices/${asked}${path}`, { method });
        const { instance: _, ...problem } = await assertProblem(response, 'not-found');
        const headers = [...response.headers].filter(([name]) => !['x-request-id', 'date', 'ratelimit'].includes(name));
        answers.add(JSON.stringify([problem, headers]));
      }
      assert.equal(answers.size, 1, `${method} …${path}`);
    }
  }
  assert.equal((await one.client.getInvoice(queued.id)).status, 'queued', 'and nothing happened to it');
  assert.equal((await one.client.getInvoice(failed.id)).status, 'failed');
});

test('lists show one tenant, whatever is asked for', async () => {
  const listed = async (query: string) =>
    ((await (await other.fetch(`/v1/invoices${query}`)).json()) as { invoices: { id: string }[] }).invoices.map(
      ({ id }) => id,
    );
  assert.deepEqual(await listed(''), [theirs.id]);
  assert.deepEqual(await listed(`?metadata=${encodeURIComponent('{"project":"alpha"}')}`), [theirs.id]);
  assert.deepEqual(await listed(`?ids=${queued.id},${theirs.id},${ready.id}`), [theirs.id]);
  assert.deepEqual(await listed('?number=queued'), []);
  assert.deepEqual(await listed('?externalId=x'), []);
  assert.deepEqual(await listed('?status=ready'), []);
});

test("another tenant's cursor leads nowhere but through one's own invoices", async () => {
  const page = await one.client.listPage({ limit: '1' });
  assert.ok(page.nextCursor);
  const { invoices } = await other.client.listPage({ cursor: page.nextCursor });
  for (const { id } of invoices) assert.equal(id, theirs.id);
});

test('numbers and externalIds of others are neither taken nor told', async () => {
  const response = await other.post('/v1/invoices', aDraft({ number: 'queued', externalId: 'x' }));
  assert.equal(response.status, 202);
  const { detail } = await assertProblem(
    await other.post('/v1/invoices', aDraft({ number: 'other', externalId: 'x' })),
    'external-id-taken',
  );
  assert.ok(!detail.includes(queued.id));
});

test("a tenant's second client sees what the first submitted", async () => {
  const colleague = await api.clientOf(one);
  assert.equal((await colleague.client.getInvoice(queued.id)).id, queued.id);
});
