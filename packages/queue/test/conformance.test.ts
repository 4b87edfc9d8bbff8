import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  consumeRenders,
  enqueueRender,
  migrateQueue,
  openQueue,
  QueueUnreachableError,
  reenqueueRender,
  renderInvoice,
} from '../src/index.ts';
import type { RenderAttempt, RenderInvoice, RenderOutcome, RenderQueue } from '../src/index.ts';
import { postgres, postgresAndItsOwner, postgresWithoutTables, redis, throughProxy } from './backends.ts';

const aJob = (job: Partial<RenderInvoice> = {}): RenderInvoice => ({
  tenantId: randomUUID(),
  invoiceId: randomUUID(),
  generation: 1,
  ...job,
});
const done = (): Promise<RenderOutcome> => Promise.resolve({ outcome: 'done' });

const PATIENCE_MS = 30_000;

/** Asks until the answer is yes. */
const eventually = async (check: () => Promise<boolean> | boolean): Promise<void> => {
  const end = Date.now() + PATIENCE_MS;
  while (!(await check())) {
    if (Date.now() > end) throw new Error(`still not so after ${PATIENCE_MS} ms: ${check.toString()}`);
    await sleep(20);
  }
};

const isSettled = async (queue: RenderQueue): Promise<boolean> => {
  const { waiting, active, delayed } = await queue.depth();
  return waiting + active + delayed === 0;
};

/** Adds a job with backoff cut short, so that a test of five attempts does not take a quarter of a minute. */
const addImpatient = (queue: RenderQueue, job: RenderInvoice, attempts: number) =>
  queue.bull.add(renderInvoice.name, job, {
    ...renderInvoice.options,
    attempts,
    backoff: { type: 'exponential', delay: 20 },
    jobId: renderInvoice.id(job),
  });

for (const backend of [redis, postgres]) {
  const title = (text: string): string => `${backend.name} queue: ${text}`;

  describe(`${backend.name} queue`, { timeout: 120_000 }, () => {
    test(title('a job that was added is processed, with the payload that was given'), async () => {
      const settings = await backend.settings();
      await using queue = await openQueue(settings);
      const job = aJob();
      const { promise: seen, resolve } = Promise.withResolvers<RenderAttempt>();
      await using _consumer = await consumeRenders(settings, async (attempt) => (resolve(attempt), done()), {
        concurrency: 2,
      });

      assert.deepEqual(await enqueueRender(queue, [job]), { enqueued: true });

      const attempt = await seen;
      assert.deepEqual(attempt.payload, job);
      assert.equal(attempt.attempt, 1);
      assert.equal(attempt.lastAttempt, false);
      assert.equal(attempt.signal.aborted, false);
      await eventually(() => isSettled(queue));
      assert.deepEqual(await queue.presence([job]), ['finished']);
    });

    test(title('a thousand jobs are added at once and each runs once'), async () => {
      const settings = await backend.settings();
      await using queue = await openQueue(settings);
      const jobs = Array.from({ length: 1_000 }, () => aJob());
      const seen: string[] = [];
      assert.deepEqual(await enqueueRender(queue, jobs), { enqueued: true });
      assert.equal((await queue.depth()).waiting, 1_000);
      await using _consumer = await consumeRenders(settings, ({ payload }) => (seen.push(payload.invoiceId), done()), {
        concurrency: 8,
      });
      await eventually(() => isSettled(queue));
      assert.deepEqual(seen.toSorted(), jobs.map(({ invoiceId }) => invoiceId).toSorted());
    });

    test(title('an invoice added twice runs once, and its next generation runs again'), async () => {
      const settings = await backend.settings();
      await using queue = await openQueue(settings);
      const job = aJob();
      const next = { ...job, generation: 2 };
      const seen: number[] = [];
      await enqueueRender(queue, [job, job]);
      await using _consumer = await consumeRenders(settings, ({ payload }) => (seen.push(payload.generation), done()), {
        concurrency: 1,
      });
      await eventually(() => isSettled(queue));

      assert.deepEqual(await enqueueRender(queue, [job, next]), { enqueued: true });
      await eventually(() => isSettled(queue));
      assert.deepEqual(seen, [1, 2]);
    });

    test(
      title('a processor that throws is tried again with backoff, and fails when its attempts are used up'),
      async () => {
        const settings = await backend.settings();
        await using queue = await openQueue(settings);
        const job = aJob();
        const seen: [number, boolean][] = [];
        const { promise: failed, resolve } = Promise.withResolvers<[unknown, Error]>();
        await using _consumer = await consumeRenders(
          settings,
          ({ attempt, lastAttempt }) => (
            seen.push([attempt, lastAttempt]),
            Promise.reject(new Error('storage is away'))
          ),
          { concurrency: 1, onFailed: (payload, error) => resolve([payload, error]) },
        );
        await addImpatient(queue, job, 3);

        const [payload, error] = await failed;
        assert.deepEqual(payload, job);
        assert.equal(error.message, 'storage is away');
        assert.deepEqual(seen, [
          [1, false],
          [2, false],
          [3, true],
        ]);
        assert.equal((await queue.depth()).failed, 1);
        assert.deepEqual(await queue.presence([job]), ['finished']);
      },
    );

    test(title('an unrecoverable outcome is not tried again'), async () => {
      const settings = await backend.settings();
      await using queue = await openQueue(settings);
      let attempts = 0;
      const { promise: failed, resolve } = Promise.withResolvers<Error>();
      await using _consumer = await consumeRenders(
        settings,
        () => ((attempts += 1), Promise.resolve({ outcome: 'unrecoverable', reason: 'the IBAN is not one' })),
        { concurrency: 1, onFailed: (_payload, error) => resolve(error) },
      );
      await addImpatient(queue, aJob(), 5);
      assert.equal((await failed).message, 'the IBAN is not one');
      assert.ok(await isSettled(queue));
      assert.equal(attempts, 1);
    });

    test(title('a delay does not count as an attempt'), async () => {
      const settings = await backend.settings();
      await using queue = await openQueue(settings);
      const seen: number[] = [];
      await using _consumer = await consumeRenders(
        settings,
        ({ attempt }) => {
          seen.push(attempt);
          return seen.length < 4
            ? Promise.resolve({ outcome: 'delay', ms: 30, reason: 'the breaker is open' })
            : done();
        },
        { concurrency: 1 },
      );
      const job = aJob();
      await addImpatient(queue, job, 2);
      await eventually(() => isSettled(queue));
      assert.deepEqual(seen, [1, 1, 1, 1]);
      assert.equal((await queue.depth()).failed, 0);
    });

    test(title('a malformed payload fails for good and says what is wrong'), async () => {
      const settings = await backend.settings();
      await using queue = await openQueue(settings);
      let attempts = 0;
      const { promise: failed, resolve } = Promise.withResolvers<[unknown, Error]>();
      await using _consumer = await consumeRenders(settings, () => ((attempts += 1), done()), {
        concurrency: 1,
        onFailed: (payload, error) => resolve([payload, error]),
      });
      const malformed = { tenantId: 'nobody', invoiceId: randomUUID(), generation: 1 };
      await queue.bull.add(renderInvoice.name, malformed, { attempts: 5 });

      const [payload, error] = await failed;
      assert.deepEqual(payload, malformed);
      assert.match(error.message, /the payload is malformed: tenantId: /);
      assert.equal(attempts, 0);
      await assert.rejects(enqueueRender(queue, [malformed]), /tenantId/);
    });

    test(title('depth counts jobs by state and knows how long the next one has waited'), async () => {
      const settings = await backend.settings();
      await using queue = await openQueue(settings);
      assert.deepEqual(await queue.depth(), { waiting: 0, active: 0, delayed: 0, failed: 0, oldestWaitingSeconds: 0 });
      await enqueueRender(queue, [aJob()]);
      await sleep(250);
      await enqueueRender(queue, [aJob(), aJob()]);
      await queue.bull.add(renderInvoice.name, aJob(), { delay: 3_600_000 });

      const { oldestWaitingSeconds, ...counts } = await queue.depth();
      assert.deepEqual(counts, { waiting: 3, active: 0, delayed: 1, failed: 0 });
      assert.ok(oldestWaitingSeconds >= 0.2, `${oldestWaitingSeconds} s`);
    });

    test(title('what is missing or finished is enqueued anew, what is live is left alone'), async () => {
      const settings = await backend.settings();
      await using queue = await openQueue(settings);
      const [finished, missing, live] = [aJob(), aJob(), aJob()];
      const seen: string[] = [];
      const consumer = await consumeRenders(settings, ({ payload }) => (seen.push(payload.invoiceId), done()), {
        concurrency: 1,
      });
      await enqueueRender(queue, [finished]);
      await eventually(() => isSettled(queue));
      await consumer.close({ deadlineMs: 5_000 });
      await enqueueRender(queue, [live]);
      assert.deepEqual(await queue.presence([finished, missing, live]), ['finished', 'missing', 'waiting']);

      assert.deepEqual(await reenqueueRender(queue, [finished, missing, live]), { enqueued: true, waiting: 1 });

      assert.deepEqual(await queue.presence([finished, missing, live]), ['waiting', 'waiting', 'waiting']);
      await using _again = await consumeRenders(settings, ({ payload }) => (seen.push(payload.invoiceId), done()), {
        concurrency: 1,
      });
      await eventually(() => isSettled(queue));
      assert.deepEqual(
        seen.toSorted(),
        [finished, finished, missing, live].map(({ invoiceId }) => invoiceId).toSorted(),
      );
    });

    test(
      title('a delayed job that is enqueued anew is due at once, and one that became due by itself is no error'),
      async () => {
        await using queue = await openQueue(await backend.settings());
        const job = aJob();
        await queue.bull.add(renderInvoice.name, job, { jobId: renderInvoice.id(job), delay: 3_600_000 });
        assert.deepEqual(await queue.presence([job]), ['delayed']);

        const results = await Promise.all([reenqueueRender(queue, [job]), reenqueueRender(queue, [job])]);
        assert.deepEqual(
          results.map(({ enqueued }) => enqueued),
          [true, true],
        );
        assert.deepEqual(await queue.presence([job]), ['waiting']);
      },
    );

    test(
      title('a job in the hands of a worker that says nothing is enqueued beside it, for another to take'),
      async () => {
        const settings = await backend.settings();
        await using queue = await openQueue(settings);
        const job = aJob();
        const { promise: released, resolve: release } = Promise.withResolvers<void>();
        await using _silent = await consumeRenders(settings, async () => (await released, done()), { concurrency: 1 });
        await enqueueRender(queue, [job]);
        await eventually(async () => (await queue.presence([job]))[0] === 'active');

        const { promise: taken, resolve } = Promise.withResolvers<unknown>();
        await using _other = await consumeRenders(settings, ({ payload }) => (resolve(payload), done()), {
          concurrency: 1,
        });
        assert.deepEqual(await reenqueueRender(queue, [job]), { enqueued: true, waiting: 0 });
        assert.deepEqual(await taken, job);
        release();
      },
    );

    test(title('with its server away it opens, says that nothing was enqueued, and recovers by itself'), async () => {
      const { settings, proxy } = await throughProxy(await backend.settings(), 'cut');
      await using _proxy = proxy;
      const errors: Error[] = [];
      await using queue = await openQueue(settings, { onError: (error) => errors.push(error) });
      const job = aJob();

      const result = await enqueueRender(queue, [job]);
      assert.equal(result.enqueued, false);
      await assert.rejects(queue.ping());
      assert.ok(errors.length > 0);
      assert.deepEqual(await reenqueueRender(queue, [job]).then(({ enqueued }) => enqueued), false);

      proxy.restore();
      await eventually(async () => (await enqueueRender(queue, [job])).enqueued);
      await queue.ping();
      assert.deepEqual(await queue.presence([job]), ['waiting']);
    });

    test(title('with its server frozen an enqueue ends and says that nothing was enqueued'), async () => {
      const { settings, proxy } = await throughProxy(await backend.settings());
      await using _proxy = proxy;
      await using queue = await openQueue(settings);
      await queue.ping();
      proxy.freeze();
      const result = await enqueueRender(queue, [aJob()]);
      assert.equal(result.enqueued, false);
      await assert.rejects(queue.ping());
    });

    test(title('a consumer outlives an outage'), async () => {
      const direct = await backend.settings();
      const { settings, proxy } = await throughProxy(direct);
      await using _proxy = proxy;
      await using queue = await openQueue(direct);
      let processed = 0;
      const errors: Error[] = [];
      await using _consumer = await consumeRenders(settings, () => ((processed += 1), done()), {
        concurrency: 1,
        // A take whose answer was cut off keeps its job until others see that nobody works on it.
        lockDuration: 2_000,
        stalledInterval: 1_000,
        onError: (error) => errors.push(error),
      });
      await enqueueRender(queue, [aJob()]);
      await eventually(() => processed === 1);
      proxy.cut();
      await enqueueRender(queue, [aJob()]);
      await sleep(1_500);
      proxy.restore();
      await eventually(() => processed === 2);
      assert.ok(errors.length < 50, `an outage of 1.5 s was reported ${errors.length} times`);
    });

    test(title('a consumer whose server is away does not start, and says what to check'), async () => {
      const { settings, proxy } = await throughProxy(await backend.settings());
      await proxy[Symbol.asyncDispose]();
      await assert.rejects(
        consumeRenders(settings, done, { concurrency: 1, startDeadlineMs: 500 }),
        (error) => error instanceof QueueUnreachableError && /check QUEUE_URL/.test(error.message),
      );
    });

    test(title('a consumer that starts before its server waits for it'), async () => {
      const { settings, proxy } = await throughProxy(await backend.settings());
      await using _proxy = proxy;
      proxy.cut();
      const starting = consumeRenders(settings, done, { concurrency: 1 });
      const outcome = await Promise.race([starting.catch(() => 'failed'), sleep(500, 'waits')]);
      proxy.restore();
      assert.equal(outcome, 'waits');
      await using _consumer = await starting;
    });

    test(title('close waits for the attempts that run and takes no more'), async () => {
      const settings = await backend.settings();
      await using queue = await openQueue(settings);
      const { promise: started, resolve } = Promise.withResolvers<void>();
      const { promise: mayEnd, resolve: end } = Promise.withResolvers<void>();
      const consumer = await consumeRenders(settings, async () => (resolve(), await mayEnd, done()), {
        concurrency: 1,
      });
      await enqueueRender(queue, [aJob(), aJob()]);
      await started;
      assert.equal(consumer.active, 1);
      const closed = consumer.close({ deadlineMs: 20_000 });
      end();
      assert.deepEqual(await closed, { drained: true });
      const { waiting, active } = await queue.depth();
      assert.deepEqual({ waiting, active }, { waiting: 1, active: 0 });
    });

    test(title('close at its deadline aborts what runs, which does not count as an attempt'), async () => {
      const settings = await backend.settings();
      await using queue = await openQueue(settings);
      const { promise: started, resolve } = Promise.withResolvers<void>();
      const consumer = await consumeRenders(
        settings,
        async ({ signal }) => {
          resolve();
          await once(signal, 'abort');
          throw new Error('cut short');
        },
        { concurrency: 1 },
      );
      const job = aJob();
      await enqueueRender(queue, [job]);
      await started;
      assert.deepEqual(await consumer.close({ deadlineMs: 50 }), { drained: false });

      const { promise: seen, resolve: see } = Promise.withResolvers<number>();
      await using _next = await consumeRenders(settings, ({ attempt }) => (see(attempt), done()), { concurrency: 1 });
      assert.equal(await seen, 1);
    });

    test(title('close while its server is away leaves nothing that keeps the process from ending'), async () => {
      const { settings, proxy } = await throughProxy(await backend.settings());
      await using _proxy = proxy;
      const child = fork(new URL('lonely-consumer.ts', import.meta.url), { execArgv: ['--no-wasm-code-gc'] });
      const patience = { signal: AbortSignal.timeout(PATIENCE_MS) };
      try {
        child.send(settings);
        await once(child, 'message', patience);
        proxy.cut();
        await sleep(300); // by when it tries to connect again
        child.send('close');
        assert.deepEqual(await once(child, 'exit', patience), [0, null]);
      } finally {
        child.kill('SIGKILL');
      }
    });

    test(title('close ends also when an attempt never does, and another worker takes the job over'), async () => {
      const settings = await backend.settings();
      await using queue = await openQueue(settings);
      const { promise: started, resolve } = Promise.withResolvers<void>();
      const stuck = await consumeRenders(settings, () => (resolve(), new Promise<never>(() => {})), {
        concurrency: 1,
        lockDuration: 1_000,
        stalledInterval: 300,
      });
      const job = aJob();
      await enqueueRender(queue, [job]);
      await started;
      assert.deepEqual(await stuck.close({ deadlineMs: 50 }), { drained: false });

      const { promise: seen, resolve: see } = Promise.withResolvers<RenderInvoice>();
      await using _next = await consumeRenders(settings, ({ payload }) => (see(payload), done()), {
        concurrency: 1,
        stalledInterval: 300,
      });
      assert.deepEqual(await seen, job);
    });
  });
}

test(
  'PostgreSQL queue: opened before its tables exist it says what to run, and works once they do',
  { timeout: 60_000 },
  async () => {
    const settings = await postgresWithoutTables();
    const errors: Error[] = [];
    await using queue = await openQueue(settings, { onError: (error) => errors.push(error) });
    const result = await enqueueRender(queue, [aJob()]);
    assert.equal(result.enqueued, false);
    assert.match(errors[0]!.message, /tables of the queue are missing.*npm run admin -- migrate-queue/);

    await Promise.all([migrateQueue(settings.QUEUE_URL), migrateQueue(settings.QUEUE_URL)]);
    assert.deepEqual(await enqueueRender(queue, [aJob()]), { enqueued: true });
  },
);

test('PostgreSQL queue: when its password changes, open queues and consumers go on with what the URL has by then', async () => {
  const role = `queue_${randomUUID().replaceAll('-', '')}`;
  const { settings, asOwner } = await postgresAndItsOwner(role);
  const next = new URL(settings.QUEUE_URL);
  next.password = 'the next one';
  let current = settings.QUEUE_URL;
  const known = { ...settings, readQueueUrlAgain: () => current };
  await using queue = await openQueue(known);
  const seen: string[] = [];
  await using _consumer = await consumeRenders(known, ({ payload }) => (seen.push(payload.invoiceId), done()), {
    concurrency: 2,
  });
  const send = async (jobs: RenderInvoice[]): Promise<void> => {
    await eventually(async () => (await enqueueRender(queue, jobs)).enqueued);
    await eventually(() => isSettled(queue));
  };
  const [before, after] = [[aJob()], Array.from({ length: 20 }, () => aJob())];
  await send(before);

  current = next.href;
  await asOwner(`alter role ${role} password 'the next one'`);
  const closed = await asOwner(`select pg_terminate_backend(pid) from pg_stat_activity where usename = '${role}'`);
  assert.ok(closed !== null && closed > 0);
  await send(after);
  assert.deepEqual(seen.toSorted(), [...before, ...after].map(({ invoiceId }) => invoiceId).toSorted());
});
