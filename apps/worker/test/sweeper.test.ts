import { databaseSettings, openDatabase } from '@invoicepress/database';
import { consumeRenders, openQueue, openSharedRedis, queueSettings, type RenderQueue } from '@invoicepress/queue';
import { createTelemetry } from '@invoicepress/telemetry';
import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { startSweeper, sweep } from '../src/sweeper.ts';
import { aWorker, parseLines, type LogLine } from './a-worker.ts';
import { openProxy } from './proxy.ts';
import { aSite, eventually, type Site } from './site.ts';

const OVERDUE_MS = 30_000;
const backends = ['Redis', 'PostgreSQL'] as const;

/** What a sweeper is made of, with the database role that it has in production. */
const aSweeper = (site: Site, queue: RenderQueue = site.queue) => {
  const database = openDatabase(databaseSettings.parse({ DATABASE_URL: site.environment['SWEEPER_DATABASE_URL'] }), {
    applicationName: 'sweeper',
  });
  const log = new PassThrough();
  const lines: LogLine[] = [];
  log.on('data', (chunk: Buffer) => lines.push(...parseLines(chunk.toString())));
  const parts = { database, queue, telemetry: createTelemetry({ service: 'worker', level: 'info', destination: log }) };
  return {
    parts,
    sweep: () => sweep(parts, { overdueMs: OVERDUE_MS }),
    logged: (event: string) => lines.filter((line) => line.event === event),
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
};

/** As if everything had been handed to the queue so many milliseconds ago; what a worker is writing just now is left. */
const backdate = async (site: Site, milliseconds = 2 * OVERDUE_MS): Promise<void> => {
  await site.superuser.prisma.$executeRaw`
    UPDATE invoice SET dispatched_at = ${new Date(Date.now() - milliseconds)} WHERE id IN
      (SELECT id FROM invoice WHERE status = 'queued' FOR UPDATE SKIP LOCKED)`;
};

/** Everything that this queue has in its server, gone in one stroke, as by FLUSHALL or a lost disk. */
const wipe = async (site: Site): Promise<void> => {
  await using redis = openSharedRedis(queueSettings.parse(site.environment), () => {});
  if (!redis) return site.queue.bull.obliterate({ force: true });
  await eventually('Redis answers', () =>
    redis.send('PING').then(
      () => true,
      () => false,
    ),
  );
  const keys = (await redis.send('KEYS', `{${site.environment['QUEUE_PREFIX']}}*`)) as string[];
  await redis.send('DEL', ...keys);
};

for (const queue of backends) {
  test(`with ${queue}, an overdue invoice that the queue never heard of is enqueued and becomes ready`, async () => {
    await using site = await aSite({ queue });
    await using sweeper = aSweeper(site);
    const jobs = await site.accept({}, {});
    await backdate(site);
    assert.equal(await sweeper.sweep(), 2);
    await using worker = await aWorker(site);
    await worker.consume();
    await site.until(jobs, 'ready');
    assert.deepEqual(
      sweeper.logged('sweep_finished').map(({ overdue, reenqueued }) => ({ overdue, reenqueued })),
      [{ overdue: 2, reenqueued: 2 }],
    );
  });

  test(`with ${queue}, an overdue invoice whose job has ended without it is started over`, async () => {
    await using site = await aSite({ queue });
    await using sweeper = aSweeper(site);
    const [job] = await site.submit({});
    {
      await using _ = await consumeRenders(queueSettings.parse(site.environment), async () => ({ outcome: 'done' }), {
        concurrency: 1,
      });
      await eventually('the job has ended', async () => (await site.queue.presence([job!]))[0] === 'finished');
    }
    await backdate(site);
    await sweeper.sweep();
    assert.deepEqual(await site.queue.presence([job!]), ['waiting']);
    await using worker = await aWorker(site);
    await worker.consume();
    await site.until([job!], 'ready');
  });

  test(`with ${queue}, a job that still waits is left alone`, async () => {
    await using site = await aSite({ queue });
    await using sweeper = aSweeper(site);
    await site.submit({});
    await backdate(site);
    assert.equal(await sweeper.sweep(), 1);
    assert.deepEqual(
      sweeper.logged('sweep_finished').map(({ overdue, reenqueued }) => ({ overdue, reenqueued })),
      [{ overdue: 1, reenqueued: 0 }],
    );
    assert.equal((await site.queue.depth()).waiting, 1);
  });

  test(`with ${queue}, sweepers at the same time share the work and double nothing`, async () => {
    await using site = await aSite({ queue });
    await using one = aSweeper(site);
    await using other = aSweeper(site);
    await site.accept(...Array.from({ length: 40 }, () => ({})));
    await backdate(site);
    const swept = await Promise.all([one, other, one, other].map((sweeper) => sweeper.sweep()));
    assert.equal(
      swept.reduce((sum, count) => sum + count),
      40,
    );
    assert.equal((await site.queue.depth()).waiting, 40);
  });

  test(`with ${queue}, everything becomes ready although the queue lost all it knew, in the middle of the work`, async () => {
    await using site = await aSite({ queue });
    await using worker = await aWorker(site);
    await worker.consume();
    const jobs = await site.submit(...Array.from({ length: 100 }, () => ({})));
    await eventually('some are ready', async () => ((await site.counts()).ready ?? 0) > 0);
    await wipe(site);
    assert.ok(((await site.counts()).queued ?? 0) > 0, 'there was work left');
    await using sweeper = aSweeper(site);
    await eventually('all are ready', async () => {
      await backdate(site);
      await sweeper.sweep();
      return (await site.counts()).ready === jobs.length;
    });
    assert.equal(await site.superuser.prisma.document.count(), jobs.length);
    await eventually('each was told of', () => worker.logged('invoice_ready').length >= jobs.length);
    assert.equal(worker.logged('invoice_ready').length, jobs.length);
  });
}

test('an invoice that is not overdue yet is not touched', async () => {
  await using site = await aSite();
  await using sweeper = aSweeper(site);
  const [job] = await site.accept({});
  await backdate(site, OVERDUE_MS / 2);
  assert.equal(await sweeper.sweep(), 0);
  assert.deepEqual(await site.queue.presence([job!]), ['missing']);
});

test('a worker whose lease is over loses it, and the invoice is queued again; a lease that runs is respected', async () => {
  await using site = await aSite();
  await using sweeper = aSweeper(site);
  const [expired, running] = await site.accept({}, {});
  const lease = (job: typeof expired, milliseconds: number) =>
    site.superuser.prisma.invoice.update({
      where: { id: job!.invoiceId },
      data: { status: 'rendering', leaseEpoch: 3, leaseExpiresAt: new Date(Date.now() + milliseconds) },
    });
  await lease(expired, -1_000);
  await lease(running, 600_000);
  assert.equal(await sweeper.sweep(), 1);

  const [first, second] = [await site.invoice(expired!), await site.invoice(running!)];
  assert.deepEqual([first.status, first.leaseEpoch, first.leaseExpiresAt], ['queued', 4, null]);
  assert.deepEqual([second.status, second.leaseEpoch], ['rendering', 3]);
  assert.deepEqual(await site.queue.presence([expired!, running!]), ['waiting', 'missing']);
});

test('while the queue is away a sweep says so, and the next one that is due does the work', async () => {
  await using site = await aSite();
  const url = new URL(site.environment['QUEUE_URL']!);
  await using proxy = await openProxy(url);
  url.host = proxy.host;
  await using queue = await openQueue(queueSettings.parse({ ...site.environment, QUEUE_URL: url.href }));
  await using sweeper = aSweeper(site, queue);
  const [job] = await site.accept({});
  await backdate(site);
  proxy.cut();
  await sweeper.sweep();
  assert.deepEqual(
    sweeper.logged('enqueue_failed').map(({ count }) => count),
    [1],
  );
  assert.deepEqual(await site.queue.presence([job!]), ['missing']);

  proxy.restore();
  await eventually('the job is there', async () => {
    await backdate(site);
    await sweeper.sweep();
    return (await site.queue.presence([job!]))[0] === 'waiting';
  });
});

test('a sweeper outlives rounds that fail, and stops when it is asked to', async () => {
  await using site = await aSite();
  await using sweeper = aSweeper(site);
  const [job] = await site.accept({});
  await backdate(site);
  await site.superuser.prisma.$executeRaw`ALTER TABLE invoice RENAME TO invoice_away`;
  {
    await using _ = startSweeper(sweeper.parts, { intervalMs: 20, overdueMs: OVERDUE_MS });
    await eventually('two rounds have failed', () => sweeper.logged('sweep_failed').length >= 2);
    await site.superuser.prisma.$executeRaw`ALTER TABLE invoice_away RENAME TO invoice`;
    await eventually('the job is there', async () => (await site.queue.presence([job!]))[0] === 'waiting');
  }
  await backdate(site);
  assert.equal(await sweeper.sweep(), 1, 'nobody else swept it');
});
