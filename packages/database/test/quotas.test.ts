import { aDraft } from '@invoicepress/invoice/testing';
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { acceptInvoices, createNumberSeries, inOneStatement, readQuota, withTenant } from '../src/index.ts';
import type { Acceptance } from '../src/index.ts';
import { startDatabase, type Tenant } from './start-database.ts';
import { withoutTenant } from './with-rows.ts';

const roles = await startDatabase({ poolSize: 10 });
after(() => roles[Symbol.asyncDispose]());

const today = new Date('2026-11-27T12:00:00Z');
let number = 0;
const someDrafts = (count: number, draft: Parameters<typeof aDraft>[0] = {}) =>
  Array.from({ length: count }, () => aDraft({ ...(!draft.series && { number: `Q-${(number += 1)}` }), ...draft }));
const accept = (tenant: Tenant, drafts: ReturnType<typeof someDrafts>, perDay: number | undefined, now = today) =>
  withTenant(roles.api, tenant.id, (tx) =>
    acceptInvoices(tx, drafts, { clientId: tenant.clientId, now, template: 'default@1', perDay }),
  );
const usedBy = async ({ id }: Tenant, now = today) =>
  (await readQuota(inOneStatement(roles.api, id), { now, standardLimits: true, standardStorageBytes: 0 }))
    ?.invoicesToday;
const acceptedOf = (outcomes: Acceptance[]) => outcomes.flatMap((outcome) => ('accepted' in outcome ? [outcome] : []));
const overQuota = { refused: 'daily-quota', perDay: 10 };

test('submissions that race for the rest of a day take all of it, and no more', async () => {
  const tenant = await roles.tenant();
  const batches = await Promise.all(Array.from({ length: 8 }, () => accept(tenant, someDrafts(3), 10)));
  assert.equal(acceptedOf(batches.flat()).length, 10);
  assert.deepEqual(
    batches.flat().filter((outcome) => 'refused' in outcome),
    Array.from({ length: 14 }, () => overQuota),
  );
  assert.equal(await usedBy(tenant), 10);
  const [row] = await withoutTenant(
    roles.superuser,
    `SELECT count(*)::int FROM invoice JOIN invoice_payload ON invoice_id = id WHERE invoice.tenant_id = '${tenant.id}'`,
  );
  assert.deepEqual(row, { count: 10 });
});

test('the first of a batch are accepted for as long as the quota lasts, and numbers of a series stay gapless', async () => {
  const tenant = await roles.tenant();
  await withTenant(roles.api, tenant.id, (tx) =>
    createNumberSeries(tx, { name: 'sales', prefix: 'S-', padding: 0, yearlyReset: false }),
  );
  const outcomes = await accept(tenant, someDrafts(12, { series: 'sales' }), 10);
  assert.deepEqual(
    acceptedOf(outcomes).map(({ accepted }) => accepted.number),
    Array.from({ length: 10 }, (_, i) => `S-${i + 1}`),
  );
  assert.deepEqual(outcomes.slice(10), [overQuota, overQuota]);
  const [next] = await accept(tenant, someDrafts(1, { series: 'sales' }), undefined);
  assert.equal(next && 'accepted' in next && next.accepted.number, 'S-11');
});

test('an invoice that is refused for another reason, or undone, takes nothing of the quota', async () => {
  const tenant = await roles.tenant();
  const [taken] = someDrafts(1);
  await accept(tenant, [taken!], 10);
  const outcomes = await accept(tenant, [taken!, ...someDrafts(2)], 10);
  assert.equal(acceptedOf(outcomes).length, 2);
  assert.equal(await usedBy(tenant), 3);
  await assert.rejects(
    withTenant(roles.api, tenant.id, async (tx) => {
      await acceptInvoices(tx, someDrafts(5), { clientId: tenant.clientId, now: today, template: 'x@1', perDay: 10 });
      throw new Error('undone');
    }),
    /undone/,
  );
  assert.equal(await usedBy(tenant), 3);
});

test('a quota begins anew with the day (UTC), and a clock that is behind takes of the new day', async () => {
  const tenant = await roles.tenant();
  const [late, tomorrow] = [new Date('2026-11-27T23:59:59.999Z'), new Date('2026-11-28T00:00:00Z')];
  assert.equal(acceptedOf(await accept(tenant, someDrafts(11), 10, late)).length, 10);
  assert.equal(await usedBy(tenant, tomorrow), 0);
  assert.equal(acceptedOf(await accept(tenant, someDrafts(4), 10, tomorrow)).length, 4);
  assert.equal(acceptedOf(await accept(tenant, someDrafts(7), 10, late)).length, 6);
});

test('bytes are counted where they are bounded, and at most once in a minute', async () => {
  const tenant = await roles.tenant();
  const bytes = async (standardStorageBytes: number) =>
    (await readQuota(inOneStatement(roles.api, tenant.id), { now: today, standardLimits: true, standardStorageBytes }))
      ?.storedBytes;
  const [accepted] = acceptedOf(await accept(tenant, someDrafts(1), undefined));
  const store = (format: string, size: number) =>
    withoutTenant(
      roles.superuser,
      `WITH off AS (SELECT set_config('session_replication_role', 'replica', true))
       INSERT INTO document (id, tenant_id, invoice_id, format, storage_key, sha256, size_bytes, media_type)
       SELECT gen_random_uuid(), '${tenant.id}', '${accepted!.accepted.id}', '${format}', 'k', '${'a'.repeat(64)}', ${size}, 'x'
       FROM off`,
    );
  await store('pdf', 700);
  assert.equal(await bytes(0), 0);
  assert.equal(await bytes(1), 700);
  await store('ubl', 50);
  assert.equal(await bytes(1), 700);
  await withoutTenant(
    roles.superuser,
    `UPDATE tenant_usage SET counted_at = now() - interval '61 seconds' WHERE tenant_id = '${tenant.id}'`,
  );
  assert.deepEqual(await Promise.all([bytes(1), bytes(1), bytes(1)]), [750, 750, 750]);
});
