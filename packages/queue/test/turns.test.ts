import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import { consumeRenders, enqueueRender, openQueue, reenqueueRender } from '../src/index.ts';
import type { RenderInvoice, RenderQueue } from '../src/index.ts';
import type { QueueSettings } from '../src/settings.ts';
import { createTurns, LAST_TURN } from '../src/turns.ts';
import { postgres, redis } from './backends.ts';

/** Turns on a line that the test moves, and at which they look when it says so. */
const aLine = async () => {
  let answer = Promise.withResolvers<number | undefined>();
  let looks = 0;
  const turns = createTurns(
    () => ((looks += 1), answer.promise),
    () => Promise.resolve(),
  );
  const take = (owner: string, count: number) => Array.from({ length: count }, () => turns.take(owner));
  /** What the look under way sees, which began before now. */
  const comeTo = async (head: number | undefined) => {
    turns.follow();
    const { resolve } = answer;
    answer = Promise.withResolvers();
    resolve(head);
    await new Promise(setImmediate);
  };
  await comeTo(undefined);
  return { take, comeTo, looks: () => looks };
};

test('a newcomer starts where the line has come to, and takes turns with those who wait from there on', async () => {
  const { take, comeTo } = await aLine();
  assert.deepEqual(take('A', 100).slice(-2), [98, 99]);
  await comeTo(40);
  assert.deepEqual(take('B', 3), [40, 41, 42]);
  assert.deepEqual(take('A', 2), [100, 101]);
  await comeTo(70);
  assert.deepEqual(take('B', 2), [70, 71]); // what it had is done, and saved nothing up
});

test('turns begin again once the line was empty, but not for jobs that the look at it could not see', async () => {
  const { take, comeTo } = await aLine();
  take('A', 100);
  await comeTo(0);
  assert.deepEqual(take('C', 3), [0, 1, 2]); // while a look is under way
  await comeTo(undefined);
  assert.deepEqual(take('C', 1), [3]);
  assert.deepEqual(take('A', 1), [0]);
});

test('the line is followed for as long as jobs wait in it, and not longer', async () => {
  const { take, comeTo, looks } = await aLine();
  assert.equal(looks(), 1);
  take('A', 3);
  await comeTo(1);
  await comeTo(2);
  assert.equal(looks(), 4); // the fourth is under way
  await comeTo(undefined);
  assert.equal(looks(), 4);
  assert.deepEqual(take('A', 1), [0]);
});

test('turns end at the lowest priority that BullMQ has', async () => {
  const { take, comeTo } = await aLine();
  await comeTo(LAST_TURN - 1);
  assert.deepEqual(take('A', 4), [LAST_TURN - 1, LAST_TURN, LAST_TURN, LAST_TURN]);
});

const jobsOf = (tenantId: string, count: number): RenderInvoice[] =>
  Array.from({ length: count }, () => ({ tenantId, invoiceId: randomUUID(), generation: 1 }));

/** Lets a worker loose that takes one at a time, until all that wait are done. @returns whose they were, in order */
const orderTaken = async (settings: QueueSettings, queue: RenderQueue): Promise<string[]> => {
  const { waiting } = await queue.depth();
  const taken: string[] = [];
  const all = Promise.withResolvers<void>();
  await using _worker = await consumeRenders(
    settings,
    ({ payload }) => {
      if (taken.push(payload.tenantId) === waiting) all.resolve();
      return Promise.resolve({ outcome: 'done' });
    },
    { concurrency: 1 },
  );
  await all.promise;
  return taken;
};

for (const backend of [redis, postgres]) {
  describe(`${backend.name} queue`, { timeout: 240_000 }, () => {
    test(`${backend.name}: a tenant's single invoice does not wait for the 600 of another`, async () => {
      const settings = await backend.settings();
      await using queue = await openQueue(settings);
      const [many, single] = ['many', 'single'].map(() => randomUUID()) as [string, string];
      await enqueueRender(queue, jobsOf(many, 600));
      await enqueueRender(queue, jobsOf(single, 1));
      const depth = await queue.depth();
      assert.equal(depth.waiting, 601);
      assert.ok(depth.oldestWaitingSeconds > 0);
      assert.ok((await orderTaken(settings, queue)).indexOf(single) <= 2);
    });

    test(`${backend.name}: two tenants that are busy alternate, each in its own order`, async () => {
      const settings = await backend.settings();
      await using queue = await openQueue(settings);
      const [first, second] = [randomUUID(), randomUUID()];
      await enqueueRender(queue, jobsOf(first, 30));
      await enqueueRender(queue, jobsOf(second, 30));
      const taken = await orderTaken(settings, queue);
      assert.deepEqual(
        taken,
        Array.from({ length: 60 }, (_, i) => (i % 2 === 0 ? first : second)),
      );
    });

    test(`${backend.name}: what several processes enqueue for one tenant holds up another by a job each`, async () => {
      const settings = await backend.settings();
      await using one = await openQueue(settings);
      await using other = await openQueue(settings);
      const [many, single] = [randomUUID(), randomUUID()];
      await Promise.all([enqueueRender(one, jobsOf(many, 100)), enqueueRender(other, jobsOf(many, 100))]);
      await enqueueRender(other, jobsOf(single, 1));
      assert.ok((await orderTaken(settings, one)).indexOf(single) <= 2);
    });

    test(`${backend.name}: turns are as fair when a sweeper fills a queue that was emptied`, async () => {
      const settings = await backend.settings();
      await using api = await openQueue(settings);
      await using sweeper = await openQueue(settings);
      const [many, single] = [randomUUID(), randomUUID()];
      const jobs = [...jobsOf(many, 300), ...jobsOf(single, 1)];
      await enqueueRender(api, jobs);
      await api.bull.obliterate({ force: true });
      assert.deepEqual(await reenqueueRender(sweeper, jobs), { enqueued: true, waiting: 0 });
      assert.ok((await orderTaken(settings, sweeper)).indexOf(single) <= 2);
    });
  });
}
