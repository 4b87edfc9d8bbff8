import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import {
  InvalidObject,
  ObjectMissing,
  openStorage,
  StorageUnavailable,
  StorageUnreachable,
  type BreakerState,
} from '../src/index.ts';
import { anObject } from './conformance.ts';
import { faultyHttpServer, faultyTcpServer, type FaultyServer } from './faulty-server.ts';
import { someSettings } from './settings.ts';

// Faults are injected here: in place of S3 stands a TCP or HTTP server that misbehaves.
const faults: Record<string, { start: () => Promise<FaultyServer>; says: RegExp }> = {
  hangs: { start: () => faultyTcpServer(() => {}), says: /did not answer within 400 ms.*STORAGE_TIMEOUT_MS/ },
  'resets connections': {
    start: () => faultyTcpServer((socket) => socket.resetAndDestroy()),
    says: /cannot be reached.*endpoint/,
  },
  'answers 503': { start: () => faultyHttpServer((_, res) => res.writeHead(503).end()), says: /answered 503/ },
  'says yes and keeps nothing': {
    start: () => faultyHttpServer((req, res) => res.writeHead(req.method === 'HEAD' ? 404 : 200).end()),
    says: /not there after it was stored/,
  },
  'answers nonsense': {
    start: () => faultyTcpServer((socket) => socket.end('nonsense\r\n\r\n')),
    says: /cannot be reached/,
  },
};

for (const [fault, { start, says }] of Object.entries(faults)) {
  test(`breaker: when the server ${fault}, callers are told, and then it is left alone`, async () => {
    await using server = await start();
    const outcomes: string[] = [];
    const states: BreakerState[] = [];
    await using storage = openStorage(server.settings, {
      observe: {
        operation: (name, _, outcome) => outcomes.push(`${name}: ${outcome}`),
        breaker: (state) => states.push(state),
      },
    });
    for (let call = 1; call <= 4; call += 1) {
      assert.equal(storage.breakerState(), 'closed');
      await assert.rejects(
        storage.put(anObject()),
        (error) => error instanceof StorageUnreachable && says.test(error.message),
      );
    }
    assert.equal(storage.breakerState(), 'open');
    const reached = server.reached();
    await assert.rejects(storage.put(anObject()), (error) => {
      assert.ok(error instanceof StorageUnavailable);
      assert.equal(error.status, 503);
      assert.ok(error.retryAfterMs > 0 && error.retryAfterMs <= 30_000, String(error.retryAfterMs));
      return true;
    });
    await assert.rejects(storage.ready(), StorageUnavailable);
    assert.equal(server.reached(), reached, 'nothing is sent while the breaker is open');
    assert.deepEqual(states, ['open']);
    assert.deepEqual(outcomes, [
      ...Array.from({ length: 4 }, () => 'put: storage-unreachable'),
      'put: storage-unavailable',
      'ready: storage-unavailable',
    ]);
  });
}

test('breaker: it lets one call try after a while, and closes when that succeeds', async () => {
  let healthy = false;
  await using server = await faultyHttpServer((_, res) => res.writeHead(healthy ? 200 : 503).end());
  const states: BreakerState[] = [];
  const halfOpen = Promise.withResolvers<void>();
  await using storage = openStorage(
    { ...server.settings, STORAGE_BREAKER_RESET_MS: 50 },
    {
      observe: {
        breaker: (state) => {
          states.push(state);
          if (state === 'half-open') halfOpen.resolve();
        },
      },
    },
  );
  // Opossum's timer does not keep the process alive, which is right for a service; this test waits for it.
  const keepAlive = setTimeout(() => halfOpen.reject(new Error('the breaker never became half-open')), 10_000);
  for (let call = 1; call <= 4; call += 1) await assert.rejects(storage.ready(), StorageUnreachable);
  await halfOpen.promise.finally(() => clearTimeout(keepAlive));
  healthy = true;
  await storage.ready();
  assert.equal(storage.breakerState(), 'closed');
  assert.deepEqual(states, ['open', 'half-open', 'closed']);
});

test('breaker: refusals and missing objects are answers, not failures', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'invoicepress-storage-test-'));
  const settings = someSettings({
    STORAGE_URL: pathToFileURL(folder).href,
    STORAGE_BREAKER_MINIMUM_CALLS: '1',
    STORAGE_BREAKER_ERROR_PERCENT: '1',
  });
  await using storage = openStorage(settings, { signs: false });
  for (let call = 1; call <= 10; call += 1) {
    await assert.rejects(storage.get(anObject().key), ObjectMissing);
    await assert.rejects(storage.put({ ...anObject(), key: 'bad' }), InvalidObject);
  }
  assert.equal(storage.breakerState(), 'closed');
  await rm(folder, { recursive: true });
});

test('breaker: a denied request says so and does not open it', async () => {
  await using server = await faultyHttpServer((_, res) =>
    res.writeHead(403).end('<Error><Code>AccessDenied</Code></Error>'),
  );
  await using storage = openStorage(server.settings);
  for (let call = 1; call <= 6; call += 1) {
    await assert.rejects(storage.put(anObject()), {
      type: 'storage-denied',
      message: /denied access.*grant s3:PutObject/,
    });
  }
  assert.equal(storage.breakerState(), 'closed');
});
