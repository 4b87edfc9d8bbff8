import { aDraft } from '@invoicepress/invoice/testing';
import assert from 'node:assert/strict';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import type { IncomingMessage } from 'node:http';
import { after, test } from 'node:test';
import { startProcess, type ApiProcess } from './process.ts';
import { startApi, type Tenant } from './start-api.ts';

/** Lends its database, its tenants and its key to the processes that are stopped here. */
const api = await startApi();
after(() => api[Symbol.asyncDispose]());

const start = async (settings: Record<string, string> = {}): Promise<ApiProcess & { url: string }> => {
  const { config } = api.context;
  const running = startProcess({
    DATABASE_URL: config.DATABASE_URL,
    QUEUE_URL: config.QUEUE_URL,
    QUEUE_PREFIX: config.QUEUE_PREFIX,
    STORAGE_URL: config.STORAGE_URL,
    STORAGE_SIGNING_KEY: config.STORAGE_SIGNING_KEY ?? '',
    STORAGE_PUBLIC_URL: config.STORAGE_PUBLIC_URL ?? '',
    PUBLIC_URL: config.PUBLIC_URL,
    JWT_PRIVATE_KEY: config.JWT_PRIVATE_KEY.replaceAll('\n', String.raw`\n`),
    PROOF_PRIVATE_KEY: config.PROOF_PRIVATE_KEY,
    WEBHOOK_SEALING_KEY: config.WEBHOOK_SEALING_KEY,
    PORT: '0',
    METRICS_PORT: '0',
    ...settings,
  });
  after(() => running.child.kill('SIGKILL'));
  const [, url = ''] = await running.until(/"event":"started".*?"url":"([^"]+)"/);
  return { ...running, url };
};

/** A submission that hangs in the database until the test lets it go, over a connection that would stay open. */
const submitSlowly = async (
  url: string,
  tenant: Tenant,
  work: (answer: Promise<IncomingMessage>) => Promise<void>,
): Promise<void> => {
  await tenant.client.createNumberSeries({ name: 'sales', prefix: 'S-' });
  await tenant.client.submitInvoice(aDraft({ series: 'sales' }));
  await api.superuser.prisma.$transaction(
    async (db) => {
      await db.$queryRaw`SELECT 1 FROM number_counter WHERE tenant_id = ${tenant.id}::uuid FOR UPDATE`;
      const headers = { authorization: `Bearer ${tenant.token}`, 'content-type': 'application/json' };
      const outgoing = request(`${url}/v1/invoices`, {
        method: 'POST',
        headers,
        agent: new Agent({ keepAlive: true }),
      });
      const answer = new Promise<IncomingMessage>((resolve, reject) =>
        outgoing.on('response', resolve).on('error', reject),
      );
      answer.catch(() => {});
      outgoing.end(JSON.stringify(aDraft({ series: 'sales' })));
      for (let waiting = 0; waiting === 0;) {
        const rows = await api.superuser.prisma.$queryRaw<object[]>`
          SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
        waiting = rows.length;
      }
      await work(answer);
    },
    { timeout: 30_000 },
  );
};

test(
  'told to stop, the process answers what has begun, takes nothing new, and ends well',
  { timeout: 30_000 },
  async () => {
    // The bound is longer than the test may take: it is not the bound that ends the process here.
    const running = await start({ SHUTDOWN_SECONDS: '300' });
    const tenant = await api.tenant();
    let answer: Promise<IncomingMessage> | undefined;
    await submitSlowly(running.url, tenant, async (answered) => {
      answer = answered;
      running.child.kill('SIGTERM');
      await running.until(/"event":"stopping"/);
      await assert.rejects(fetch(`${running.url}/healthz`), 'a new connection is refused');
    });
    const response = await answer!;
    assert.equal(response.statusCode, 202);
    assert.equal(response.headers.connection, 'close');
    assert.equal((JSON.parse(await text(response)) as { number: string }).number, 'S-00002');
    assert.equal(await running.ended, 0);
  },
);

test('a stream of events is ended, and does not keep it', { timeout: 30_000 }, async () => {
  const running = await start({ SHUTDOWN_SECONDS: '300' });
  const tenant = await api.tenant();
  const stream = await fetch(`${running.url}/v1/events`, {
    headers: { authorization: `Bearer ${tenant.token}`, accept: 'text/event-stream' },
  });
  assert.equal(stream.status, 200);
  running.child.kill('SIGTERM');
  assert.match(await stream.text(), /^id: 0$/m, 'it ends as an answer should, and is not cut off');
  assert.equal(await running.ended, 0);
});

test('idle and half-open connections do not keep it', async () => {
  const running = await start({ SHUTDOWN_SECONDS: '1' });
  const { port } = new URL(running.url);
  const idle = connect(Number(port), '127.0.0.1').on('error', () => {});
  const half = connect(Number(port), '127.0.0.1', () => half.write('POST /v1/invoices HTTP/1.1\r\nHost: a\r\n')).on(
    'error',
    () => {},
  );
  after(() => [idle, half].forEach((socket) => socket.destroy()));
  assert.equal((await fetch(`${running.url}/healthz`)).status, 200);
  running.child.kill('SIGTERM');
  assert.equal(await running.ended, 0);
});

test('a request that takes longer than the bound is cut off, and stores nothing', async () => {
  const running = await start({ SHUTDOWN_SECONDS: '1' });
  const tenant = await api.tenant();
  await submitSlowly(running.url, tenant, async (answer) => {
    running.child.kill('SIGTERM');
    await assert.rejects(answer);
  });
  await running.ended;
});
