import { operations, type Operation } from '@invoicepress/client';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, test } from 'node:test';
import { startApi, type TestApi } from './start-api.ts';

const page = 'https://app.example.com';
const parts = new AsyncDisposableStack();
after(() => parts.disposeAsync());
const strict = parts.use(await startApi({ TOKEN_RATE_LIMIT_PER_MINUTE: '3' }));
const open = parts.use(
  await startApi({
    CORS_ALLOWED_ORIGINS: `${page},https://other.example.com`,
    TRUSTED_PROXY_HOPS: '1',
    TOKEN_RATE_LIMIT_PER_MINUTE: '3',
  }),
);

test('every operation answers, refusals included, with headers that let nothing be kept, framed, sniffed or loaded', async () => {
  const { fetch: signedIn } = await strict.tenant();
  for (const [name, { method, path, scope }] of Object.entries(operations) as [string, Operation][]) {
    if (!scope) continue;
    const target = path.replaceAll(/\{\w+\}/g, randomUUID());
    for (const ask of [strict.fetch, signedIn]) {
      const { headers } = await ask(target, { method: method.toUpperCase() });
      assert.equal(headers.get('cache-control'), 'no-store', name);
      assert.equal(headers.get('x-content-type-options'), 'nosniff', name);
      assert.equal(headers.get('content-security-policy'), "default-src 'none';frame-ancestors 'none'", name);
      assert.equal(headers.get('referrer-policy'), 'no-referrer', name);
      assert.match(headers.get('strict-transport-security') ?? '', /^max-age=\d{8,}/, name);
      assert.equal(headers.get('x-powered-by'), null, name);
    }
  }
});

const preflight = ({ fetch: ask }: TestApi, origin: string, path = '/v1/invoices') =>
  ask(path, {
    method: 'OPTIONS',
    headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' },
  });
const corsHeaders = ({ headers }: Response): string[] =>
  [...headers.keys()].filter((name) => name.startsWith('access-control-allow-'));

test('CORS: no page of another origin is let in unless its origin was named', async () => {
  for (const path of ['/v1/invoices', '/oauth2/token', '/queues', '/openapi.json'])
    assert.deepEqual(corsHeaders(await preflight(strict, page, path)), [], path);
  for (const origin of ['https://evil.example', `${page}.evil.example`, 'http://app.example.com', 'null'])
    assert.equal((await preflight(open, origin)).headers.get('access-control-allow-origin'), null, origin);
  assert.deepEqual(corsHeaders(await preflight(open, page, '/queues')), [], 'what has cookies lets nobody in');
});

test('CORS: a page of a named origin calls with a token, never with cookies, and reads refusals too', async () => {
  const answer = await preflight(open, page);
  assert.equal(answer.status, 204);
  assert.equal(answer.headers.get('access-control-allow-origin'), page);
  assert.match(answer.headers.get('access-control-allow-headers') ?? '', /authorization/);
  assert.equal(answer.headers.get('access-control-allow-credentials'), null);
  const tenant = await open.tenant();
  for (const ask of [tenant.fetch, open.fetch]) {
    const { headers } = await ask('/v1/invoices', { headers: { origin: page } });
    assert.equal(headers.get('access-control-allow-origin'), page);
    assert.match(headers.get('vary') ?? '', /origin/i);
  }
});

/** Statuses of token requests, each with its X-Forwarded-For; 401 while they are under the limit. */
const signIns = async ({ fetch: ask }: TestApi, addresses: string[]): Promise<number[]> => {
  const statuses: number[] = [];
  for (const address of addresses) {
    const body = new URLSearchParams({ grant_type: 'client_credentials', client_id: randomUUID(), client_secret: 'x' });
    const { status } = await ask('/oauth2/token', { method: 'POST', body, headers: { 'x-forwarded-for': address } });
    statuses.push(status);
  }
  return statuses;
};

test('only as many proxies as are set are believed about the client’s address', async () => {
  const within = [401, 401, 401];
  assert.deepEqual(await signIns(strict, ['192.0.2.1', '192.0.2.2', '192.0.2.3', '192.0.2.4']), [...within, 429]);
  // The last entry is what our own proxy saw; what stands before it, anybody may write.
  const forged = ['1.1.1.1', '2.2.2.2', '3.3.3.3', '4.4.4.4'].map((address) => `${address}, 198.51.100.7`);
  assert.deepEqual(await signIns(open, forged), [...within, 429]);
  assert.deepEqual(await signIns(open, ['198.51.100.8']), [401]);
});
