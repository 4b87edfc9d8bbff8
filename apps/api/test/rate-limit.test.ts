import { queueSettings } from '@invoicepress/queue';
import { testRedisUrl } from '@invoicepress/stack/testing';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, test } from 'node:test';
import { openRateLimitStores } from '../src/rate-limit-store.ts';
import { assertProblem } from './assert-problem.ts';
import { startApi, type TestApi } from './start-api.ts';

const limits = { RATE_LIMIT_PER_MINUTE: '3', TOKEN_RATE_LIMIT_PER_MINUTE: '2' };
const stores = openRateLimitStores(
  queueSettings.parse({ QUEUE_URL: testRedisUrl(), QUEUE_PREFIX: `rate-${randomUUID()}` }),
  assert.ifError,
);
const [alone, one, other] = [
  await startApi(limits),
  await startApi(limits, { rateLimitStore: stores.store }),
  await startApi(limits, { rateLimitStore: stores.store }),
];
after(async () => {
  for (const part of [alone, one, other, stores]) await part[Symbol.asyncDispose]();
});

const assertLimited = async (response: Response) => {
  await assertProblem(response, 'too-many-requests');
  const seconds = Number(response.headers.get('retry-after'));
  assert.ok(seconds >= 1 && seconds <= 60, `Retry-After: ${seconds}`);
};

test('each client has its requests per minute, and is told how many are left', async () => {
  const [tenant, neighbour] = [await alone.tenant(), await alone.tenant()];
  const colleague = await alone.clientOf(tenant);
  for (const left of [2, 1, 0]) {
    const response = await tenant.fetch('/v1/invoices');
    assert.equal(response.status, 200);
    assert.match(response.headers.get('ratelimit') ?? '', new RegExp(`"client"; r=${left}; t=\\d+`));
    assert.match(response.headers.get('ratelimit') ?? '', new RegExp(`"tenant"; r=${left + 3}; t=\\d+`));
    assert.match(response.headers.get('ratelimit-policy') ?? '', /"client"; q=3; w=60.*"tenant"; q=6; w=60/);
  }
  await assertLimited(await tenant.fetch('/v1/invoices'));
  assert.equal((await neighbour.fetch('/v1/invoices')).status, 200);
  assert.equal((await colleague.fetch('/v1/invoices')).status, 200);
});

test('more clients do not buy a tenant more requests than it has', async () => {
  const tenant = await alone.tenant();
  const clients = [tenant, await alone.clientOf(tenant), await alone.clientOf(tenant)];
  const statuses = [];
  for (const client of [...clients, ...clients]) statuses.push((await client.fetch('/v1/invoices')).status);
  assert.deepEqual(
    statuses,
    Array.from({ length: 6 }, () => 200),
  );
  for (const client of clients) await assertLimited(await client.fetch('/v1/invoices'));
});

test('tokens can be asked for only so often from one address, whoever asks', async () => {
  const ask = () =>
    alone.fetch('/oauth2/token', {
      method: 'POST',
      body: new URLSearchParams({ grant_type: 'client_credentials', client_id: randomUUID(), client_secret: 'guess' }),
    });
  for (let i = 0; i < 2; i++) await assertProblem(await ask(), 'invalid-client');
  await assertLimited(await ask());
});

test('sign-in links can be tried only so often from one address', async () => {
  for (let i = 0; i < 2; i++) await assertProblem(await alone.fetch('/sign-in?token=guess'), 'unauthenticated');
  await assertLimited(await alone.fetch('/sign-in?token=guess'));
});

test('with Redis, several API processes count together', async () => {
  const tenant = await one.tenant();
  const askAt = (api: TestApi) => {
    const token = api.context.tokens.issueAccess({
      tenantId: tenant.id,
      clientId: tenant.clientId,
      scopes: ['invoices:read'],
    });
    return api.fetch('/v1/number-series', { headers: { authorization: `Bearer ${token}` } });
  };
  // A Redis that does not answer in time, as on a busy machine, lets a request pass uncounted; each process by itself
  // would let three through.
  const statuses = [];
  for (const api of [one, other, one, other, one, other]) statuses.push((await askAt(api)).status);
  assert.deepEqual(statuses.slice(0, 3), [200, 200, 200]);
  assert.ok(statuses.includes(429), `${statuses.join(' ')}: together they let six through`);
  await assertLimited(await askAt(other));
  await assertLimited(await askAt(one));
});
