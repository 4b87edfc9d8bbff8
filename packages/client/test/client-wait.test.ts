import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { createClient, WaitTimeout, type Invoice } from '@invoicepress/client';
import { anAnsweredInvoice, startScriptedApi } from './scripted-api.ts';

type Status = Invoice['status'];

/**
 * An API whose invoices go through these statuses, one with every look at them, and a client whose sleep only moves
 * the clock.
 */
const aWorld = async (t: TestContext, lives: Record<string, Status[]>) => {
  t.mock.timers.enable({ apis: ['Date'], now: Date.parse('2026-03-02T10:00:00Z') });
  const looks = new Map<string, number>();
  const api = await startScriptedApi(({ path }) => {
    const query = new URL(path, 'http://localhost').searchParams;
    if (!query.has('ids')) return undefined;
    const invoices = query
      .get('ids')!
      .split(',')
      .flatMap((id) => {
        const life = lives[id];
        if (!life) return [];
        const look = looks.get(id) ?? 0;
        looks.set(id, look + 1);
        return anAnsweredInvoice({ id, status: life[Math.min(look, life.length - 1)]! });
      });
    return { json: { invoices: invoices.slice(0, Number(query.get('limit'))) } };
  });
  const slept: number[] = [];
  const sleep = async (ms: number) => {
    slept.push(ms);
    t.mock.timers.tick(ms);
  };
  return { api, slept, client: createClient({ baseUrl: api.url, clientId: 'c', clientSecret: 's', sleep }) };
};
const idsAsked = (paths: string[]) =>
  paths.map((path) => new URL(path, 'http://localhost').searchParams.get('ids')!.split(','));

test('waiting ends when every invoice is ready, failed or canceled, and keeps the order', async (t) => {
  const { api, client } = await aWorld(t, {
    a: ['queued', 'rendering', 'ready'],
    b: ['failed'],
    c: ['queued', 'canceled'],
  });
  await using _api = api;
  const settled = await client.waitUntilSettled(['a', 'b', 'c']);
  assert.deepEqual(
    settled.map(({ id, status }) => [id, status]),
    [
      ['a', 'ready'],
      ['b', 'failed'],
      ['c', 'canceled'],
    ],
  );
});

test('only those still open are asked for again, and progress shows all as last seen', async (t) => {
  const { api, client } = await aWorld(t, {
    a: ['queued', 'rendering', 'ready'],
    b: ['ready'],
    c: ['rendering', 'ready'],
  });
  await using _api = api;
  const progress: Status[][] = [];
  await client.waitUntilSettled(['a', 'b', 'c'], {
    onProgress: (invoices) => progress.push(invoices.map(({ status }) => status)),
  });
  assert.deepEqual(idsAsked(api.calls().map(({ path }) => path)), [['a', 'b', 'c'], ['a', 'c'], ['a']]);
  assert.deepEqual(progress, [
    ['queued', 'ready', 'rendering'],
    ['rendering', 'ready', 'ready'],
    ['ready', 'ready', 'ready'],
  ]);
});

test('it looks less often the longer it takes, and every two seconds at the least', async (t) => {
  const { api, client, slept } = await aWorld(t, {
    a: [...Array.from({ length: 12 }, () => 'queued' as const), 'ready'],
  });
  await using _api = api;
  await client.waitUntilSettled(['a']);
  assert.deepEqual(slept.slice(0, 3), [100, 150, 225]);
  assert.deepEqual(
    slept,
    slept.toSorted((one, other) => one - other),
  );
  assert.deepEqual(slept.slice(-2), [2_000, 2_000]);
});

test('many invoices are asked for a hundred at a time', async (t) => {
  const ids = Array.from({ length: 250 }, (_, index) => `id-${index}`);
  const { api, client } = await aWorld(t, Object.fromEntries(ids.map((id) => [id, ['ready']])));
  await using _api = api;
  const settled = await client.waitUntilSettled(ids);
  assert.deepEqual(
    settled.map(({ id }) => id),
    ids,
  );
  assert.deepEqual(
    idsAsked(api.calls().map(({ path }) => path)).map(({ length }) => length),
    [100, 100, 50],
  );
});

// The limit is for the day on which it waits for ever.
test('waiting ends with an error when the time is up', { timeout: 20_000 }, async (t) => {
  const { api, client, slept } = await aWorld(t, { a: ['ready'], b: ['queued'] });
  await using _api = api;
  await assert.rejects(client.waitUntilSettled(['a', 'b', 'unknown'], { timeoutMs: 5_000 }), (error) => {
    assert.ok(error instanceof WaitTimeout);
    assert.equal(error.message, '2 of 3 invoices not settled after 5000 ms; are the workers running?');
    return true;
  });
  assert.ok(slept.reduce((total, ms) => total + ms, 0) >= 5_000);
});

test('there is nothing to wait for without invoices', async (t) => {
  const { api, client } = await aWorld(t, {});
  await using _api = api;
  assert.deepEqual(await client.waitUntilSettled([]), []);
  assert.equal(api.received.length, 0);
});
