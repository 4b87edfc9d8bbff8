import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import {
  cancelInvoice,
  claimInvoice,
  claimInvoices,
  completeInvoice,
  failInvoice,
  findInvoice,
  LeaseLost,
  releaseInvoice,
  retryInvoice,
  withTenant,
  type Claim,
} from '../src/index.ts';
import type { IssuedInvoice } from '@invoicepress/invoice';
import { anInvoice, startDatabase, type Tenant } from './start-database.ts';
import { aDocument } from './with-rows.ts';

const roles = await startDatabase({ poolSize: 8 });
after(() => roles[Symbol.asyncDispose]());
const tenant = await roles.tenant();

const LEASE_MS = 60_000;
/** A lease that has expired as soon as it is taken. */
const EXPIRED_MS = -1;
const failure = { code: 'template-error', reason: 'The logo is no image.', remedy: 'Send a PNG.' } as const;

const tryToClaim = (
  invoiceId: string,
  { generation = 1, leaseMs = LEASE_MS, of = tenant }: { generation?: number; leaseMs?: number; of?: Tenant } = {},
) => withTenant(roles.worker, of.id, (tx) => claimInvoice(tx, { invoiceId, generation }, leaseMs));
const claim = async (...args: Parameters<typeof tryToClaim>): Promise<Claim> => {
  const outcome = await tryToClaim(...args);
  assert.ok('claim' in outcome, JSON.stringify(outcome));
  return outcome.claim;
};
const read = async (id: string) => {
  const invoice = await withTenant(roles.api, tenant.id, (tx) => findInvoice(tx, id));
  assert.ok(invoice);
  return invoice;
};
const complete = (lease: Claim, documents = [aDocument()]) =>
  withTenant(roles.worker, tenant.id, (tx) => completeInvoice(tx, lease, documents));
const fail = (lease: Claim) => withTenant(roles.worker, tenant.id, (tx) => failInvoice(tx, lease, failure));
const release = (lease: Claim) =>
  withTenant(roles.worker, tenant.id, (tx) => releaseInvoice(tx, lease, { counts: true }));

test('a claim takes the lease and hands over all that rendering needs', async () => {
  const { id, createdAt, number } = await anInvoice(roles, tenant);
  const { invoiceId, epoch, clientId, acceptedAt, issued, template } = await claim(id);
  assert.deepEqual([invoiceId, epoch, clientId, template], [id, 1, tenant.clientId, 'default@1']);
  assert.deepEqual(acceptedAt, createdAt);
  const { number: frozenNumber, totals } = JSON.parse(issued) as IssuedInvoice;
  assert.deepEqual([frozenNumber, totals.payable], [number, '356.64']);
  assert.equal((await read(id)).status, 'rendering');
});

test('of two jobs about one invoice in a lot, one claims it and the other hears that it is held', async () => {
  const { id: invoiceId } = await anInvoice(roles, tenant);
  const wanted = { invoiceId, generation: 1 };
  const outcomes = await withTenant(roles.worker, tenant.id, (tx) => claimInvoices(tx, [wanted, wanted], LEASE_MS));
  assert.deepEqual(outcomes.flatMap((outcome) => Object.keys(outcome)).toSorted(), ['claim', 'heldForMs']);
});

test('of simultaneous claims one gets the lease', async () => {
  const { id } = await anInvoice(roles, tenant);
  const outcomes = await Promise.all(Array.from({ length: 8 }, () => tryToClaim(id)));
  assert.equal(outcomes.filter((outcome) => 'claim' in outcome).length, 1);
  for (const outcome of outcomes)
    assert.ok('claim' in outcome || ('heldForMs' in outcome && outcome.heldForMs > 0 && outcome.heldForMs <= LEASE_MS));
});

test('a lease that has expired is taken over, under a higher epoch', async () => {
  const { id } = await anInvoice(roles, tenant);
  await claim(id, { leaseMs: EXPIRED_MS });
  assert.equal((await claim(id)).epoch, 2);
});

test('whoever lost the lease writes nothing at all', async () => {
  const { id } = await anInvoice(roles, tenant);
  const lost = await claim(id, { leaseMs: EXPIRED_MS });
  const held = await claim(id);
  const before = await read(id);
  for (const write of [complete, fail, release]) await assert.rejects(write(lost), LeaseLost);
  assert.deepEqual(await read(id), before);
  await complete(held);
  const after_ = await read(id);
  for (const write of [complete, fail, release]) await assert.rejects(write(lost), LeaseLost);
  assert.deepEqual(await read(id), after_);
});

test('an expired lease that nobody has taken over is still good', async () => {
  const { id } = await anInvoice(roles, tenant);
  await complete(await claim(id, { leaseMs: EXPIRED_MS }));
  assert.equal((await read(id)).status, 'ready');
});

test('completion makes the invoice ready and stores its documents in their order, together', async () => {
  const { id } = await anInvoice(roles, tenant);
  const { pageCount: _, ...withoutPages } = aDocument('ubl');
  await complete(await claim(id), [aDocument('json'), withoutPages, aDocument('pdf')]);
  const { status, readyAt, leaseExpiresAt, documents } = await read(id);
  assert.deepEqual([status, leaseExpiresAt], ['ready', null]);
  assert.deepEqual(
    documents.map(({ format, pageCount }) => [format, pageCount]),
    [
      ['json', 1],
      ['ubl', null],
      ['pdf', 1],
    ],
  );
  assert.ok(readyAt);
});

const bad = { ...aDocument('ubl'), sha256: 'no hash' };
for (const [what, documents] of [
  ['one document of several that cannot be stored', [aDocument('pdf'), bad]],
  ['two documents in one format', [aDocument('pdf'), aDocument('pdf')]],
  ['no document at all', []],
] as const) {
  test(`${what} leaves the invoice rendering, without any`, async () => {
    const { id } = await anInvoice(roles, tenant);
    await assert.rejects(complete(await claim(id), [...documents]));
    const found = await read(id);
    assert.deepEqual([found.status, found.documents.length], ['rendering', 0]);
  });
}

test('what is completed twice has one document', async () => {
  const { id } = await anInvoice(roles, tenant);
  const lease = await claim(id);
  const outcomes = await Promise.allSettled([complete(lease), complete(lease)]);
  assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1);
  assert.equal((await read(id)).documents.length, 1);
});

test('a ready invoice never changes', async () => {
  const { id } = await anInvoice(roles, tenant);
  const lease = await claim(id);
  await complete(lease);
  const ready = await read(id);
  assert.deepEqual(await tryToClaim(id), { settled: true });
  for (const write of [complete, fail, release]) await assert.rejects(write(lease), LeaseLost);
  await assert.rejects(
    withTenant(roles.api, tenant.id, (tx) => cancelInvoice(tx, id)),
    /ready invoice/,
  );
  await assert.rejects(
    withTenant(roles.api, tenant.id, (tx) => retryInvoice(tx, id)),
    /ready invoice/,
  );
  assert.deepEqual(await read(id), ready);
});

test('a failure is stored with its reason and remedy, and a retry clears it', async () => {
  const { id } = await anInvoice(roles, tenant);
  await fail(await claim(id));
  const failed = await read(id);
  assert.deepEqual(
    [failed.status, failed.failureCode, failed.failureReason, failed.failureRemedy],
    ['failed', failure.code, failure.reason, failure.remedy],
  );
  assert.deepEqual(await tryToClaim(id), { settled: true });

  const retried = await withTenant(roles.api, tenant.id, (tx) => retryInvoice(tx, id));
  assert.deepEqual([retried?.status, retried?.generation, retried?.failureCode], ['queued', 2, null]);
  assert.deepEqual(await tryToClaim(id, { generation: 1 }), { settled: true });
  assert.equal((await claim(id, { generation: 2 })).epoch, 2);
});

test('an invoice that is given back can be claimed at once', async () => {
  const { id } = await anInvoice(roles, tenant);
  await release(await claim(id));
  const { status, leaseExpiresAt } = await read(id);
  assert.deepEqual([status, leaseExpiresAt], ['queued', null]);
  assert.equal((await claim(id)).epoch, 2);
});

test('cancellation and claim exclude each other', async () => {
  for (let i = 0; i < 10; i++) {
    const { id } = await anInvoice(roles, tenant);
    const [canceled, claimed] = await Promise.allSettled([
      withTenant(roles.api, tenant.id, (tx) => cancelInvoice(tx, id)),
      tryToClaim(id),
    ]);
    assert.ok(claimed.status === 'fulfilled');
    const { status } = await read(id);
    assert.equal(status, canceled.status === 'fulfilled' ? 'canceled' : 'rendering');
    assert.equal('claim' in claimed.value, status === 'rendering');
  }
});

test('there is nothing to claim of an invoice that nobody has, or that another tenant has', async () => {
  const stranger = await roles.tenant();
  const { id } = await anInvoice(roles, tenant);
  assert.deepEqual(await tryToClaim(id, { of: stranger }), { settled: true });
  assert.deepEqual(await tryToClaim(stranger.id), { settled: true });
  assert.equal((await read(id)).status, 'queued');
});

test('every change raises the revision', async () => {
  const { id, revision } = await anInvoice(roles, tenant);
  await release(await claim(id));
  await complete(await claim(id));
  assert.equal((await read(id)).revision, revision + 4);
});
