import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createClient, ProblemError, Unreachable, type ClientOptions, type InvoiceEvent } from '@invoicepress/client';
import { startScriptedApi, type Behaviour } from './scripted-api.ts';

const anEvent = (position: number): InvoiceEvent => ({
  id: `0197a000-0000-7000-8000-${String(position).padStart(12, '0')}`,
  position,
  type: 'invoice.ready',
  createdAt: '2026-03-02T10:00:00.000Z',
  invoice: { id: '0197a000-0000-7000-8000-000000000001', number: 'R-1', status: 'ready', generation: 1 },
});
const block = (position: number) =>
  `id: ${position}\nevent: invoice.ready\ndata: ${JSON.stringify(anEvent(position))}\n\n`;
const opening = (position: number) => `: here\nid: ${position}\n\n`;
/** A connection that says this and ends. */
const says = (...blocks: string[]): Behaviour => ({
  headers: { 'content-type': 'text/event-stream' },
  body: blocks.join(''),
});
const refused = (status: number, headers: Record<string, string> = {}): Behaviour => ({
  status,
  headers,
  json: { type: 'about:blank', title: 'Refused', status, detail: 'because' },
});

/** An API whose connections behave like this, one after the other; the last hangs once it is open. */
const aFeed = async (behaviours: Behaviour[], options: Partial<ClientOptions> = {}) => {
  let connections = 0;
  const api = await startScriptedApi(({ path }) =>
    path.startsWith('/v1/events') ? (behaviours[connections++] ?? { stream: opening(0) }) : undefined,
  );
  const slept: number[] = [];
  const client = createClient({
    baseUrl: api.url,
    clientId: 'c',
    clientSecret: 's',
    sleep: async (ms) => void slept.push(ms),
    random: () => 1,
    ...options,
  });
  return { api, client, slept };
};
const take = async (events: AsyncIterable<InvoiceEvent>, count: number): Promise<number[]> => {
  const seen: number[] = [];
  for await (const { position } of events) if (seen.push(position) === count) break;
  return seen;
};
const lastIds = (calls: { headers: Record<string, unknown> }[]) => calls.map(({ headers }) => headers['last-event-id']);

test('events come in order and once, whatever connections repeat, cut off or mix up', async () => {
  const { api, client } = await aFeed([
    says(opening(0), block(1), block(2), block(3).slice(0, -1)),
    says(opening(2), block(2), block(3), block(1), block(4)),
    'reset',
    says(opening(4), block(5)),
  ]);
  await using _api = api;
  assert.deepEqual(await take(client.followEvents(), 5), [1, 2, 3, 4, 5]);
  assert.deepEqual(lastIds(api.calls()), ['0', '2', '4', '4']);
  for (const { path, headers } of api.calls()) {
    assert.equal(path, '/v1/events?');
    assert.equal(headers.accept, 'text/event-stream');
    assert.equal(headers.authorization, 'Bearer token-1');
  }
});

test('an event is handed over as the API tells it', async () => {
  const { api, client } = await aFeed([says(opening(6), block(7))]);
  await using _api = api;
  for await (const event of client.followEvents({ after: 6, types: ['invoice.ready', 'invoice.failed'] })) {
    assert.deepEqual(event, anEvent(7));
    break;
  }
  assert.equal(api.calls()[0]?.path, '/v1/events?type=invoice.ready%2Cinvoice.failed');
  assert.deepEqual(lastIds(api.calls()), ['6']);
});

test('after "latest" the first connection says where that is, and the next ones go on from there', async () => {
  const { api, client } = await aFeed(['reset', says(opening(41)), says(opening(41), block(42))]);
  await using _api = api;
  assert.deepEqual(await take(client.followEvents({ after: 'latest' }), 1), [42]);
  assert.deepEqual(
    api.calls().map(({ path }) => path),
    ['/v1/events?after=latest', '/v1/events?after=latest', '/v1/events?'],
  );
  assert.deepEqual(lastIds(api.calls()), [undefined, undefined, '41']);
});

test('a place that moves on without events is kept, so that a filter does not search it all again', async () => {
  const { api, client } = await aFeed([says(opening(0), opening(9_000)), says(opening(9_000), block(9_001))]);
  await using _api = api;
  assert.deepEqual(await take(client.followEvents({ types: ['invoice.ready'] }), 1), [9_001]);
  assert.deepEqual(lastIds(api.calls()), ['0', '9000']);
});

test('pauses grow while nothing comes, Retry-After lengthens them, and what comes makes them short again', async () => {
  const { api, client, slept } = await aFeed([
    says(opening(0), block(1)),
    'reset',
    refused(503),
    refused(429, { 'retry-after': '30' }),
    says(opening(1)),
    says(opening(1), opening(1)),
    says(opening(1), block(2)),
  ]);
  await using _api = api;
  assert.deepEqual(await take(client.followEvents(), 2), [1, 2]);
  assert.deepEqual(slept, [200, 400, 800, 30_000, 3_200, 200]);
});

test('once connected, it goes on for as long as it takes', async () => {
  const outage = Array.from({ length: 12 }, () => 'reset' as const);
  const { api, client, slept } = await aFeed([says(opening(0)), ...outage, says(opening(0), block(1))]);
  await using _api = api;
  assert.deepEqual(await take(client.followEvents(), 1), [1]);
  assert.equal(slept.at(-1), 10_000);
});

test('when not even the first connection comes about, that is an error', async () => {
  const { api, client } = await aFeed(['reset', 'reset', 'reset', 'reset'], { attempts: 3 });
  await using _api = api;
  await assert.rejects(take(client.followEvents(), 1), (error) => {
    assert.ok(error instanceof Unreachable);
    assert.equal(error.message, 'no stream of events in 3 attempts; is the API running there?');
    return true;
  });
  assert.equal(api.calls().length, 3);
});

test('a refusal is an error, also in the middle of it all', async () => {
  const { api, client } = await aFeed([says(opening(0), block(1)), refused(403)]);
  await using _api = api;
  await assert.rejects(
    take(client.followEvents(), 2),
    (error) => error instanceof ProblemError && error.problem.status === 403,
  );
  assert.equal(api.calls().length, 2);
});

test('a token that is no longer accepted is replaced', async () => {
  const { api, client, slept } = await aFeed([refused(401), says(opening(0), block(1))]);
  await using _api = api;
  assert.deepEqual(await take(client.followEvents(), 1), [1]);
  assert.deepEqual(
    api.calls().map(({ headers }) => headers.authorization),
    ['Bearer token-1', 'Bearer token-2'],
  );
  assert.deepEqual(slept, []);
});

// The limit is for the day on which nothing ends it.
test('the signal ends it without an error, while it waits and while it connects', { timeout: 20_000 }, async () => {
  for (const last of [{ stream: opening(1) + block(2) }, 'hang'] satisfies Behaviour[]) {
    const { api, client } = await aFeed([says(opening(0), block(1)), last]);
    await using _api = api;
    const stop = new AbortController();
    const seen: number[] = [];
    const following = (async () => {
      for await (const { position } of client.followEvents({ signal: stop.signal })) seen.push(position);
    })();
    while (api.calls().length < 2) await new Promise(setImmediate);
    stop.abort();
    await following;
    assert.equal(seen[0], 1);
    await take(client.followEvents({ signal: stop.signal }), 1);
    assert.equal(api.calls().length, 2, 'asks for nothing more');
  }
});

test('a connection that falls silent is given up for a new one', { timeout: 20_000 }, async (t) => {
  const { api, client } = await aFeed([{ stream: opening(0) + block(1) }, says(opening(1), block(2))]);
  await using _api = api;
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const events = client.followEvents()[Symbol.asyncIterator]();
  assert.equal((await events.next()).value?.position, 1);
  const next = events.next();
  await new Promise(setImmediate); // now it reads
  t.mock.timers.tick(44_999);
  await new Promise(setImmediate);
  assert.equal(api.calls().length, 1);
  t.mock.timers.tick(1);
  assert.equal((await next).value?.position, 2);
  await events.return?.(undefined);
});

test('a page is asked for by position, size and types, and nothing that was not given is sent', async () => {
  const answer = { events: [anEvent(8)], next: 8 };
  await using api = await startScriptedApi(({ path }) =>
    path.startsWith('/v1/events') ? { json: answer } : undefined,
  );
  const client = createClient({ baseUrl: api.url, clientId: 'c', clientSecret: 's' });
  assert.deepEqual(await client.listEvents({ after: 7, limit: 1, types: ['invoice.ready'] }), answer);
  await client.listEvents({ after: 'latest' });
  await client.listEvents();
  assert.deepEqual(
    api.calls().map(({ path }) => path),
    ['/v1/events?after=7&limit=1&type=invoice.ready', '/v1/events?after=latest', '/v1/events?'],
  );
});
