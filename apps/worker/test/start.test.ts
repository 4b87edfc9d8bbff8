import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startWorker } from './a-worker-process.ts';
import { openProxy } from './proxy.ts';
import { aSite, eventually, type Site } from './site.ts';

/** A worker whose database and queue are not there yet. */
const aWorkerTooEarly = async (site: Site) => {
  const parts = new AsyncDisposableStack();
  const through = async (variable: string) => {
    const url = new URL(site.environment[variable]!);
    const proxy = parts.use(await openProxy(url));
    proxy.cut();
    url.host = proxy.host;
    return { proxy, url: url.href };
  };
  const [database, queue] = [await through('DATABASE_URL'), await through('QUEUE_URL')];
  const worker = parts.use(startWorker({ ...site.environment, DATABASE_URL: database.url, QUEUE_URL: queue.url }));
  await eventually('it says what it waits for', () => {
    const named = new Set(worker.logged('waiting_for').map(({ part }) => part));
    return named.has('database') && named.has('queue');
  });
  return { worker, proxies: [database.proxy, queue.proxy], [Symbol.asyncDispose]: () => parts.disposeAsync() };
};

test('a worker that comes before its database and its queue waits for them, says so, and then works', async () => {
  await using site = await aSite();
  await using early = await aWorkerTooEarly(site);
  assert.deepEqual(early.worker.logged('started'), []);
  const jobs = await site.submit({});
  for (const proxy of early.proxies) proxy.restore();
  await early.worker.started();
  await site.until(jobs, 'ready');
});

test('a worker that is stopped while it waits ends with 0', async () => {
  await using site = await aSite();
  await using early = await aWorkerTooEarly(site);
  early.worker.kill('SIGTERM');
  assert.equal(await early.worker.exited, 'code 0');
  assert.equal(early.worker.stderr(), '');
});
