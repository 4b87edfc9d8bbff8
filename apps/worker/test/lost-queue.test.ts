import { databaseSettings, openDatabase } from '@invoicepress/database';
import { openSharedRedis, queueSettings } from '@invoicepress/queue';
import { createTelemetry } from '@invoicepress/telemetry';
import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { startSweeper, watchIncarnation } from '../src/sweeper.ts';
import { aWorker } from './a-worker.ts';
import { aSite, eventually, type Site } from './site.ts';

/** So long that only the loss itself can be the reason to look after an invoice. */
const NEVER_OVERDUE_MS = 3_600_000;

/** The queue's own part of the Redis that all tests share. */
const openKeys = (site: Site) => {
  const redis = openSharedRedis(queueSettings.parse(site.environment), () => {});
  if (!redis) throw new Error('this queue is not on Redis');
  const all = async () => (await redis.send('KEYS', `{${site.environment['QUEUE_PREFIX']}}*`)) as string[];
  return {
    all,
    /** Everything gone in one stroke, as by FLUSHALL. */
    wipe: async () => void (await redis.send('DEL', ...(await all()))),
    [Symbol.asyncDispose]: () => redis[Symbol.asyncDispose](),
  };
};

test('with Redis emptied while 1,000 invoices wait, all of them become ready, once each', async () => {
  await using site = await aSite();
  await using keys = openKeys(site);
  const database = openDatabase(databaseSettings.parse({ DATABASE_URL: site.environment['SWEEPER_DATABASE_URL'] }), {
    applicationName: 'sweeper',
  });
  const log = new PassThrough();
  let said = '';
  log.setEncoding('utf8').on('data', (text: string) => (said += text));
  const telemetry = createTelemetry({ service: 'worker', level: 'info', destination: log });
  await using parts = new AsyncDisposableStack();
  parts.use(database);
  parts.use(startSweeper({ database, queue: site.queue, telemetry }, { intervalMs: 100, overdueMs: NEVER_OVERDUE_MS }));
  await eventually('the sweeper has marked this queue', () =>
    keys.all().then(
      (found) => found.some((key) => key.endsWith(':incarnation')),
      () => false, // not connected yet
    ),
  );
  await site.submit(...Array.from({ length: 1_000 }, () => ({})));
  await keys.wipe();
  await eventually('the sweeper noticed', () => said.includes('"event":"queue_replaced"'));
  assert.match(said, /"queue_replaced".*"count":1000/);

  await using worker = await aWorker(site, { environment: { RENDERER_POOL_SIZE: '2' } });
  await worker.consume();
  await eventually('all are ready', async () => (await site.counts()).ready === 1_000);
  assert.equal(await site.superuser.prisma.document.count(), 1_000);
  assert.equal(await site.superuser.prisma.invoice.count({ where: { leaseEpoch: 1 } }), 1_000);
});

for (const queue of ['Redis', 'PostgreSQL'] as const) {
  test(`with ${queue}, a queue that lost nothing is the same at every look`, async () => {
    await using site = await aSite({ queue });
    const changed = watchIncarnation(site.queue);
    assert.deepEqual([await changed(), await changed(), await changed()], [false, false, false]);
  });
}

test('a queue that is away is no other queue', async () => {
  await using site = await aSite();
  const queue = site.queue;
  let away = false;
  const changed = watchIncarnation({
    ...queue,
    incarnation: () => (away ? Promise.reject(new Error('away')) : queue.incarnation()),
  });
  await changed();
  away = true;
  assert.equal(await changed(), false);
  away = false;
  assert.equal(await changed(), false);
});
