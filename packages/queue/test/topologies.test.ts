import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { consumeRenders, enqueueRender, openQueue } from '../src/index.ts';
import type { RenderInvoice } from '../src/index.ts';
import { startCluster, startSentinel } from './redis-processes.ts';

/** Adds jobs, has them rendered, and returns the invoices in the order in which they were. */
const travel = async (url: string, jobs: RenderInvoice[]): Promise<string[]> => {
  const settings = { QUEUE_URL: url, QUEUE_PREFIX: 'invoicepress' };
  const errors: Error[] = [];
  const onError = (error: Error) => void errors.push(error);
  await using queue = await openQueue(settings, { onError });
  assert.deepEqual(await enqueueRender(queue, jobs), { enqueued: true });
  assert.equal((await queue.depth()).waiting, jobs.length);

  const rendered: string[] = [];
  const { promise: all, resolve } = Promise.withResolvers<void>();
  await using _consumer = await consumeRenders(
    settings,
    ({ payload }) => {
      rendered.push(payload.invoiceId);
      if (rendered.length === jobs.length) resolve();
      return Promise.resolve({ outcome: 'done' });
    },
    { concurrency: 1, onError },
  );
  await all;
  assert.deepEqual(errors, []);
  return rendered;
};

const someJobs = (): RenderInvoice[] =>
  Array.from({ length: 20 }, () => ({ tenantId: randomUUID(), invoiceId: randomUUID(), generation: 1 }));

test('Redis queue: jobs travel through a cluster of three masters', { timeout: 60_000 }, async () => {
  await using cluster = await startCluster();
  const jobs = someJobs();
  assert.deepEqual(
    await travel(cluster.url, jobs),
    jobs.map(({ invoiceId }) => invoiceId),
  );
});

test('Redis queue: jobs travel through the master that a sentinel names', { timeout: 60_000 }, async () => {
  await using sentinel = await startSentinel();
  const jobs = someJobs();
  assert.deepEqual(
    await travel(sentinel.url, jobs),
    jobs.map(({ invoiceId }) => invoiceId),
  );
});
