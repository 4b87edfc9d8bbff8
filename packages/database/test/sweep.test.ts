import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  cancelInvoice,
  claimInvoice,
  completeInvoice,
  forgetExpiredKeys,
  LeaseLost,
  recallAnswer,
  rememberAnswer,
  takeOverdue,
  withTenant,
  type Claim,
  type Dispatch,
} from '../src/index.ts';
import { anInvoice, startDatabase, type Roles, type Tenant } from './start-database.ts';
import { aDocument, withoutTenant } from './with-rows.ts';

const HOUR_MS = 3_600_000;
const overdue = { overdueMs: HOUR_MS, limit: 100 };
const age = (roles: Roles) =>
  withoutTenant(
    roles.superuser,
    `UPDATE invoice SET dispatched_at = now() - interval '2 hours' WHERE status = 'queued'`,
  );
const ids = (dispatches: Dispatch[]) => dispatches.map(({ invoiceId }) => invoiceId).toSorted();
const claim = async (roles: Roles, tenant: Tenant, invoiceId: string, leaseMs: number): Promise<Claim> => {
  const outcome = await withTenant(roles.worker, tenant.id, (tx) =>
    claimInvoice(tx, { invoiceId, generation: 1 }, leaseMs),
  );
  assert.ok('claim' in outcome);
  return outcome.claim;
};

test('invoices of every tenant that wait for too long are taken, once', async () => {
  await using roles = await startDatabase();
  const [one, other] = [await roles.tenant(), await roles.tenant()];
  const [first, second] = [await anInvoice(roles, one), await anInvoice(roles, other)];
  const canceled = await anInvoice(roles, one);
  await withTenant(roles.api, one.id, (tx) => cancelInvoice(tx, canceled.id));
  await age(roles);
  const fresh = await anInvoice(roles, one);
  const taken = await takeOverdue(roles.sweeper, overdue);
  assert.deepEqual(ids(taken), [first.id, second.id].toSorted());
  assert.deepEqual(
    taken.find(({ invoiceId }) => invoiceId === second.id),
    { tenantId: other.id, invoiceId: second.id, generation: 1 },
  );
  assert.ok(!ids(taken).includes(fresh.id));
  assert.deepEqual(await takeOverdue(roles.sweeper, overdue), []);
});

test('an invoice whose lease has expired is queued again, and its worker has lost it', async () => {
  await using roles = await startDatabase();
  const tenant = await roles.tenant();
  const [lost, held] = [await anInvoice(roles, tenant), await anInvoice(roles, tenant)];
  const lostLease = await claim(roles, tenant, lost.id, -1);
  const heldLease = await claim(roles, tenant, held.id, HOUR_MS);
  assert.deepEqual(ids(await takeOverdue(roles.sweeper, overdue)), [lost.id]);
  await assert.rejects(
    withTenant(roles.worker, tenant.id, (tx) => completeInvoice(tx, lostLease, [aDocument()])),
    LeaseLost,
  );
  await withTenant(roles.worker, tenant.id, (tx) => completeInvoice(tx, heldLease, [aDocument()]));
  assert.equal((await claim(roles, tenant, lost.id, HOUR_MS)).epoch, 3);
});

test('a sweep takes so many and no more, the oldest first', async () => {
  await using roles = await startDatabase();
  const tenant = await roles.tenant();
  const waiting: string[] = [];
  for (let i = 0; i < 6; i++) waiting.push((await anInvoice(roles, tenant)).id);
  for (const [i, id] of waiting.entries()) {
    await withoutTenant(
      roles.superuser,
      `UPDATE invoice SET dispatched_at = now() - interval '2 hours' - $1 * interval '1 minute' WHERE id = $2::uuid`,
      i,
      id,
    );
  }
  assert.deepEqual(ids(await takeOverdue(roles.sweeper, { ...overdue, limit: 4 })), waiting.slice(2).toSorted());
  assert.deepEqual(ids(await takeOverdue(roles.sweeper, { ...overdue, limit: 4 })), waiting.slice(0, 2).toSorted());
});

test('two sweepers share the work: rows that one holds are skipped by the other', async () => {
  await using roles = await startDatabase();
  const tenant = await roles.tenant();
  const [held, free] = [await anInvoice(roles, tenant), await anInvoice(roles, tenant)];
  await age(roles);
  await roles.superuser.prisma.$transaction(async (db) => {
    await db.$queryRaw`SELECT 1 FROM invoice WHERE id = ${held.id}::uuid FOR UPDATE`;
    assert.deepEqual(ids(await takeOverdue(roles.sweeper, overdue)), [free.id]);
  });
  assert.deepEqual(ids(await takeOverdue(roles.sweeper, overdue)), [held.id]);

  await age(roles);
  const both = await Promise.all([takeOverdue(roles.sweeper, overdue), takeOverdue(roles.sweeper, overdue)]);
  assert.deepEqual(ids(both.flat()), [held.id, free.id].toSorted());
});

test('answers are forgotten when their time is over, and only then', async () => {
  await using roles = await startDatabase();
  const tenant = await roles.tenant();
  const request = (key: string) => ({
    clientId: tenant.clientId,
    route: 'POST /v1/invoices',
    key,
    fingerprint: 'f'.repeat(64),
  });
  const answer = { status: 202, body: '{"id":"1"}' };
  for (const key of ['old', 'new'])
    await withTenant(roles.api, tenant.id, (tx) => rememberAnswer(tx, request(key), answer));
  await withoutTenant(
    roles.superuser,
    `UPDATE idempotency_key SET expires_at = now() - interval '1 second' WHERE key = 'old'`,
  );
  assert.equal(await forgetExpiredKeys(roles.sweeper), 1);
  assert.deepEqual(await withTenant(roles.api, tenant.id, (tx) => recallAnswer(tx, request('old'))), { fresh: true });
  assert.deepEqual(await withTenant(roles.api, tenant.id, (tx) => recallAnswer(tx, request('new'))), {
    replay: answer,
  });
});
