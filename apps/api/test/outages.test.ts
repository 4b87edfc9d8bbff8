import { aDraft } from '@invoicepress/invoice/testing';
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import { assertProblem } from './assert-problem.ts';
import { startApi, type TestApi } from './start-api.ts';

/** Takes connections and never says a word: what a partitioned server looks like. */
const silent = createServer((socket) => socket.on('error', () => {})).listen(0, '127.0.0.1');
await once(silent, 'listening');
const silentUrl = `postgres://invoicepress_api:x@127.0.0.1:${(silent.address() as AddressInfo).port}/invoicepress`;
const refusedUrl = 'postgres://invoicepress_api:x@127.0.0.1:1/invoicepress';

const apis = {
  healthy: await startApi({ DATABASE_STATEMENT_TIMEOUT_MS: '500' }),
  refused: await startApi({ DATABASE_URL: refusedUrl }),
  silent: await startApi({ DATABASE_URL: silentUrl }),
  withoutQueue: await startApi({ QUEUE_URL: 'redis://127.0.0.1:1' }),
};
after(async () => {
  for (const api of Object.values(apis)) await api[Symbol.asyncDispose]();
  silent.close();
});

const checks = async (api: TestApi) => {
  const response = await api.fetch('/readyz');
  return [response.status, ((await response.json()) as { checks: Record<string, string> }).checks] as const;
};

const assertUnavailable = async (response: Response) => {
  await assertProblem(response, 'unavailable');
  assert.ok(Number(response.headers.get('retry-after')) > 0);
};

test('with every part there, the process is alive and ready', async () => {
  const response = await apis.healthy.fetch('/healthz');
  assert.deepEqual([response.status, await response.json()], [200, { status: 'ok' }]);
  assert.deepEqual(await checks(apis.healthy), [200, { database: 'up', queue: 'up', storage: 'up' }]);
});

for (const name of ['refused', 'silent'] as const) {
  test(`with the database ${name}, the process is alive but not ready`, async () => {
    assert.equal((await apis[name].fetch('/healthz')).status, 200);
    assert.deepEqual(await checks(apis[name]), [503, { database: 'down', queue: 'up', storage: 'up' }]);
  });

  test(`with the database ${name}, requests are told to come back, and so is who asks for a token`, async () => {
    const tenant = await apis[name].tenant();
    const form = { grant_type: 'client_credentials', client_id: tenant.clientId, client_secret: tenant.clientSecret };
    const answers = [
      tenant.post('/v1/invoices', aDraft()),
      tenant.fetch('/v1/invoices'),
      apis[name].fetch('/oauth2/token', { method: 'POST', body: new URLSearchParams(form) }),
    ];
    for (const answer of await Promise.all(answers)) await assertUnavailable(answer);
  });
}

test('an outage is logged with its cause, which stays out of the answer', async () => {
  const tenant = await apis.refused.tenant();
  const response = await tenant.post('/v1/invoices', aDraft());
  const text = await response.text();
  assert.ok(!/ECONN|prisma|127\.0\.0\.1:1\b|stack/i.test(text), text);
  assert.ok(
    apis.refused.log.lines('request_failed').some(({ error }) => JSON.stringify(error).includes('ECONNREFUSED')),
  );
});

test('connections that the database ends midway are told to come back, and the next request succeeds', async () => {
  const api = apis.healthy;
  const tenant = await api.tenant();
  await tenant.client.createNumberSeries({ name: 'sales', prefix: 'S-' });
  await tenant.client.submitInvoice(aDraft({ series: 'sales' }));
  let interrupted: Promise<Response> | undefined;
  await api.superuser.prisma.$transaction(async (db) => {
    await db.$queryRaw`SELECT 1 FROM number_counter FOR UPDATE`;
    interrupted = tenant.post('/v1/invoices', aDraft({ series: 'sales' }));
    await untilBlocked(api);
    await db.$queryRaw`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
  });
  await assertUnavailable(await interrupted!);
  assert.equal((await tenant.client.submitInvoice(aDraft({ series: 'sales' }))).number, 'S-00002');
});

test('who waits too long for a lock is told to come back, and has taken no number', async () => {
  const api = apis.healthy;
  const tenant = await api.tenant();
  await tenant.client.createNumberSeries({ name: 'sales', prefix: 'S-' });
  await tenant.client.submitInvoice(aDraft({ series: 'sales' }));
  await api.superuser.prisma.$transaction(async (db) => {
    await db.$queryRaw`SELECT 1 FROM number_counter FOR UPDATE`;
    await assertUnavailable(await tenant.post('/v1/invoices', aDraft({ series: 'sales' })));
  });
  assert.equal((await tenant.client.submitInvoice(aDraft({ series: 'sales' }))).number, 'S-00002');
});

test('with the queue away, invoices are accepted all the same; the sweeper will enqueue them', async () => {
  const api = apis.withoutQueue;
  const tenant = await api.tenant();
  assert.deepEqual(await checks(api), [200, { database: 'up', queue: 'down', storage: 'up' }]);
  assert.equal((await tenant.post('/v1/invoices', aDraft({ number: 'alone' }))).status, 202);
  assert.equal((await tenant.client.submitBatch([aDraft(), aDraft({ number: 'second' })])).accepted, 2);
  assert.equal((await tenant.client.listPage({ status: 'queued' })).invoices.length, 3);
  assert.deepEqual(
    api.log.lines('enqueue_failed').map(({ count }) => count),
    [1, 2],
  );
});

test('with the storage gone, everything but links goes on', async () => {
  const api = await startApi();
  after(() => api[Symbol.asyncDispose]());
  api.context.storage.ready = () => Promise.reject(new Error('gone'));
  assert.deepEqual(await checks(api), [200, { database: 'up', queue: 'up', storage: 'down' }]);
});

/** Until a statement of the API waits for a lock that somebody else holds. */
const untilBlocked = async ({ superuser }: TestApi): Promise<void> => {
  for (;;) {
    const waiting = await superuser.prisma.$queryRaw<object[]>`
      SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    if (waiting.length > 0) return;
  }
};
