import { aDraft } from '@invoicepress/invoice/testing';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, test } from 'node:test';
import {
  acceptInvoices,
  cancelInvoice,
  claimInvoice,
  completeInvoice,
  endOfEvents,
  failInvoice,
  listEvents,
  placeEvents,
  releaseInvoice,
  retryInvoice,
  withTenant,
  type Claim,
  type EventRecord,
} from '../src/index.ts';
import { anInvoice, startDatabase, type Tenant } from './start-database.ts';
import { aDocument, inTenant, withoutTenant } from './with-rows.ts';

const roles = await startDatabase({ poolSize: 8 });
after(() => roles[Symbol.asyncDispose]());

const BATCH = 1_000;
const placeAll = async () => {
  while ((await placeEvents(roles.sweeper, BATCH)) > 0);
};
const page = (tenant: Tenant, { after: position = 0, limit = BATCH, types }: Partial<Query> = {}) =>
  withTenant(roles.api, tenant.id, (tx) => listEvents(tx, { after: position, limit, types }));
interface Query {
  after: number;
  limit: number;
  types: string[];
}
const claim = async (tenant: Tenant, invoiceId: string, generation = 1): Promise<Claim> => {
  const outcome = await withTenant(roles.worker, tenant.id, (tx) =>
    claimInvoice(tx, { invoiceId, generation }, 60_000),
  );
  assert.ok('claim' in outcome);
  return outcome.claim;
};
const complete = async (tenant: Tenant, invoiceId: string, generation = 1) => {
  const lease = await claim(tenant, invoiceId, generation);
  await withTenant(roles.worker, tenant.id, (tx) => completeInvoice(tx, lease, [aDocument()]));
};
const typesOf = (events: EventRecord[], invoiceId: string) =>
  events.filter(({ data }) => data.id === invoiceId).map(({ type }) => type.replace('invoice.', ''));
const positionsOf = (events: EventRecord[]) => events.map(({ position }) => position);
const upTo = (count: number) => Array.from({ length: count }, (_, i) => i + 1);

test('each transition is told once, in order, as the invoice was then', async () => {
  const tenant = await roles.tenant();
  const made = await anInvoice(roles, tenant, { number: 'R-1', externalId: 'order-7' });
  const canceled = await anInvoice(roles, tenant);
  await withTenant(roles.api, tenant.id, (tx) => cancelInvoice(tx, canceled.id));
  const given = await claim(tenant, made.id);
  await withTenant(roles.worker, tenant.id, (tx) => releaseInvoice(tx, given, { counts: false }));
  const failed = await claim(tenant, made.id);
  const failure = { code: 'template-error', reason: 'The logo is no image.', remedy: 'Send a PNG.' } as const;
  await withTenant(roles.worker, tenant.id, (tx) => failInvoice(tx, failed, failure));
  await withTenant(roles.api, tenant.id, (tx) => retryInvoice(tx, made.id));
  await complete(tenant, made.id, 2);
  await placeAll();

  const { events } = await page(tenant);
  const life = ['accepted', 'rendering', 'queued', 'rendering', 'failed', 'queued', 'rendering', 'ready'];
  assert.deepEqual(typesOf(events, made.id), life);
  assert.deepEqual(typesOf(events, canceled.id), ['accepted', 'canceled']);
  const common = { id: made.id, number: 'R-1', externalId: 'order-7' };
  const [accepted, ready] = [events[0]?.data, events.at(-1)?.data];
  assert.deepEqual(accepted, { ...common, status: 'queued', generation: 1 });
  assert.deepEqual(ready, { ...common, status: 'ready', generation: 2 });
  const told = events.find(({ type }) => type === 'invoice.failed');
  assert.deepEqual(told?.data, { ...common, status: 'failed', generation: 1, failure });
});

test('a transition that is taken back is not told', async () => {
  const tenant = await roles.tenant();
  const invoice = await anInvoice(roles, tenant);
  await assert.rejects(
    withTenant(roles.api, tenant.id, async (tx) => {
      await cancelInvoice(tx, invoice.id);
      throw new Error('taken back');
    }),
    /taken back/,
  );
  await placeAll();
  assert.deepEqual(typesOf((await page(tenant)).events, invoice.id), ['accepted']);
});

test('a transaction that began first and ends last is told last, behind what readers have seen', async () => {
  const tenant = await roles.tenant();
  const slow = await withTenant(roles.api, tenant.id, async (tx) => {
    const [outcome] = await acceptInvoices(tx, [aDraft({ number: randomUUID() })], {
      clientId: tenant.clientId,
      now: new Date(),
      template: 'default@1',
    });
    assert.ok(outcome && 'accepted' in outcome);
    const quick = await anInvoice(roles, tenant);
    await placeAll();
    const { events, next } = await page(tenant);
    assert.deepEqual([typesOf(events, quick.id), events.length, next], [['accepted'], 1, 1]);
    return outcome.accepted;
  });
  await placeAll();
  const { events } = await page(tenant, { after: 1 });
  assert.deepEqual([typesOf(events, slow.id), positionsOf(events)], [['accepted'], [2]]);
});

test('a reader misses nothing while many write and several place', { timeout: 60_000 }, async () => {
  const tenants = [await roles.tenant(), await roles.tenant()];
  const EACH = 20;
  const writing = { over: false };
  const writers = Promise.all(
    tenants.flatMap((tenant) =>
      upTo(EACH).map(async () => {
        const { id } = await anInvoice(roles, tenant);
        await complete(tenant, id);
        return id;
      }),
    ),
  ).finally(() => (writing.over = true));
  const place = async () => {
    while (!writing.over) await placeEvents(roles.sweeper, 3);
  };
  const read = async (tenant: Tenant) => {
    const seen: EventRecord[] = [];
    for (let next = 0, end = 0; !writing.over || seen.length < EACH * 3 || next < end;) {
      const found = await page(tenant, { after: next, limit: 5 });
      seen.push(...found.events);
      ({ next, end } = found);
      if (writing.over) await placeAll();
    }
    return seen;
  };
  const [ids, , , ...feeds] = await Promise.all([writers, place(), place(), ...tenants.map(read)]);
  for (const seen of feeds) assert.deepEqual(positionsOf(seen), upTo(EACH * 3));
  for (const id of ids) assert.deepEqual(typesOf(feeds.flat(), id), ['accepted', 'rendering', 'ready']);
});

test('while one places, another leaves it to it', async () => {
  const tenant = await roles.tenant();
  await anInvoice(roles, tenant);
  await roles.sweeper.prisma.$transaction(async (db) => {
    await db.$queryRaw`SELECT place_events(1000)`;
    assert.equal(await placeEvents(roles.sweeper, BATCH), 0);
  });
  assert.deepEqual(positionsOf((await page(tenant)).events), [1]);
});

test('what has no place yet is not shown, and places are given in the order of writing', async () => {
  const tenant = await roles.tenant();
  const ids: string[] = [];
  for (let i = 0; i < 5; i++) ids.push((await anInvoice(roles, tenant)).id);
  assert.deepEqual(await page(tenant), { events: [], next: 0, end: 0 });
  assert.equal(await placeEvents(roles.sweeper, 3), 3);
  assert.deepEqual(
    (await page(tenant)).events.map(({ data }) => data.id),
    ids.slice(0, 3),
  );
  assert.equal(await placeEvents(roles.sweeper, 3), 2);
  assert.equal(await placeEvents(roles.sweeper, 3), 0);
  assert.deepEqual(positionsOf((await page(tenant)).events), upTo(5));
  assert.equal(await withTenant(roles.api, tenant.id, endOfEvents), 5);
});

test('pages follow one another, also where a filter finds nothing for long', async () => {
  const tenant = await roles.tenant();
  const { id } = await anInvoice(roles, tenant);
  await withoutTenant(
    roles.superuser,
    `INSERT INTO event (tenant_id, type, invoice_id, data)
      SELECT $1::uuid, CASE WHEN i % 12000 = 0 THEN 'invoice.ready' ELSE 'invoice.rendering' END, $2::uuid, '{}'
      FROM generate_series(1, 25000) i`,
    tenant.id,
    id,
  );
  await placeAll();
  const types = ['invoice.ready'];
  const first = await page(tenant, { types });
  assert.deepEqual([positionsOf(first.events), first.next, first.end], [[], 10_000, 25_001]);
  const second = await page(tenant, { types, after: first.next });
  assert.deepEqual([positionsOf(second.events), second.next], [[12_001], 20_000]);
  const third = await page(tenant, { types, after: second.next });
  assert.deepEqual([positionsOf(third.events), third.next], [[24_001], 25_001]);
  assert.deepEqual(await page(tenant, { types, after: third.next }), { events: [], next: 25_001, end: 25_001 });
  const full = await page(tenant, { after: 7, limit: 2 });
  assert.deepEqual([positionsOf(full.events), full.next], [[8, 9], 9]);
});

test("a tenant's feed has its own events and its own positions", async () => {
  const [one, other] = [await roles.tenant(), await roles.tenant()];
  const ids = [await anInvoice(roles, one), await anInvoice(roles, other), await anInvoice(roles, one)].map(
    ({ id }) => id,
  );
  await placeAll();
  const seen = async (tenant: Tenant) => (await page(tenant)).events.map(({ position, data }) => [position, data.id]);
  assert.deepEqual(await seen(one), [
    [1, ids[0]],
    [2, ids[2]],
  ]);
  assert.deepEqual(await seen(other), [[1, ids[1]]]);
  for (const role of ['api', 'worker'] as const) {
    assert.deepEqual(await withoutTenant(roles[role], 'SELECT * FROM event'), []);
    assert.deepEqual(
      await inTenant(roles[role], one.id, `SELECT id FROM event WHERE tenant_id = $1::uuid`, other.id),
      [],
    );
  }
});

const forbidden = [
  `INSERT INTO event (tenant_id, type, invoice_id, data) SELECT tenant_id, 'invoice.ready', id, '{}' FROM invoice`,
  `UPDATE event SET type = 'invoice.ready'`,
  `UPDATE event SET data = '{}'`,
  `UPDATE event SET created_at = now()`,
  'UPDATE event SET seq = 1',
  'DELETE FROM event',
  'TRUNCATE event CASCADE',
];
for (const role of ['api', 'worker', 'sweeper'] as const) {
  for (const sql of forbidden) {
    test(`${role} may not: ${sql}`, async () => {
      await assert.rejects(inTenant(roles[role], (await roles.tenant()).id, sql), /permission denied/);
    });
  }
}

test('a place once given stays, whoever writes', async () => {
  const tenant = await roles.tenant();
  await anInvoice(roles, tenant);
  await placeAll();
  const move = 'UPDATE event SET position = position + 7 WHERE tenant_id = $1::uuid';
  for (const role of ['api', 'worker'] as const)
    await assert.rejects(inTenant(roles[role], tenant.id, move, tenant.id), /permission denied/);
  for (const role of ['sweeper', 'superuser'] as const)
    await assert.rejects(withoutTenant(roles[role], move, tenant.id), /has its place/);
  await assert.rejects(withoutTenant(roles.api, 'SELECT place_events(1)'), /permission denied/);
});
