import { EventPage, InvoiceEvent, type EventType } from '@invoicepress/client';
import { placeEvents } from '@invoicepress/database';
import { aDraft } from '@invoicepress/invoice/testing';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { request } from 'node:http';
import { test } from 'node:test';
import { createTokens } from '../src/auth/tokens.ts';
import { MAX_STREAMS, MAX_STREAMS_PER_CLIENT } from '../src/event-streams.ts';
import { assertProblem, faultsIn } from './assert-problem.ts';
import { follow, idsIn } from './followed.ts';
import { makeFailed, makeReady } from './make-ready.ts';
import { sharedApi, startApi, type Tenant } from './start-api.ts';

const api = await sharedApi();

const place = async () => {
  while ((await placeEvents(api.sweeper, 1_000)) > 0);
};
const submit = async (tenant: Tenant): Promise<string> =>
  (await tenant.client.submitInvoice(aDraft({ number: randomUUID() }))).id;
const submitMany = async (tenant: Tenant, count: number) => {
  for (let i = 0; i < count; i++) await submit(tenant);
  await place();
};
const positions = ({ events }: EventPage) => events.map(({ position }) => position);

const quiet = await follow(await api.tenant());

test('an event tells what happened to which invoice', async () => {
  const tenant = await api.tenant();
  const { id } = await tenant.client.submitInvoice(aDraft({ number: 'R-1', externalId: 'order-7' }));
  await makeFailed(api, tenant, id);
  await place();
  const response = await tenant.fetch('/v1/events');
  assert.equal(response.headers.get('cache-control'), 'no-store');
  const page = (await response.json()) as EventPage;
  assert.deepEqual(EventPage.parse(page), page);
  const common = { id, number: 'R-1', externalId: 'order-7', generation: 1 };
  const failure = { code: 'template-error', reason: 'The logo is no image.', remedy: 'Send a PNG.' };
  assert.deepEqual(
    page.events.map(({ position, type, invoice }) => ({ position, type, invoice })),
    [
      { position: 1, type: 'invoice.accepted', invoice: { ...common, status: 'queued' } },
      { position: 2, type: 'invoice.rendering', invoice: { ...common, status: 'rendering' } },
      { position: 3, type: 'invoice.failed', invoice: { ...common, status: 'failed', failure } },
    ],
  );
  assert.equal(page.next, 3);
});

test('pages follow one another until "next" stays as it was', async () => {
  const tenant = await api.tenant();
  assert.deepEqual(await tenant.client.listEvents(), { events: [], next: 0 });
  await submitMany(tenant, 5);
  const first = await tenant.client.listEvents({ limit: 2 });
  assert.deepEqual([positions(first), first.next], [[1, 2], 2]);
  const second = await tenant.client.listEvents({ after: first.next, limit: 500 });
  assert.deepEqual([positions(second), second.next], [[3, 4, 5], 5]);
  assert.deepEqual(await tenant.client.listEvents({ after: second.next }), { events: [], next: 5 });
  assert.deepEqual(await tenant.client.listEvents({ after: 'latest' }), { events: [], next: 5 });
});

test('a page has 100 events unless asked otherwise', async () => {
  const tenant = await api.tenant();
  await tenant.client.submitBatch(Array.from({ length: 101 }, (_, i) => aDraft({ number: `n${i}` })));
  await place();
  assert.equal((await tenant.client.listEvents()).events.length, 100);
});

test('types choose among the events, and "next" passes over the others', async () => {
  const tenant = await api.tenant();
  const [ready, canceled] = [await submit(tenant), await submit(tenant)];
  await makeReady(api, tenant, ready);
  await tenant.client.cancelInvoice(canceled);
  await place();
  const found = async (...types: EventType[]) => {
    const { events, next } = await tenant.client.listEvents({ types });
    assert.equal(next, 5);
    return events.map(({ type, invoice }) => [type, invoice.id]);
  };
  assert.deepEqual(await found('invoice.canceled', 'invoice.ready'), [
    ['invoice.ready', ready],
    ['invoice.canceled', canceled],
  ]);
  assert.deepEqual(await found('invoice.failed'), []);
});

for (const [query, pointer, says] of [
  ['after=-1', 'after', /neither a position such as "42" nor "latest"/],
  ['after=1.5', 'after', /neither a position/],
  ['after=', 'after', /neither a position/],
  ['after=9999999999999999', 'after', /neither a position/],
  ['after=1&after=2', 'after', /neither a position/],
  ['after=2', 'after', /beyond the end of the feed; begin again with 0 or "latest"/],
  ['after=999999999999999', 'after', /beyond the end of the feed/],
  ['limit=0', 'limit', /no number from 1 to 500/],
  ['limit=501', 'limit', /more than 500/],
  ['type=invoice.done', 'type/0', /none of invoice.accepted, /],
  ['type=invoice.ready,', 'type/1', /none of invoice.accepted, /],
  ['types=invoice.ready', 'types', /no field of ours/],
] as const) {
  test(`events?${query} is refused: ${says.source}`, async () => {
    const tenant = await api.tenant();
    await submitMany(tenant, 1);
    for (const accept of ['application/json', 'text/event-stream']) {
      const response = await tenant.fetch(`/v1/events?${query}`, { headers: { accept } });
      const faults = faultsIn(await assertProblem(response, 'invalid-parameter'));
      assert.deepEqual(Object.keys(faults), [pointer]);
      assert.match(faults[pointer] ?? '', says);
    }
  });
}

for (const [given, pointer] of [
  ['x', 'Last-Event-ID'],
  ['-1', 'Last-Event-ID'],
  ['7', 'after'],
] as const) {
  test(`Last-Event-ID: ${given} is refused, also where "after" is right`, async () => {
    const tenant = await api.tenant();
    const headers = { accept: 'text/event-stream', 'last-event-id': given };
    const response = await tenant.fetch('/v1/events?after=0', { headers });
    assert.deepEqual(Object.keys(faultsIn(await assertProblem(response, 'invalid-parameter'))), [pointer]);
  });
}

test('reading events needs the scope that reading invoices needs', async () => {
  const tenant = await api.tenant({ scopes: ['invoices:write'] });
  for (const accept of ['application/json', 'text/event-stream'])
    await assertProblem(await tenant.fetch('/v1/events', { headers: { accept } }), 'missing-scope');
});

test("one tenant's feed has nothing of another's", async () => {
  const [one, other] = [await api.tenant(), await api.tenant()];
  await submitMany(other, 2);
  const stream = await follow(one);
  const id = await submit(one);
  await place();
  const text = await stream.until(/^event: /m);
  stream.leave();
  assert.deepEqual(idsIn(text), [1]);
  const { events } = await one.client.listEvents();
  assert.deepEqual(
    events.map(({ invoice }) => invoice.id),
    [id],
  );
});

test('a stream tells what was and what comes, as the pages do', async () => {
  const tenant = await api.tenant();
  await submitMany(tenant, 3);
  const stream = await follow(tenant, '?after=1');
  assert.match(stream.response.headers.get('content-type') ?? '', /^text\/event-stream\b/);
  assert.equal(stream.response.headers.get('cache-control'), 'no-store');
  assert.equal(stream.response.headers.get('x-accel-buffering'), 'no');
  await stream.until(/^id: 3\n/m);
  await makeReady(api, tenant, await submit(tenant));
  await place();
  const text = await stream.until(/^event: invoice.ready\ndata: .*\n\n/m);
  stream.leave();
  assert.deepEqual(idsIn(text), [2, 3, 4, 5, 6]);
  const told = [...text.matchAll(/^event: (.*)\ndata: (.*)$/gm)].map(([, type, data = '']) => {
    const event = InvoiceEvent.parse(JSON.parse(data));
    assert.equal(event.type, type);
    return event;
  });
  assert.deepEqual(told, (await tenant.client.listEvents({ after: 1 })).events);
});

test('a stream goes on behind Last-Event-ID, whatever the URL says', async () => {
  const tenant = await api.tenant();
  await submitMany(tenant, 4);
  const stream = await follow(tenant, '?after=1', { 'last-event-id': '3' });
  assert.deepEqual(idsIn(await stream.until(/^event: /m)), [4]);
  stream.leave();
});

test('a stream after "latest" says where that is, and tells what comes', async () => {
  const tenant = await api.tenant();
  await submitMany(tenant, 2);
  const stream = await follow(tenant, '?after=latest');
  await stream.until(/^id: 2$/m);
  await submitMany(tenant, 1);
  assert.deepEqual(idsIn(await stream.until(/^event: /m)), [3]);
  stream.leave();
});

test('a stream tells only the types that were asked for', async () => {
  const tenant = await api.tenant();
  const stream = await follow(tenant, '?type=invoice.canceled');
  await tenant.client.cancelInvoice(await submit(tenant));
  await place();
  assert.deepEqual(idsIn(await stream.until(/^event: /m)), [2]);
  stream.leave();
});

test('the typed client follows the stream', { timeout: 30_000 }, async () => {
  const tenant = await api.tenant();
  await submitMany(tenant, 1);
  const seen: number[] = [];
  for await (const { position } of tenant.client.followEvents({ types: ['invoice.accepted'] })) {
    if (seen.push(position) === 3) break;
    await submitMany(tenant, 1);
  }
  assert.deepEqual(seen, [1, 2, 3]);
});

test('a reader that stops for a while gets everything in order', { timeout: 30_000 }, async () => {
  const tenant = await api.tenant();
  const id = await submit(tenant);
  const COUNT = 6_000;
  // Larger than whatever the sockets in between can hold.
  await api.superuser.prisma.$executeRaw`
    INSERT INTO event (tenant_id, type, invoice_id, data)
    SELECT ${tenant.id}::uuid, 'invoice.ready', ${id}::uuid, jsonb_build_object('number', repeat('x', 4000))
    FROM generate_series(2, ${COUNT})`;
  await place();
  const headers = { authorization: `Bearer ${tenant.token}`, accept: 'text/event-stream' };
  const outgoing = request(`${api.url}/v1/events`, { headers }).end();
  const [incoming] = (await once(outgoing, 'response')) as [NodeJS.ReadableStream];
  incoming.on('error', () => {}); // this test hangs up in the end
  await submit(tenant); // meanwhile, nobody reads
  const seen: number[] = [];
  let rest = '';
  for await (const piece of incoming.setEncoding('utf8')) {
    const blocks = (rest + String(piece)).split('\n\n');
    rest = blocks.pop() ?? '';
    seen.push(...blocks.flatMap((block) => idsIn(block)));
    if (seen.length === COUNT) break;
  }
  assert.deepEqual(
    seen,
    Array.from({ length: COUNT }, (_, i) => i + 1),
  );
});

test('a stream ends when its token expires', { timeout: 20_000 }, async () => {
  const tenant = await api.tenant();
  const { config, tokens } = api.context;
  const shortLived = createTokens({
    privateKeyPem: config.JWT_PRIVATE_KEY,
    issuer: tokens.issuer,
    audience: tokens.audience,
    ttlSeconds: 2,
  });
  const token = shortLived.issueAccess({
    tenantId: tenant.id,
    clientId: tenant.clientId,
    scopes: ['invoices:read'],
  });
  const stream = await follow(tenant, '', { authorization: `Bearer ${token}` });
  assert.match(await stream.ended, /^id: 0$/m);
});

const openMany = (tenant: Tenant, count: number) => Promise.all(Array.from({ length: count }, () => follow(tenant)));
const tryStream = (tenant: Tenant) => tenant.fetch('/v1/events', { headers: { accept: 'text/event-stream' } });

test('a client has so many streams and no more, until one of them ends', { timeout: 20_000 }, async () => {
  const tenant = await api.tenant();
  const colleague = await api.clientOf(tenant);
  const streams = await openMany(tenant, MAX_STREAMS_PER_CLIENT);
  const refused = await tryStream(tenant);
  assert.equal(refused.headers.get('retry-after'), '5');
  await assertProblem(refused, 'too-many-streams');
  assert.equal((await tenant.fetch('/v1/events')).status, 200, 'pages are not counted');
  streams.push(await follow(colleague));
  streams.shift()?.leave();
  for (let status = 429; status !== 200;) {
    const response = await tryStream(tenant);
    status = response.status;
    assert.ok(status === 200 || status === 429);
    await response.body?.cancel();
  }
  for (const stream of streams) stream.leave();
});

test('a process has so many streams and no more', async () => {
  await using other = await startApi();
  const tenants = await Promise.all(Array.from({ length: MAX_STREAMS / MAX_STREAMS_PER_CLIENT }, () => other.tenant()));
  const streams = await Promise.all(tenants.map((tenant) => openMany(tenant, MAX_STREAMS_PER_CLIENT)));
  const refused = await tryStream(await other.tenant());
  assert.equal(refused.headers.get('retry-after'), '5');
  await assertProblem(refused, 'unavailable');
  for (const stream of streams.flat()) stream.leave();
});

test('a stream says that it lives when there is nothing to tell', { timeout: 60_000 }, async () => {
  const text = await quiet.until(/: still here[^]*: still here\n/);
  assert.deepEqual(idsIn(text), []);
  quiet.leave();
});
