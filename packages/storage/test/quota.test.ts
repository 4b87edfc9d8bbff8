import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openStorage, StorageQuotaUsedUp, StorageUnavailable } from '../src/index.ts';
import { faultyHttpServer } from './faulty-server.ts';

/** A server in place of S3 that answers when it is told to. */
const slowServer = async () => {
  const open: (() => void)[] = [];
  const arrived: number[] = [];
  let most = 0;
  const server = await faultyHttpServer((_, res) => {
    arrived.push(performance.now());
    open.push(() => res.writeHead(200).end());
    most = Math.max(most, open.length);
  });
  const answerOne = async (underWay = 1) => {
    while (open.length < underWay) await new Promise(setImmediate);
    open.shift()?.();
  };
  return { server, arrived, answerOne, most: () => most };
};
const patient = { STORAGE_TIMEOUT_MS: 60_000, STORAGE_MAX_WAIT_MS: 60_000 };

test('quota: no more requests are under way than may be; others wait and are done in their turn', async () => {
  const { server, answerOne, most } = await slowServer();
  await using _server = server;
  const waits: number[] = [];
  await using storage = openStorage(
    { ...server.settings, ...patient, STORAGE_CONCURRENT_REQUESTS: 2 },
    { observe: { turn: (seconds) => waits.push(seconds) } },
  );
  const calls = Array.from({ length: 6 }, () => storage.ready());
  await Promise.resolve();
  assert.equal(storage.waiting(), 4);
  for (const underWay of [2, 2, 2, 2, 2, 1]) await answerOne(underWay);
  await Promise.all(calls);
  assert.equal(most(), 2);
  assert.equal(waits.length, 6);
  assert.equal(storage.waiting(), 0);
});

test('quota: no more requests begin within a second than may', async () => {
  const { server, arrived, answerOne } = await slowServer();
  await using _server = server;
  await using storage = openStorage({ ...server.settings, ...patient, STORAGE_REQUESTS_PER_SECOND: 2 });
  const calls = Array.from({ length: 3 }, () => storage.ready());
  for (let i = 0; i < 3; i++) await answerOne();
  await Promise.all(calls);
  assert.ok(arrived[2]! - arrived[1]! > 500, 'the third came with the first two');
});

test('quota: what gets no turn in time is not sent, says when to try again, and leaves the breaker alone', async () => {
  const { server, answerOne } = await slowServer();
  await using _server = server;
  const outcomes: string[] = [];
  await using storage = openStorage(
    { ...server.settings, ...patient, STORAGE_CONCURRENT_REQUESTS: 1, STORAGE_MAX_WAIT_MS: 50 },
    { observe: { operation: (_name, _seconds, outcome) => outcomes.push(outcome) } },
  );
  const first = storage.ready();
  const others = await Promise.allSettled(Array.from({ length: 5 }, () => storage.ready()));
  for (const other of others) {
    assert.ok(other.status === 'rejected' && other.reason instanceof StorageQuotaUsedUp);
    assert.ok(other.reason instanceof StorageUnavailable); // so that a job waits for it without burning an attempt
    assert.equal(other.reason.retryAfterMs, 50);
  }
  await answerOne();
  await first;
  assert.equal(server.reached(), 1);
  assert.equal(storage.breakerState(), 'closed');
  assert.deepEqual(outcomes, [...Array.from({ length: 5 }, () => 'storage-quota'), 'ok']);
});
