import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createClient, ProblemError } from '@invoicepress/client';
import { anAnsweredInvoice, startScriptedApi, type Behaviour, type Received } from './scripted-api.ts';

const clientSecret = 'correct-horse-battery-staple';
const aClient = (baseUrl: string) =>
  createClient({ baseUrl, clientId: '6f1c7f9e-5b1e-4f0e-9a52-3f4f9a0c1d2e', clientSecret, sleep: async () => {} });
const found: Behaviour = { json: anAnsweredInvoice() };
const unauthorized: Behaviour = {
  status: 401,
  json: { type: 'about:blank', title: 'Unauthorized', status: 401, detail: 'the token is not valid' },
};
const isCall = ({ path }: Received) => path.startsWith('/v1/');
const bearers = (calls: Received[]) => calls.map(({ headers }) => headers.authorization);

test('one token serves all calls, those that start at the same time too', async () => {
  await using api = await startScriptedApi((request) => (isCall(request) ? found : undefined));
  const client = aClient(api.url);
  await Promise.all(Array.from({ length: 8 }, () => client.getInvoice('a')));
  await client.getInvoice('a');
  assert.equal(api.tokensIssued(), 1);
  assert.deepEqual(new Set(bearers(api.calls())), new Set(['Bearer token-1']));
});

test('a token is renewed half a minute before it expires, once for all calls', async (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: Date.parse('2026-03-02T10:00:00Z') });
  await using api = await startScriptedApi((request) => (isCall(request) ? found : undefined));
  const client = aClient(api.url);
  await client.getInvoice('a');
  t.mock.timers.setTime(Date.parse('2026-03-02T10:59:29Z'));
  await client.getInvoice('a');
  assert.equal(api.tokensIssued(), 1);
  t.mock.timers.setTime(Date.parse('2026-03-02T10:59:30Z'));
  await Promise.all([client.getInvoice('a'), client.getInvoice('a'), client.getInvoice('a')]);
  assert.deepEqual(bearers(api.calls()), [
    'Bearer token-1',
    'Bearer token-1',
    'Bearer token-2',
    'Bearer token-2',
    'Bearer token-2',
  ]);
});

test('a token that is no longer accepted is replaced, and the call repeated once under the same key', async () => {
  await using api = await startScriptedApi((request) => {
    if (!isCall(request)) return undefined;
    return request.headers.authorization === 'Bearer token-1' ? unauthorized : found;
  });
  const client = aClient(api.url);
  await client.submitBatch([]);
  assert.deepEqual(bearers(api.calls()), ['Bearer token-1', 'Bearer token-2']);
  assert.equal(new Set(api.calls().map(({ headers }) => headers['idempotency-key'])).size, 1);
});

test('a client whose every token is refused hears so after the second', async () => {
  await using api = await startScriptedApi((request) => (isCall(request) ? unauthorized : undefined));
  await assert.rejects(
    aClient(api.url).getInvoice('a'),
    (error) => error instanceof ProblemError && error.problem.status === 401,
  );
  assert.equal(api.tokensIssued(), 2);
  assert.equal(api.calls().length, 2);
});

test('wrong credentials are a problem whose text keeps the secret, and are sent once', async () => {
  await using api = await startScriptedApi(() => ({
    ...unauthorized,
    json: { type: 'about:blank', title: 'Unauthorized', status: 401, detail: 'unknown client or wrong secret' },
  }));
  const error: unknown = await aClient(api.url)
    .getInvoice('a')
    .catch((reason: unknown) => reason);
  assert.ok(error instanceof ProblemError);
  assert.equal(error.message, 'Unauthorized (401): unknown client or wrong secret');
  assert.ok(!`${error.stack}${JSON.stringify(error)}`.includes(clientSecret));
  assert.equal(api.received.length, 1);
});

test('a failed sign-in is tried anew by the next call', async () => {
  await using api = await startScriptedApi((request, nth) => {
    if (isCall(request)) return found;
    return nth === 0 ? { status: 403 } : undefined;
  });
  const client = aClient(api.url);
  await assert.rejects(client.getInvoice('a'), ProblemError);
  assert.deepEqual(await client.getInvoice('a'), anAnsweredInvoice());
});

test('a sign-in that is answered "later" is repeated', async () => {
  await using api = await startScriptedApi((request, nth) => {
    if (isCall(request)) return found;
    return nth === 0 ? { status: 503 } : nth === 1 ? 'reset' : undefined;
  });
  assert.deepEqual(await aClient(api.url).getInvoice('a'), anAnsweredInvoice());
});
