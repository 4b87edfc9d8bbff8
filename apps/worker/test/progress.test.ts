import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertProgress, watchProgress } from '../src/progress.ts';

const LIMIT_MS = 60_000;
const long = { waiting: 3, oldestWaitingSeconds: 600 };

test('a worker is stuck when invoices wait and it neither begins nor ends any for too long', () => {
  assert.throws(() => assertProgress(long, 2 * LIMIT_MS, LIMIT_MS), /3 invoices wait.*for 120 s; restart/);
});

test('a worker is not stuck while it gets on, has nothing to do, or has only just got something', () => {
  assertProgress(long, LIMIT_MS / 2, LIMIT_MS);
  assertProgress({ waiting: 0, oldestWaitingSeconds: 0 }, 2 * LIMIT_MS, LIMIT_MS);
  assertProgress({ waiting: 3, oldestWaitingSeconds: 1 }, 2 * LIMIT_MS, LIMIT_MS);
});

test('what begins and what ends, well or badly, is progress', async () => {
  let time = 0;
  const gate = Promise.withResolvers<void>();
  const progress = watchProgress(
    () => gate.promise,
    () => time,
  );
  time = 100;
  const work = progress.work(undefined);
  assert.equal(progress.quietMs(), 0);
  time = 250;
  assert.equal(progress.quietMs(), 150);
  gate.reject(new Error('it failed'));
  await assert.rejects(work, /it failed/);
  assert.equal(progress.quietMs(), 0);
});
