import { aDraft } from '@invoicepress/invoice/testing';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertProblem } from './assert-problem.ts';
import { claim, makeFailed, makeReady } from './make-ready.ts';
import { sharedApi } from './start-api.ts';

const api = await sharedApi();
const tenant = await api.tenant();
let count = 0;
const submit = () => tenant.client.submitInvoice(aDraft({ number: `L-${count++}` }));
const presenceOf = (invoiceId: string, generation: number) =>
  api.context.queue.presence([{ tenantId: tenant.id, invoiceId, generation }]);

test('a queued invoice can be canceled, and no worker takes it any more', async () => {
  const { id } = await submit();
  const response = await tenant.post(`/v1/invoices/${id}/cancel`);
  assert.equal(response.status, 200);
  assert.equal(((await response.json()) as { status: string }).status, 'canceled');
  await assert.rejects(claim(api, tenant, id), /can be claimed/);
});

test('what is not queued cannot be canceled, and the answer says what to do', async () => {
  const rendering = (await submit()).id;
  await claim(api, tenant, rendering);
  const ready = (await submit()).id;
  await makeReady(api, tenant, ready);
  const failed = (await submit()).id;
  await makeFailed(api, tenant, failed);
  const canceled = (await submit()).id;
  await tenant.client.cancelInvoice(canceled);
  for (const [id, words] of [
    [rendering, /rendering invoice cannot be canceled.*credit note/],
    [ready, /ready invoice cannot be canceled.*credit note/],
    [failed, /failed invoice cannot be canceled.*retry/],
    [canceled, /canceled already/],
  ] as const) {
    assert.match((await assertProblem(await tenant.post(`/v1/invoices/${id}/cancel`), 'wrong-status')).detail, words);
  }
});

test('a failed invoice shows why and what to do', async () => {
  const { id } = await submit();
  await makeFailed(api, tenant, id);
  const { status, failure } = await tenant.client.getInvoice(id);
  assert.equal(status, 'failed');
  assert.deepEqual(failure, { code: 'template-error', reason: 'The logo is no image.', remedy: 'Send a PNG.' });
});

test('a retry queues a failed invoice again under a new generation, with a job of its own', async () => {
  const { id, number } = await submit();
  await makeFailed(api, tenant, id);
  const response = await tenant.post(`/v1/invoices/${id}/retry`);
  assert.equal(response.status, 202);
  const invoice = (await response.json()) as Record<string, unknown>;
  assert.deepEqual(
    [invoice.status, invoice.generation, invoice.number, invoice.failure],
    ['queued', 2, number, undefined],
  );
  assert.deepEqual(await presenceOf(id, 2), ['waiting']);
  await claim(api, tenant, id, 2);
});

test('the job of an earlier generation finds nothing to do', async () => {
  const { id } = await submit();
  await makeFailed(api, tenant, id);
  await tenant.client.retryInvoice(id);
  await assert.rejects(claim(api, tenant, id, 1), /can be claimed/);
});

test('what has not failed cannot be retried, and the answer says why', async () => {
  const queued = (await submit()).id;
  const ready = (await submit()).id;
  await makeReady(api, tenant, ready);
  const canceled = (await submit()).id;
  await tenant.client.cancelInvoice(canceled);
  for (const [id, words] of [
    [queued, /queued invoice cannot be retried.*nothing to retry/],
    [ready, /documents are ready/],
    [canceled, /new invoice/],
  ] as const) {
    assert.match((await assertProblem(await tenant.post(`/v1/invoices/${id}/retry`), 'wrong-status')).detail, words);
  }
});

test('of simultaneous retries one is heard', async () => {
  const { id } = await submit();
  await makeFailed(api, tenant, id);
  const statuses = await Promise.all(
    Array.from({ length: 5 }, async () => (await tenant.post(`/v1/invoices/${id}/retry`)).status),
  );
  assert.deepEqual(
    statuses.toSorted((a, b) => a - b),
    [202, 409, 409, 409, 409],
  );
  assert.equal((await tenant.client.getInvoice(id)).generation, 2);
});

test('an invoice that has not changed is not sent again', async () => {
  const { id } = await submit();
  const etag = (await tenant.fetch(`/v1/invoices/${id}`)).headers.get('etag') ?? '';
  assert.match(etag, /^"[^"]+"$/);
  for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
    const response = await tenant.fetch(`/v1/invoices/${id}`, { headers: { 'if-none-match': known } });
    assert.equal(response.status, 304, known);
    assert.equal(await response.text(), '');
    assert.equal(response.headers.get('etag'), etag);
  }
  assert.equal((await tenant.fetch(`/v1/invoices/${id}`, { headers: { 'if-none-match': '"other"' } })).status, 200);
});

test('every change of an invoice changes its ETag', async () => {
  const { id } = await submit();
  const etags: (string | null)[] = [];
  const look = async () => etags.push((await tenant.fetch(`/v1/invoices/${id}`)).headers.get('etag'));
  await look();
  await makeFailed(api, tenant, id);
  await look();
  await tenant.client.retryInvoice(id);
  await look();
  await tenant.client.cancelInvoice(id);
  await look();
  assert.equal(new Set(etags).size, 4);
  const response = await tenant.fetch(`/v1/invoices/${id}`, { headers: { 'if-none-match': etags[0] ?? '' } });
  assert.equal(response.status, 200);
});

test('answers about invoices are kept by nobody in between', async () => {
  const { id } = await submit();
  assert.match((await tenant.fetch(`/v1/invoices/${id}`)).headers.get('cache-control') ?? '', /no-store/);
});
