/** What the sweeper asks to know whether a queue may have lost jobs; Redis emptied is in the worker's lost-queue.test.ts. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openQueue } from '../src/index.ts';
import type { QueueSettings } from '../src/index.ts';
import { postgres, postgresAndItsOwner } from './backends.ts';

const look = async (settings: QueueSettings): Promise<string> => {
  await using queue = await openQueue(settings);
  return await queue.incarnation();
};

test('PostgreSQL: whoever asks hears of the same queue, until a crash', async () => {
  const { settings, asOwner } = await postgresAndItsOwner();
  const [first, ...others] = await Promise.all([look(settings), look(settings), look(settings)]);
  assert.deepEqual(others, [first, first]);

  const unlogged = await asOwner(
    `select from pg_class where oid = 'bullmq.incarnation'::regclass and relpersistence = 'u'`,
  );
  assert.equal(unlogged, 1, 'only what is unlogged goes with a crash');
  await asOwner('truncate bullmq.incarnation'); // which is what the server does to such a table when it recovers
  const after = await look(settings);
  assert.notEqual(after, first);
  assert.equal(await look(settings), after);
});

test('PostgreSQL: two databases are two queues', async () => {
  assert.notEqual(await look(await postgres.settings()), await look(await postgres.settings()));
});

test('PostgreSQL: tables that an earlier version prepared are refused with what to do', async () => {
  const { settings, asOwner } = await postgresAndItsOwner();
  await asOwner('drop table bullmq.incarnation');
  await assert.rejects(look(settings), /run `npm run admin -- migrate-queue`/);
});
