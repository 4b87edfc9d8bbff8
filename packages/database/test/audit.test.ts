import { aDraft } from '@invoicepress/invoice/testing';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, test } from 'node:test';
import {
  acceptInvoices,
  chainAudit,
  chainHead,
  recordAudit,
  verifyChain,
  withTenant,
  type AuditAct,
} from '../src/index.ts';
import { startDatabase, type Tenant } from './start-database.ts';
import { inTenant, withoutTenant } from './with-rows.ts';

const roles = await startDatabase({ poolSize: 8 });
after(() => roles[Symbol.asyncDispose]());

const BATCH = 1_000;
const chainAll = async () => {
  while ((await chainAudit(roles.sweeper, BATCH)).chained > 0);
};
const actBy = ({ clientId }: Tenant): AuditAct => ({ action: 'cancelInvoice', clientId, address: '192.0.2.7' });
const act = (tenant: Tenant, touched: string[] = [randomUUID()]) =>
  withTenant(roles.api, tenant.id, (tx) => recordAudit(tx, actBy(tenant), { touched, before: { a: 1 }, after: {} }));
/** So many entries, by four that write at once. */
const write = (tenant: Tenant, count: number) =>
  Promise.all(
    Array.from({ length: 4 }, async (_, writer) => {
      for (let i = writer; i < count; i += 4) await act(tenant);
    }),
  );
/** A tenant whose chain has `count` entries, and those of making the tenant. */
const aChain = async (count: number): Promise<Tenant> => {
  const tenant = await roles.tenant();
  await write(tenant, count);
  await chainAll();
  return tenant;
};
const verify = (tenant: Tenant, anchor?: { position: number; hash: string }) =>
  verifyChain(roles.migrator, tenant.id, { anchor });
/** As somebody does whom neither grants nor triggers bind. */
const tamper = (sql: string) =>
  roles.superuser.prisma.$transaction([
    roles.superuser.prisma.$executeRaw`SET LOCAL session_replication_role = replica`,
    roles.superuser.prisma.$executeRawUnsafe(sql),
  ]);

test('a chain that nobody touched holds from its first entry to its last', async () => {
  const tenant = await aChain(20);
  const { verified, head, broken, unchained } = await verify(tenant);
  assert.deepEqual({ verified, broken, unchained }, { verified: 22, broken: undefined, unchained: { count: 0 } });
  assert.deepEqual(head, await chainHead(roles.migrator, tenant.id));
});

test('the chain goes on whatever is written while it closes', async () => {
  const tenants = [await roles.tenant(), await roles.tenant()];
  const written = new AbortController();
  const chaining = Array.from({ length: 3 }, async () => {
    while (!written.signal.aborted) await chainAudit(roles.sweeper, 7);
  });
  await Promise.all(tenants.map((tenant) => write(tenant, 25))).finally(() => written.abort());
  await Promise.all(chaining);
  await chainAll();
  for (const tenant of tenants) {
    const { verified, broken } = await verify(tenant);
    assert.deepEqual({ verified, broken }, { verified: 27, broken: undefined });
  }
});

for (const [column, value] of Object.entries({
  action: "'getInvoice'",
  touched: "'{}'",
  created_at: "created_at - interval '1 day'",
  address: 'NULL',
  client_id: 'gen_random_uuid()',
  after_digest: 'before_digest',
}))
  test(`an entry whose ${column} was changed is found`, async () => {
    const tenant = await aChain(6);
    await tamper(`UPDATE audit_entry SET ${column} = ${value} WHERE tenant_id = '${tenant.id}' AND position = 5`);
    const { broken, verified } = await verify(tenant);
    assert.deepEqual([broken?.position, verified], [5, 4]);
    assert.match(broken?.reason ?? '', /was changed/);
  });

test('an entry that was changed with its own hash is found by the next', async () => {
  const tenant = await aChain(6);
  const from = `FROM audit_entry other WHERE audit_entry.tenant_id = '${tenant.id}' AND audit_entry.position = 5
    AND other.tenant_id = audit_entry.tenant_id AND other.position = 6`;
  await tamper(`UPDATE audit_entry SET hash = other.hash ${from}`);
  assert.equal((await verify(tenant)).broken?.position, 5);
});

test('an entry that was deleted is found, at the beginning and in the middle', async () => {
  for (const position of [1, 5]) {
    const tenant = await aChain(6);
    await tamper(`DELETE FROM audit_entry WHERE tenant_id = '${tenant.id}' AND position = ${position}`);
    assert.equal((await verify(tenant)).broken?.position, position);
    // In two steps, so that no place is ever taken twice, whatever row comes first.
    for (const [by, from] of [
      [1_000, position],
      [-1_001, 1_000],
    ])
      await tamper(
        `UPDATE audit_entry SET position = position + ${by} WHERE tenant_id = '${tenant.id}' AND position > ${from}`,
      );
    assert.equal((await verify(tenant)).broken?.position, position, 'also when the gap was closed');
  }
});

test('entries that were reordered are found', async () => {
  const tenant = await aChain(6);
  const place = (from: number, to: number) =>
    tamper(`UPDATE audit_entry SET position = ${to} WHERE tenant_id = '${tenant.id}' AND position = ${from}`);
  await place(4, 99);
  await place(5, 4);
  await place(99, 5);
  assert.equal((await verify(tenant)).broken?.position, 4);
});

test('a chain that was cut off at its end, or written anew, is found by an anchor', async () => {
  const tenant = await aChain(6);
  const anchor = await chainHead(roles.migrator, tenant.id);
  assert.ok(anchor);
  await act(tenant);
  await chainAll();
  assert.equal((await verify(tenant, anchor)).broken, undefined, 'what came after it does no harm');
  await tamper(`DELETE FROM audit_entry WHERE tenant_id = '${tenant.id}' AND position >= 7`);
  assert.equal((await verify(tenant)).broken, undefined, 'nothing in the chain tells of its end');
  assert.equal((await verify(tenant, anchor)).broken?.position, 7);
  for (let i = 0; i < 2; i++) await act(tenant);
  await chainAll();
  const grown = await verify(tenant, anchor);
  assert.deepEqual([grown.verified, grown.broken?.position], [7, 8]);
  assert.match(grown.broken?.reason ?? '', /not the entry that the anchor names/);
});

test('an entry is neither changed nor deleted by whoever runs the system, the owner of the tables included', async () => {
  const tenant = await aChain(1);
  await act(tenant); // not chained yet
  for (const sql of [
    `UPDATE audit_entry SET action = 'x'`,
    'UPDATE audit_entry SET position = NULL, previous_hash = NULL, hash = NULL',
    `UPDATE audit_entry SET position = 9, previous_hash = hash, action = 'x' WHERE position IS NULL`,
    'DELETE FROM audit_entry',
    'TRUNCATE audit_entry',
  ]) {
    for (const role of ['api', 'worker', 'sweeper', 'migrator'] as const)
      await assert.rejects(inTenant(roles[role], tenant.id, sql), /permission denied|never changed/, `${role}: ${sql}`);
    if (!sql.startsWith('TRUNCATE'))
      await assert.rejects(withoutTenant(roles.superuser, sql), /never changed/, `superuser: ${sql}`);
  }
  const backdated = `INSERT INTO audit_entry (tenant_id, action, client_id, touched, created_at)
    VALUES ('${tenant.id}', 'x', '${tenant.clientId}', '{}', now() - interval '1 year')`;
  await assert.rejects(inTenant(roles.api, tenant.id, backdated), /permission denied/);
  assert.equal((await verify(tenant)).broken, undefined);
});

test('the auditor reads every trail, no secret, and writes nothing', async () => {
  const tenant = await aChain(1);
  const asAuditor = (sql: string) => roles.auditor.prisma.$transaction((db) => db.$queryRawUnsafe<object[]>(sql));
  assert.equal((await asAuditor(`SELECT * FROM audit_entry WHERE tenant_id = '${tenant.id}'`)).length, 3);
  assert.ok((await asAuditor('SELECT id, slug FROM tenant')).length > 1);
  for (const sql of [
    'SELECT secret_hash FROM api_client',
    'SELECT secret_hash FROM client_secret',
    'SELECT body FROM idempotency_key',
    `UPDATE audit_entry SET position = 9`,
    'DELETE FROM audit_entry',
    `INSERT INTO audit_entry (tenant_id, action, operator, touched) VALUES ('${tenant.id}', 'x', 'x', '{}')`,
  ])
    await assert.rejects(asAuditor(sql), /permission denied/, sql);
});

test('a submission that is undone leaves no entry, and a batch leaves one', async () => {
  const tenant = await roles.tenant();
  const audit: AuditAct = { action: 'submitBatch', clientId: tenant.clientId };
  const options = { clientId: tenant.clientId, now: new Date(), template: 'default@1', audit };
  const entries = () =>
    inTenant<{ touched: string[] }>(
      roles.api,
      tenant.id,
      `SELECT touched FROM audit_entry WHERE action = 'submitBatch' ORDER BY seq`,
    );
  const undone = withTenant(roles.api, tenant.id, async (tx) => {
    await acceptInvoices(tx, [aDraft({ number: 'U-1' })], options);
    throw new Error('undone');
  });
  await assert.rejects(undone, /undone/);
  assert.deepEqual(await entries(), []);

  const drafts = [aDraft({ number: 'B-1' }), aDraft({ number: 'B-1' }), aDraft({ number: 'B-2' })];
  const outcomes = await withTenant(roles.api, tenant.id, (tx) => acceptInvoices(tx, drafts, options));
  const accepted = outcomes.flatMap((outcome) => ('accepted' in outcome ? [outcome.accepted.id] : []));
  assert.deepEqual(await entries(), [{ touched: accepted.toSorted() }]);
  const refused = await withTenant(roles.api, tenant.id, (tx) =>
    acceptInvoices(tx, [aDraft({ number: 'B-1' })], options),
  );
  assert.ok(refused[0] && 'refused' in refused[0]);
  assert.equal((await entries()).length, 1, 'nothing was changed, so nothing is told');
});
