import { aDraft } from '@invoicepress/invoice/testing';
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { assertProblem, faultsIn } from './assert-problem.ts';
import { startApi } from './start-api.ts';

const LIMIT_BYTES = 20_000;
const api = await startApi({ INVOICE_MAX_BYTES: String(LIMIT_BYTES), BATCH_MAX_BYTES: '30000' });
after(() => api[Symbol.asyncDispose]());
const tenant = await api.tenant();

const submit = (body: NonNullable<RequestInit['body']>, headers: Record<string, string> = {}) =>
  tenant.fetch('/v1/invoices', { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });

for (const [name, body] of Object.entries({
  'broken off': '{"currency":"EUR"',
  'not JSON': 'currency=EUR',
  'a bare string': '"EUR"',
  'a bare null': 'null',
  'two values': '{}{}',
  'followed by a NUL': '{}\u0000',
})) {
  test(`a body that is ${name} is malformed`, async () => {
    await assertProblem(await submit(body), 'malformed-request');
  });
}

test('text that is not UTF-8 is refused instead of being guessed at', async () => {
  const latin1 = Buffer.from(JSON.stringify(aDraft({ notes: ['Zahlbar in München'] })), 'latin1');
  const { detail } = await assertProblem(await submit(latin1), 'malformed-request');
  assert.match(detail, /UTF-8/);
});

test('an empty body lacks every field that is needed, and a list is invalid as a whole', async () => {
  assert.deepEqual(Object.keys(faultsIn(await assertProblem(await submit(''), 'invalid-invoice'))), [
    '/seller',
    '/currency',
    '/buyer',
    '/lines',
  ]);
  assert.deepEqual(Object.keys(faultsIn(await assertProblem(await submit('[]'), 'invalid-invoice'))), ['']);
  await assertProblem(await tenant.fetch('/v1/invoices', { method: 'POST' }), 'unsupported-media-type');
});

for (const type of [
  'text/plain',
  'application/x-www-form-urlencoded',
  'application/json; charset=iso-8859-1',
  'nonsense',
]) {
  test(`the content type ${type} is refused`, async () => {
    await assertProblem(await submit(JSON.stringify(aDraft()), { 'content-type': type }), 'unsupported-media-type');
  });
}

test('a body beyond the limit is refused with the limit', async () => {
  const { detail } = await assertProblem(
    await submit(JSON.stringify(aDraft({ notes: ['x'.repeat(LIMIT_BYTES)] }))),
    'too-large',
  );
  assert.match(detail, new RegExp(String(LIMIT_BYTES)));
});

test('a body of unknown length is refused once it passes the limit', async () => {
  const body = ReadableStream.from(
    Array.from({ length: 5 }, () => new TextEncoder().encode(' '.repeat(LIMIT_BYTES / 4))),
  );
  const init = { method: 'POST', body, duplex: 'half', headers: { 'content-type': 'application/json' } } as RequestInit;
  await assertProblem(await tenant.fetch('/v1/invoices', init), 'too-large');
});

for (const [encoding, compress] of [
  ['gzip', gzipSync],
  ['br', brotliCompressSync],
] as const) {
  test(`what unpacks (${encoding}) to more than the limit is refused`, async () => {
    const bomb = compress(Buffer.alloc(50_000_000, ' '));
    const sent = bomb.length > LIMIT_BYTES ? bomb.subarray(0, LIMIT_BYTES - 1) : bomb;
    await assertProblem(await submit(sent, { 'content-encoding': encoding }), 'too-large');
  });
}

test('what is not compressed as it says is malformed', async () => {
  await assertProblem(await submit('not gzip', { 'content-encoding': 'gzip' }), 'malformed-request');
  await assertProblem(
    await submit(gzipSync('{"currency":"EUR"}').subarray(0, 20), { 'content-encoding': 'gzip' }),
    'malformed-request',
  );
});

test('an unknown content encoding is refused', async () => {
  await assertProblem(await submit('{}', { 'content-encoding': 'compress' }), 'unsupported-media-type');
});

test('a thousand unknown fields get a short answer', async () => {
  const body = JSON.stringify(Object.fromEntries(Array.from({ length: 1_000 }, (_, i) => [`field${i}`, i])));
  const { errors = [] } = await assertProblem(await submit(body), 'invalid-invoice');
  assert.ok(errors.length <= 50, `${errors.length} errors`);
});

test('fields named like parts of every object are unknown fields', async () => {
  for (const name of ['__proto__', 'constructor', 'toString']) {
    const body = JSON.stringify(aDraft()).replace('{', `{"${name}":{"currency":"EUR"},`);
    const faults = faultsIn(await assertProblem(await submit(body), 'invalid-invoice'));
    assert.match(faults[`/${name}`] ?? '', /no field of ours/);
  }
  const nested = JSON.stringify(aDraft()).replace('"seller":{', '"seller":{"__proto__":{"name":"x"},');
  assert.ok('/seller/__proto__' in faultsIn(await assertProblem(await submit(nested), 'invalid-invoice')));
});

test('JSON nested beyond reason is refused wherever it stands', async () => {
  const deep = '['.repeat(4_000) + ']'.repeat(4_000);
  for (const field of ['metadata', 'lines', 'notes', 'seller', 'nobody']) {
    await assertProblem(await submit(`{"${field}":${deep}}`), 'invalid-invoice');
  }
  const objects = '{"a":'.repeat(3_000) + '1' + '}'.repeat(3_000);
  const faults = faultsIn(
    await assertProblem(
      await submit(JSON.stringify(aDraft()).replace('{', `{"metadata":${objects},`)),
      'invalid-invoice',
    ),
  );
  assert.match(faults['/metadata'] ?? '', /deep/);
});

test('nothing of a refused body is stored, and none is a failure of ours', async () => {
  assert.deepEqual((await tenant.client.listPage()).invoices, []);
  assert.deepEqual(api.log.lines('request_failed'), []);
});
