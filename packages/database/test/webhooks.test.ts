import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { after, test } from 'node:test';
import {
  claimDelivery,
  createEndpoint,
  createSealing,
  deleteEndpoint,
  isPublicAddress,
  placeEvents,
  recordAttempt,
  resealSecrets,
  resendDelivery,
  rotateSecret,
  SealBroken,
  takeDueDeliveries,
  updateEndpoint,
  withTenant,
  type Verdict,
} from '../src/index.ts';
import { placeOf } from '../src/webhook-endpoints.ts';
import { anInvoice, startDatabase, type Tenant } from './start-database.ts';
import { inTenant, withoutTenant } from './with-rows.ts';

const roles = await startDatabase();
after(() => roles[Symbol.asyncDispose]());
const someTenant = await roles.tenant();
const key = randomBytes(32).toString('base64');
const sealing = createSealing(key);

const LEASE_MS = 60_000;
const takeApart = (options: Partial<Parameters<typeof takeDueDeliveries>[1]> = {}) =>
  takeDueDeliveries(roles.sweeper, { limit: 500, perEndpoint: 50, lostAfterMs: 60_000, ...options });
const take = async (options: Parameters<typeof takeApart>[0] = {}) => {
  const { fresh, again } = await takeApart(options);
  return [...fresh, ...again];
};

const anEndpoint = async (tenant: Tenant) => {
  const endpoint = { url: 'https://a.example/', description: undefined, eventTypes: ['invoice.accepted'] };
  const created = await withTenant(roles.api, tenant.id, (tx) => createEndpoint(tx, sealing, endpoint));
  return { id: created!.endpoint.id, secret: created!.secret };
};
/** A tenant whose invoices are on their way to each of its endpoints; everything older is out of the way. */
const withDeliveries = async ({ invoices, endpoints = 1 }: { invoices: number; endpoints?: number }) => {
  await withoutTenant(roles.superuser, 'DELETE FROM webhook_delivery');
  const tenant = await roles.tenant();
  const created = [];
  for (let i = 0; i < endpoints; i++) created.push(await anEndpoint(tenant));
  for (let i = 0; i < invoices; i++) await anInvoice(roles, tenant);
  await placeEvents(roles.sweeper, 1_000);
  return { tenant, endpoints: created, endpoint: created[0]! };
};
const claim = (tenant: Tenant, delivery: { deliveryId: string; generation: number }) =>
  withTenant(roles.worker, tenant.id, (tx) => claimDelivery(tx, sealing, delivery, LEASE_MS));
const record = (tenant: Tenant, claimed: NonNullable<Awaited<ReturnType<typeof claim>>>, verdict: Verdict) =>
  withTenant(roles.worker, tenant.id, (tx) =>
    recordAttempt(tx, claimed, { startedAt: new Date(), durationMs: 1, statusCode: 200 }, verdict),
  );
const statusOf = async (deliveryId: string) =>
  (await roles.superuser.prisma.webhookDelivery.findUniqueOrThrow({ where: { id: deliveryId } })).status;

test('a further key opens but does not seal; sealed anew, secrets need the new key alone', async () => {
  const tenant = await roles.tenant();
  const { id, secret } = await anEndpoint(tenant);
  await withTenant(roles.api, tenant.id, (tx) => rotateSecret(tx, sealing, id, { previousValidSeconds: 60 }));
  const next = randomBytes(32).toString('base64');
  assert.throws(() => createSealing(key).open(createSealing(next, [key]).seal('x', 'here'), 'here'), SealBroken);

  assert.ok((await resealSecrets(roles.migrator, createSealing(next, [key]))) >= 1);
  const row = await roles.superuser.prisma.webhookEndpoint.findUniqueOrThrow({ where: { id } });
  const opened = (sealed: Uint8Array | null) => sealed && createSealing(next).open(sealed, placeOf(tenant.id, id));
  assert.match(opened(row.secret) ?? '', /^whsec_/);
  assert.equal(opened(row.previousSecret), secret);
  await resealSecrets(roles.migrator, createSealing(key, [next])); // what the other tests open with
});

test('what was sealed opens under the same key and for the same place alone', () => {
  const sealed = sealing.seal('whsec_1', 'here');
  assert.equal(createSealing(key).open(sealed, 'here'), 'whsec_1');
  assert.ok(!Buffer.from(sealed).includes('whsec_1'));
  assert.notDeepEqual(sealing.seal('whsec_1', 'here'), sealed, 'no two look alike');
  const changed = Uint8Array.from(sealed);
  changed[sealed.length - 1]! ^= 1;
  for (const open of [
    () => sealing.open(sealed, 'there'),
    () => createSealing(randomBytes(32).toString('base64')).open(sealed, 'here'),
    () => sealing.open(changed, 'here'),
    () => sealing.open(sealed.subarray(0, 20), 'here'),
    () => sealing.open(new Uint8Array(), 'here'),
  ])
    assert.throws(open, SealBroken);
});

test('a due delivery is taken once, and again when the queue must have lost it', async () => {
  await withDeliveries({ invoices: 3 });
  const first = await takeApart();
  assert.deepEqual([first.fresh.length, first.again.length], [3, 0]);
  assert.equal((await take()).length, 0);
  await withoutTenant(roles.superuser, "UPDATE webhook_delivery SET next_attempt_at = now() - interval '2 minutes'");
  await withoutTenant(roles.superuser, "UPDATE webhook_delivery SET dispatched_at = now() - interval '61 seconds'");
  const second = await takeApart();
  assert.deepEqual([second.fresh.length, second.again.length], [0, 3]);
});

test('of one endpoint so many are taken at a time, and those of others come as well', async () => {
  const { tenant, endpoints } = await withDeliveries({ invoices: 10, endpoints: 2 });
  const first = await take({ perEndpoint: 4 });
  for (const { id } of endpoints) assert.equal(first.filter(({ endpointId }) => endpointId === id).length, 4);
  assert.deepEqual(await take({ perEndpoint: 4 }), [], 'until one of them is settled');
  const claimed = await claim(tenant, first[0]!);
  await record(tenant, claimed!, { verdict: 'delivered' });
  assert.equal((await take({ perEndpoint: 4 })).length, 1);
});

test('two takers at the same time share the work', async () => {
  await withDeliveries({ invoices: 30 });
  const taken = (await Promise.all([take(), take(), take(), take()])).flat().map(({ deliveryId }) => deliveryId);
  assert.deepEqual([taken.length, new Set(taken).size], [30, 30]);
});

test('deliveries of a disabled endpoint wait until it is enabled', async () => {
  const { tenant, endpoint } = await withDeliveries({ invoices: 1 });
  const enable = (enabled: boolean) =>
    withTenant(roles.api, tenant.id, (tx) => updateEndpoint(tx, endpoint.id, { enabled }));
  await enable(false);
  assert.deepEqual(await take(), []);
  await enable(true);
  assert.equal((await take()).length, 1);
});

test('of several claims one succeeds, and has what signing needs', async () => {
  const { tenant, endpoint } = await withDeliveries({ invoices: 1 });
  const [due] = await take();
  const claims = (await Promise.all([claim(tenant, due!), claim(tenant, due!), claim(tenant, due!)])).filter(Boolean);
  assert.equal(claims.length, 1);
  assert.deepEqual(claims[0]!.secrets, [endpoint.secret]);
  assert.deepEqual([claims[0]!.number, claims[0]!.event.type], [1, 'invoice.accepted']);
});

test('an attempt whose time was over decides nothing any more, and neither does one of an older generation', async () => {
  const { tenant, endpoint } = await withDeliveries({ invoices: 1 });
  const [due] = await take();
  const slow = await claim(tenant, due!);
  await withoutTenant(roles.superuser, 'UPDATE webhook_delivery SET next_attempt_at = now()');
  const next = await claim(tenant, due!);
  assert.equal(next?.number, 2);
  await record(tenant, slow!, { verdict: 'failed' });
  assert.equal(await statusOf(due!.deliveryId), 'pending');

  await withTenant(roles.api, tenant.id, (tx) => resendDelivery(tx, endpoint.id, due!.deliveryId));
  await record(tenant, next, { verdict: 'delivered' });
  assert.equal(await statusOf(due!.deliveryId), 'pending');
  assert.equal(await claim(tenant, due!), null, 'the job of the generation before');
  const again = await claim(tenant, { ...due!, generation: 2 });
  await record(tenant, again!, { verdict: 'delivered' });
  assert.equal(await statusOf(due!.deliveryId), 'delivered');
});

test('an endpoint that was deleted during an attempt leaves nothing behind', async () => {
  const { tenant, endpoint } = await withDeliveries({ invoices: 1 });
  const [due] = await take();
  const claimed = await claim(tenant, due!);
  assert.equal(await withTenant(roles.api, tenant.id, (tx) => deleteEndpoint(tx, endpoint.id)), true);
  assert.deepEqual(await record(tenant, claimed!, { verdict: 'gone' }), {});
  assert.equal(await roles.superuser.prisma.webhookAttempt.count({ where: { deliveryId: due!.deliveryId } }), 0);
});

test('a secret that cannot be opened costs no attempt', async () => {
  const { tenant } = await withDeliveries({ invoices: 1 });
  const [due] = await take();
  const other = createSealing(randomBytes(32).toString('base64'));
  await assert.rejects(
    withTenant(roles.worker, tenant.id, (tx) => claimDelivery(tx, other, due!, LEASE_MS)),
    SealBroken,
  );
  assert.equal((await claim(tenant, due!))?.number, 1);
});

for (const [role, sql] of [
  ['api', 'INSERT INTO webhook_delivery SELECT * FROM webhook_delivery'],
  ['api', 'UPDATE webhook_delivery SET event_id = gen_random_uuid()'],
  ['api', 'DELETE FROM webhook_delivery'],
  ['api', 'UPDATE webhook_attempt SET status_code = 200'],
  ['worker', "UPDATE webhook_endpoint SET url = 'https://b.example'"],
  ['worker', "UPDATE webhook_endpoint SET secret = ''"],
  ['worker', 'UPDATE webhook_delivery SET generation = 2'],
  ['worker', 'DELETE FROM webhook_attempt'],
  ['sweeper', 'SELECT secret FROM webhook_endpoint'],
  ['sweeper', 'SELECT url FROM webhook_endpoint'],
  ['sweeper', "UPDATE webhook_delivery SET status = 'delivered'"],
  ['sweeper', 'SELECT * FROM webhook_attempt'],
] as const) {
  test(`${role} may not: ${sql}`, async () => {
    await assert.rejects(inTenant(roles[role], someTenant.id, sql), /permission denied/);
  });
}

test('public addresses are public, and forms that hide others are not', () => {
  for (const address of ['1.1.1.1', '93.184.215.14', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '2a00:1450::1'])
    assert.equal(isPublicAddress(address), true, address);
  const hidden = ['::ffff:1.1.1.1', '::1.1.1.1', '64:ff9b::101:101', '2002:101:101::1', '2001:0:1::1', '5f00::1'];
  const local = ['::', '::1', 'fe80::1', 'fe80::1%eth0', '2606:4700::1111%eth0', 'fd12::1', 'ff02::1', '3fff::1'];
  const special = ['10.1.2.3', '127.1.2.3', '169.254.169.254', '100.100.100.200', '168.63.129.16', '0.1.2.3'];
  for (const address of [...hidden, ...local, ...special, '255.255.255.255', '8000::1', 'a.example', ''])
    assert.equal(isPublicAddress(address), false, address);
  assert.equal(isPublicAddress(randomUUID()), false);
});
