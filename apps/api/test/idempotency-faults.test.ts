import { createClient } from '@invoicepress/client';
import { aDraft } from '@invoicepress/invoice/testing';
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { after, test } from 'node:test';
import { MemoryStore } from 'express-rate-limit';
import { assertProblem } from './assert-problem.ts';
import { makeFailed } from './make-ready.ts';
import { startApi, type Tenant, type TestApi } from './start-api.ts';

const stores: MemoryStore[] = [];
const rateLimitStore = () => {
  const store = new MemoryStore();
  stores.push(store);
  return store;
};
const api = await startApi();
const strict = await startApi({ RATE_LIMIT_PER_MINUTE: '1' }, { rateLimitStore });
after(async () => {
  for (const part of [api, strict]) await part[Symbol.asyncDispose]();
});
const key = { 'idempotency-key': 'k' };
const accepted = async (tenant: Tenant) => assert.equal((await tenant.post('/v1/invoices', aDraft(), key)).status, 202);

/** Stops whoever is about to store an answer, its work done, for as long as `meanwhile` takes. */
const beforeStoring = async (
  { superuser }: TestApi,
  start: () => Promise<Response>,
  meanwhile: (interrupt: () => Promise<unknown>) => Promise<void>,
): Promise<Response> => {
  let response: Promise<Response> | undefined;
  await superuser.prisma.$transaction(async (db) => {
    await db.$executeRaw`LOCK TABLE idempotency_key IN SHARE MODE`;
    response = start();
    for (let waiting = 0; waiting === 0;) {
      const [row] = await db.$queryRaw<{ count: number }[]>`
        SELECT count(*)::integer AS count FROM pg_locks WHERE relation = 'idempotency_key'::regclass AND NOT granted`;
      waiting = row?.count ?? 0;
    }
    await meanwhile(
      () => db.$queryRaw`
        SELECT pg_terminate_backend(pid) FROM pg_locks WHERE relation = 'idempotency_key'::regclass AND NOT granted`,
    );
  });
  return response!;
};

test('while the first request is at work, its twin is told to come back', async () => {
  const tenant = await api.tenant();
  const submit = () => tenant.post('/v1/invoices', aDraft(), key);
  const first = await beforeStoring(api, submit, async () => {
    const twin = await submit();
    assert.equal(twin.headers.get('retry-after'), '1');
    await assertProblem(twin, 'request-in-progress');
  });
  assert.equal(first.status, 202);
  assert.equal(await (await submit()).text(), await first.text());
});

test('a crash before the answer is stored takes the work along, and the repetition does it once', async () => {
  const tenant = await api.tenant();
  const submit = () => tenant.post('/v1/invoices', aDraft(), key);
  await assertProblem(await beforeStoring(api, submit, async (interrupt) => void (await interrupt())), 'unavailable');
  assert.deepEqual((await tenant.client.listPage()).invoices, []);
  await accepted(tenant);
  await accepted(tenant);
  assert.equal((await tenant.client.listPage()).invoices.length, 1);
});

test('a crash before a refusal is stored leaves the key free', async () => {
  const tenant = await api.tenant();
  const { id } = await tenant.client.submitInvoice(aDraft());
  const retry = () => tenant.post(`/v1/invoices/${id}/retry`, undefined, key);
  await assertProblem(await beforeStoring(api, retry, async (interrupt) => void (await interrupt())), 'unavailable');
  await makeFailed(api, tenant, id);
  assert.equal((await retry()).status, 202);
});

test('what only another token mends is not remembered', async () => {
  const tenant = await api.tenant();
  const { tokens } = api.context;
  const readOnly = tokens.issueAccess({ tenantId: tenant.id, clientId: tenant.clientId, scopes: ['invoices:read'] });
  for (const [token, type] of [
    ['forged', 'unauthenticated'],
    [readOnly, 'missing-scope'],
  ] as const) {
    const headers = { ...key, authorization: `Bearer ${token}` };
    await assertProblem(await tenant.post('/v1/invoices', aDraft(), headers), type);
  }
  await accepted(tenant);
});

test('a request that came too soon is not remembered', async () => {
  const tenant = await strict.tenant();
  assert.equal((await tenant.fetch('/v1/invoices')).status, 200);
  await assertProblem(await tenant.post('/v1/invoices', aDraft(), key), 'too-many-requests');
  for (const store of stores) await store.resetAll();
  await accepted(tenant);
});

test('a body that was not read is not remembered', async () => {
  const tenant = await api.tenant();
  const large = ' '.repeat(api.context.config.INVOICE_MAX_BYTES + 1);
  await assertProblem(await tenant.post('/v1/invoices', large, key), 'too-large');
  const text = { ...key, 'content-type': 'text/plain' };
  await assertProblem(await tenant.post('/v1/invoices', aDraft(), text), 'unsupported-media-type');
  await accepted(tenant);
});

/** A proxy on loopback that hands on every request, and loses the first answer to each path. */
const startLossyProxy = async (target: string): Promise<AsyncDisposable & { url: string; lost: string[] }> => {
  const lost: string[] = [];
  const server = createServer((req, res) => {
    void (async () => {
      const { url = '', method = 'GET', headers } = req;
      const body = await buffer(req);
      const passed = { 'content-type': '', authorization: '', 'idempotency-key': '', accept: '' };
      const kept = Object.entries(headers).filter((entry): entry is [string, string] => entry[0] in passed);
      const response = await fetch(target + url, {
        method,
        headers: Object.fromEntries(kept),
        ...(body.length > 0 && { body: new Uint8Array(body) }),
      });
      const answer = await response.text();
      if (method === 'POST' && url.startsWith('/v1/') && !lost.includes(url)) {
        lost.push(url);
        return void res.destroy();
      }
      res
        .writeHead(response.status, { 'content-type': response.headers.get('content-type') ?? 'text/plain' })
        .end(answer);
    })();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    lost,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
};

test('the client recovers every answer that was lost on the way, and each change happens once', async () => {
  await using proxy = await startLossyProxy(api.url);
  const { clientId, clientSecret, client: direct, ...tenant } = await api.tenant();
  const client = createClient({ baseUrl: proxy.url, clientId, clientSecret, sleep: async () => {} });

  await client.createNumberSeries({ name: 'sales', prefix: 'S-' });
  const { number: _, ...unnumbered } = aDraft();
  const canceled = await client.submitInvoice({ ...unnumbered, series: 'sales' });
  assert.equal((await client.cancelInvoice(canceled.id)).status, 'canceled');
  const { outcomes } = await client.submitBatch([{ ...unnumbered, series: 'sales' }, aDraft({ currency: '?' })]);
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    [202, 422],
  );
  const [failed] = (await direct.listPage({ number: 'S-00002' })).invoices;
  assert.ok(failed);
  await makeFailed(api, { clientId, clientSecret, client: direct, ...tenant }, failed.id);
  assert.equal((await client.retryInvoice(failed.id)).generation, 2);

  assert.equal(proxy.lost.length, 5);
  assert.deepEqual((await direct.listPage()).invoices.map(({ number }) => number).toSorted(), ['S-00001', 'S-00002']);
});
