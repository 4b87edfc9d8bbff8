import { aDraft } from '@invoicepress/invoice/testing';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { assertProblem, faultsIn } from './assert-problem.ts';
import { sharedApi } from './start-api.ts';

const api = await sharedApi();
const tenant = await api.tenant();

for (const [query, parameter] of [
  ['status=done', 'status'],
  ['status=queued&status=ready', 'status'],
  ['status[]=queued', 'status[]'],
  ['__proto__=x', '__proto__'],
  ['colour=red', 'colour'],
  ['limit=0', 'limit'],
  ['limit=201', 'limit'],
  ['limit=1e2', 'limit'],
  ['limit=-1', 'limit'],
  ['issuedFrom=yesterday', 'issuedFrom'],
  ['issuedTo=2026-02-30', 'issuedTo'],
  ['number=%00', 'number'],
  ['buyer=', 'buyer'],
  ['metadata=%7B', 'metadata'],
  ['metadata=%5B1%5D', 'metadata'],
  ['metadata=%7B%22a%22%3A%22%5Cu0000%22%7D', 'metadata'],
  [`metadata=${'x'.repeat(2_001)}`, 'metadata'],
  ['ids=42', 'ids/0'],
  [`ids=${Array.from({ length: 101 }, () => randomUUID()).join()}`, 'ids'],
  ['cursor=', 'cursor'],
  ['cursor=abc', 'cursor'],
  [`cursor=${Buffer.from(`1:${randomUUID()}'; DROP TABLE invoice`).toString('base64url')}`, 'cursor'],
  [`cursor=${Buffer.from(`2:${randomUUID()}`).toString('base64url')}`, 'cursor'],
  [`cursor=${'A'.repeat(300)}`, 'cursor'],
] as const) {
  test(`GET /v1/invoices?${query.slice(0, 60)} is refused and names the parameter`, async () => {
    const problem = await assertProblem(await tenant.fetch(`/v1/invoices?${query}`), 'invalid-parameter');
    assert.ok(parameter in faultsIn(problem), JSON.stringify(problem.errors));
  });
}

test('bytes in a query that are no UTF-8 match nothing', async () => {
  assert.equal((await tenant.fetch('/v1/invoices?buyer=%FF')).status, 200);
});

for (const [method, path, allow] of [
  ['DELETE', '/v1/invoices', 'POST, GET'],
  ['PUT', '/v1/invoices/batch', 'POST'],
  ['PATCH', `/v1/invoices/${randomUUID()}`, 'GET'],
  ['GET', `/v1/invoices/${randomUUID()}/cancel`, 'POST'],
  ['POST', `/v1/invoices/${randomUUID()}/documents/pdf`, 'GET'],
  ['DELETE', '/v1/number-series', 'POST, GET'],
  ['GET', '/oauth2/token', 'POST'],
] as const) {
  test(`${method} ${path.replace(/[0-9a-f-]{36}/, '{id}')} is answered with the methods that are possible`, async () => {
    const response = await tenant.fetch(path, { method });
    await assertProblem(response, 'method-not-allowed');
    assert.equal(response.headers.get('allow'), allow);
  });
}

test('unknown paths are not found', async () => {
  for (const path of [
    '/v1',
    '/v1/nothing',
    '/v2/invoices',
    '/.env',
    '/docs/../../package.json',
    '/problems/nothing',
    '/problems/__proto__',
  ]) {
    await assertProblem(await tenant.fetch(path), 'not-found');
  }
});

test('paths that cannot be decoded are malformed', async () => {
  for (const path of ['/v1/invoices/%FF', '/files/%C0%AF', '/problems/%E0%A4']) {
    await assertProblem(await tenant.fetch(path), 'malformed-request');
  }
});

test('an id that is no UUID is answered like one that nobody has', async () => {
  for (const id of ['42', 'null', '%00', "1'--", '0'.repeat(5_000)]) {
    await assertProblem(await tenant.fetch(`/v1/invoices/${id}`), 'not-found');
    await assertProblem(await tenant.post(`/v1/invoices/${id}/cancel`), 'not-found');
  }
});

for (const key of ['', 'x'.repeat(256), 'two words', 'ünïcode']) {
  test(`the Idempotency-Key "${key.slice(0, 20)}" is refused`, async () => {
    const response = await tenant.post('/v1/invoices', aDraft(), { 'idempotency-key': key });
    assert.ok('Idempotency-Key' in faultsIn(await assertProblem(response, 'invalid-parameter')));
    assert.deepEqual((await tenant.client.listPage()).invoices, []);
  });
}

test('a number series out of bounds is refused', async () => {
  for (const [fields, pointer] of [
    [{ prefix: 'A B' }, '/prefix'],
    [{ padding: 13 }, '/padding'],
    [{ padding: 1.5 }, '/padding'],
    [{ name: '' }, '/name'],
    [{ yearlyReset: 'yes' }, '/yearlyReset'],
    [{ next: 7 }, '/next'],
  ] as const) {
    const response = await tenant.post('/v1/number-series', { name: 'sales', prefix: 'S-', ...fields });
    assert.ok(pointer in faultsIn(await assertProblem(response, 'invalid-request')));
  }
});

test('nothing of this was an error of ours', () => {
  assert.deepEqual(api.log.lines('request_failed'), []);
});
