import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { after, test } from 'node:test';
import {
  findClientForSignIn,
  findExternalClient,
  listRevocations,
  openOperatorSession,
  revokeClient,
  revokeClientSecret,
  seeOperatorSession,
} from '../src/index.ts';
import { startDatabase } from './start-database.ts';
import { aTenantWithRows, inTenant, withoutTenant } from './with-rows.ts';

const roles = await startDatabase();
after(() => roles[Symbol.asyncDispose]());
const [one, other] = [await aTenantWithRows(roles), await aTenantWithRows(roles)];

/** The tables with tenants' rows that each role may read. */
const readable = {
  api: [
    'tenant',
    'api_client',
    'client_secret',
    'external_client',
    'invoice',
    'invoice_payload',
    'document',
    'credit_note_link',
    'document_export',
    'document_export_part',
    'number_series',
    'number_counter',
    'idempotency_key',
    'event',
    'webhook_endpoint',
    'webhook_delivery',
    'webhook_attempt',
    'seller_profile',
    'logo',
    'template',
    'template_version',
    'template_file',
    'template_preview',
    'tenant_usage',
    'audit_entry',
    'tenant_key',
  ],
  worker: [
    'invoice',
    'invoice_payload',
    'document',
    'document_export',
    'document_export_part',
    'event',
    'webhook_endpoint',
    'webhook_delivery',
    'webhook_attempt',
    'logo',
    'template',
    'template_version',
    'template_file',
    'template_preview',
    'tenant_key',
  ],
  privacy: [
    'invoice',
    'invoice_payload',
    'document',
    'document_export',
    'document_export_part',
    'event',
    'idempotency_key',
    'webhook_attempt',
    'audit_entry',
    'legal_hold',
    'tenant_key',
  ],
} as const;

/** Of no tenant: sessions of operators, and ids that were revoked. */
const ofNoTenant = ['operator_session', 'revocation'];

test('row-level security binds every table, and its owner', async () => {
  const tables = await withoutTenant<{ relname: string; relrowsecurity: boolean; relforcerowsecurity: boolean }>(
    roles.superuser,
    `SELECT relname, relrowsecurity, relforcerowsecurity FROM pg_class
      WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND relname <> '_prisma_migrations'`,
  );
  const tested = new Set<string>([...readable.api, ...readable.privacy, ...ofNoTenant]);
  assert.deepEqual(tables.map(({ relname }) => relname).toSorted(), [...tested].toSorted());
  for (const { relname, relrowsecurity, relforcerowsecurity } of tables)
    assert.ok(relrowsecurity && relforcerowsecurity, relname);
});

for (const role of ['api', 'worker', 'privacy'] as const) {
  for (const table of readable[role]) {
    const tenantColumn = table === 'tenant' ? 'id' : 'tenant_id';

    test(`${role}: ${table} shows no row before a tenant is set`, async () => {
      assert.deepEqual(await withoutTenant(roles[role], `SELECT * FROM ${table}`), []);
    });

    test(`${role}: ${table} shows one tenant's rows, also when another's are asked for`, async () => {
      const rows = await inTenant<Record<string, string>>(roles[role], one.id, `SELECT * FROM ${table}`);
      assert.deepEqual([...new Set(rows.map((row) => row[tenantColumn]))], [one.id]);
      assert.deepEqual(
        await inTenant(roles[role], one.id, `SELECT * FROM ${table} WHERE ${tenantColumn} = '${other.id}'`),
        [],
      );
      assert.deepEqual(await inTenant(roles[role], randomUUID(), `SELECT * FROM ${table}`), []);
    });
  }
}

test('the owner of the tables is bound like everybody else, but finds tenants by their slug', async () => {
  for (const table of readable.api.filter((name) => name !== 'tenant')) {
    assert.deepEqual(await withoutTenant(roles.migrator, `SELECT * FROM ${table}`), [], table);
  }
  assert.equal((await withoutTenant(roles.migrator, 'SELECT * FROM tenant')).length, 2);
});

const insert = {
  tenant_key: `INSERT INTO tenant_key (tenant_id, version, wrapped_key, wrapped_by) VALUES ($1::uuid, 7, '${'f'.repeat(61)}', 'k')`,
  tenant_usage: `INSERT INTO tenant_usage (tenant_id, day) VALUES ($1::uuid, now())`,
  template: `INSERT INTO template (id, tenant_id, name) VALUES (gen_random_uuid(), $1::uuid, 'foreign')`,
  template_version: `INSERT INTO template_version (id, tenant_id, template_id, version, sha256, size_bytes)
    VALUES (gen_random_uuid(), $1::uuid, '${other.templateId}', 7, '${'b'.repeat(64)}', 1)`,
  template_file: `INSERT INTO template_file (tenant_id, version_id, path, content) VALUES ($1::uuid, '${other.versionId}', 'foreign', '')`,
  template_preview: `INSERT INTO template_preview (id, tenant_id, version_id, sample, format, expires_at)
    VALUES (gen_random_uuid(), $1::uuid, '${other.versionId}', 'plain', 'png', now())`,
  invoice: `INSERT INTO invoice (id, tenant_id, client_id, number, type_code, currency, issue_date, buyer_name, tax_exclusive, tax, tax_inclusive, payable)
    VALUES (gen_random_uuid(), $1::uuid, '${one.clientId}', 'foreign', '380', 'EUR', now(), 'A', 1, 0, 1, 1)`,
  invoice_payload: `INSERT INTO invoice_payload (invoice_id, tenant_id, issued, template) VALUES ('${other.invoiceId}', $1::uuid, '{}', 'default@1')`,
  number_series: `INSERT INTO number_series (id, tenant_id, name, prefix, padding, yearly_reset) VALUES (gen_random_uuid(), $1::uuid, 'foreign', '', 0, false)`,
  number_counter: `INSERT INTO number_counter (series_id, period, tenant_id, last_value) VALUES ('${other.seriesId}', 1, $1::uuid, 1)`,
  idempotency_key: `INSERT INTO idempotency_key (client_id, route, key, tenant_id, fingerprint, status, body, expires_at)
    VALUES ('${other.clientId}', 'r', 'foreign', $1::uuid, '${'f'.repeat(64)}', 202, '', now())`,
  seller_profile: `INSERT INTO seller_profile (id, tenant_id, name, seller) VALUES (gen_random_uuid(), $1::uuid, 'foreign', '{}')`,
  logo: `INSERT INTO logo (tenant_id, sha256, media_type, width, height, size_bytes, bytes)
    VALUES ($1::uuid, encode(sha256('x'), 'hex'), 'image/png', 1, 1, 1, 'x')`,
  audit_entry: `INSERT INTO audit_entry (tenant_id, action, operator, touched) VALUES ($1::uuid, 'foreign', 'x', '{}')`,
};
for (const [table, sql] of Object.entries(insert)) {
  test(`api: no row of another tenant goes into ${table}, and none before a tenant is set`, async () => {
    await assert.rejects(inTenant(roles.api, one.id, sql, other.id), /row-level security/);
    await assert.rejects(withoutTenant(roles.api, sql, other.id), /row-level security/);
  });
}

test('privacy: no row of another tenant goes into legal_hold', async () => {
  const sql = `INSERT INTO legal_hold (tenant_id, reason) VALUES ($1::uuid, 'foreign')`;
  await assert.rejects(inTenant(roles.privacy, one.id, sql, other.id), /row-level security/);
  await assert.rejects(withoutTenant(roles.privacy, sql, other.id), /row-level security/);
});

test('worker: no row of another tenant goes into document', async () => {
  const sql = `INSERT INTO document (id, tenant_id, invoice_id, format, storage_key, sha256, size_bytes, media_type)
    VALUES (gen_random_uuid(), $1::uuid, '${other.invoiceId}', 'xml', 'k', '${'a'.repeat(64)}', 1, 'text/xml')`;
  await assert.rejects(inTenant(roles.worker, one.id, sql, other.id), /row-level security|comes only with/);
  await assert.rejects(withoutTenant(roles.worker, sql, other.id), /row-level security|comes only with/);
});

const foreignReferences = {
  'an invoice of its client': [
    'api',
    `INSERT INTO invoice (id, tenant_id, client_id, number, type_code, currency, issue_date, buyer_name, tax_exclusive, tax, tax_inclusive, payable)
    VALUES (gen_random_uuid(), $1::uuid, '${other.clientId}', 'x-1', '380', 'EUR', now(), 'A', 1, 0, 1, 1)`,
  ],
  'a payload of its invoice': [
    'api',
    `INSERT INTO invoice_payload (invoice_id, tenant_id, issued, template) VALUES ('${other.invoiceId}', $1::uuid, '{}', 'default@1')`,
  ],
  'a counter of its series': [
    'api',
    `INSERT INTO number_counter (series_id, period, tenant_id, last_value) VALUES ('${other.seriesId}', 7, $1::uuid, 1)`,
  ],
  'an idempotency key of its client': [
    'api',
    `INSERT INTO idempotency_key (client_id, route, key, tenant_id, fingerprint, status, body, expires_at)
    VALUES ('${other.clientId}', 'r', 'x', $1::uuid, '${'f'.repeat(64)}', 202, '', now())`,
  ],
  'a profile of its logo': [
    'api',
    `INSERT INTO seller_profile (id, tenant_id, name, seller, logo_sha256)
    VALUES (gen_random_uuid(), $1::uuid, 'x', '{}', '${other.logo}')`,
  ],
  'a credit of its invoice': [
    'api',
    `INSERT INTO credit_note_link (credit_note_id, invoice_id, tenant_id, parts)
    VALUES ('${other.creditNoteId}', '${other.invoiceId}', $1::uuid, '{}')`,
  ],
  'an export of its client': [
    'api',
    `INSERT INTO document_export (id, tenant_id, client_id, filter, documents_total)
    VALUES (gen_random_uuid(), $1::uuid, '${other.clientId}', '{}', 0)`,
  ],
  'a part of its export': [
    'worker',
    `INSERT INTO document_export_part (tenant_id, export_id, number, storage_key, sha256, size_bytes, documents)
    VALUES ($1::uuid, '${other.exportId}', 9, 'k', '${'a'.repeat(64)}', 1, 1)`,
  ],
  'a version of its template': [
    'api',
    `INSERT INTO template_version (id, tenant_id, template_id, version, sha256, size_bytes)
    VALUES (gen_random_uuid(), $1::uuid, '${other.templateId}', 7, '${'b'.repeat(64)}', 1)`,
  ],
  'a file of its version': [
    'api',
    `INSERT INTO template_file (tenant_id, version_id, path, content) VALUES ($1::uuid, '${other.versionId}', 'x', '')`,
  ],
  'a preview of its version': [
    'api',
    `INSERT INTO template_preview (id, tenant_id, version_id, sample, format, expires_at)
    VALUES (gen_random_uuid(), $1::uuid, '${other.versionId}', 'plain', 'png', now())`,
  ],
  'an audit entry of its client': [
    'api',
    `INSERT INTO audit_entry (tenant_id, action, client_id, touched) VALUES ($1::uuid, 'x', '${other.clientId}', '{}')`,
  ],
  'a hold on its invoice': [
    'privacy',
    `INSERT INTO legal_hold (tenant_id, invoice_id, reason) VALUES ($1::uuid, '${other.invoiceId}', 'x')`,
  ],
  'a document of its invoice': [
    'worker',
    `INSERT INTO document (id, tenant_id, invoice_id, format, storage_key, sha256, size_bytes, media_type)
    VALUES (gen_random_uuid(), $1::uuid, '${other.invoiceId}', 'xml', 'k', '${'a'.repeat(64)}', 1, 'text/xml')`,
  ],
} satisfies Record<string, ['api' | 'worker' | 'privacy', string]>;
for (const [what, [role, sql]] of Object.entries(foreignReferences)) {
  test(`${role}: one tenant's own row cannot refer to another's: ${what}`, async () => {
    await assert.rejects(
      inTenant(roles[role], one.id, sql, one.id),
      /foreign key constraint|comes only with the transaction|linked only by the transaction/,
    );
  });
}

test('no update reaches a row of another tenant', async () => {
  const before = await withoutTenant(roles.superuser, 'SELECT * FROM invoice ORDER BY id');
  for (const role of ['api', 'worker', 'privacy'] as const) {
    for (const where of [`id = '${other.invoiceId}'`, `tenant_id = '${other.id}'`]) {
      const sql = `UPDATE invoice SET status = 'canceled', failure_reason = 'x' WHERE ${where} RETURNING id`;
      assert.deepEqual(await inTenant(roles[role], one.id, sql), []);
      assert.deepEqual(await withoutTenant(roles[role], sql), []);
    }
  }
  assert.deepEqual(await withoutTenant(roles.superuser, 'SELECT * FROM invoice ORDER BY id'), before);
});

test('an operator session is seen by whoever holds its id, and by no other', async () => {
  const [mine, others] = [randomBytes(32), randomBytes(32)];
  for (const [idHash, role] of [
    [mine, 'viewer'],
    [others, 'operator'],
  ] as const)
    assert.ok(
      await openOperatorSession(roles.api, { idHash, operator: { role, subject: 'x' }, linkId: null, seconds: 600 }),
    );
  assert.deepEqual(await withoutTenant(roles.api, 'SELECT * FROM operator_session'), []);
  assert.deepEqual(await inTenant(roles.api, one.id, 'SELECT * FROM operator_session'), []);
  const seen = await roles.api.prisma.$transaction(async (db) => {
    await db.$executeRaw`SELECT set_config('app.session', ${mine.toString('hex')}, true)`;
    const rows = await db.$queryRaw<{ role: string }[]>`SELECT role FROM operator_session`;
    await db.$executeRaw`UPDATE operator_session SET ended_at = now() WHERE id_hash = ${others}`;
    return rows;
  });
  assert.deepEqual(seen, [{ role: 'viewer' }]);
  const idle = { idleSeconds: 60 };
  assert.equal((await seeOperatorSession(roles.api, { idHash: others, ...idle }))?.role, 'operator');
});

test('an external identity is read by naming it, and gives the one client that it stands for', async () => {
  const named = { issuer: 'https://idp.example', subject: `shop of ${other.id}` };
  assert.equal((await findExternalClient(roles.api, named))?.clientId, other.clientId);
  assert.equal(await findExternalClient(roles.api, { ...named, issuer: 'https://else.example' }), null);
  assert.deepEqual(await withoutTenant(roles.api, 'SELECT * FROM external_client'), []);
});

test('a revoked client and a revoked secret are told to every API process, and nothing else of them', async () => {
  const [secret] = await inTenant<{ id: string }>(roles.api, one.id, 'SELECT id FROM client_secret');
  assert.ok(secret);
  const of = { tenantId: one.id, clientId: one.clientId, secretId: secret.id };
  assert.equal(await revokeClientSecret(roles.migrator, { ...of, tenantId: other.id }), false);
  assert.ok(await revokeClientSecret(roles.migrator, of));
  assert.deepEqual(await listRevocations(roles.api), [secret.id]);
  assert.equal(await findClientForSignIn(roles.api, one.clientId), null);
});

test('signing in reads the one client that is named, until it is revoked', async () => {
  const found = await findClientForSignIn(roles.api, other.clientId);
  assert.equal(found?.tenantId, other.id);
  assert.equal(await findClientForSignIn(roles.api, randomUUID()), null);
  const seen = await roles.api.prisma.$transaction(async (db) => {
    await db.$executeRaw`SELECT set_config('app.client_id', ${one.clientId}, true)`;
    return [
      await db.$queryRaw<object[]>`SELECT * FROM api_client`,
      await db.$queryRaw<object[]>`SELECT * FROM client_secret`,
      await db.$queryRaw<object[]>`SELECT * FROM invoice`,
    ].map(({ length }) => length);
  });
  assert.deepEqual(seen, [1, 1, 0]);
  assert.ok(await revokeClient(roles.migrator, { tenantId: other.id, clientId: other.clientId }));
  assert.equal(await findClientForSignIn(roles.api, other.clientId), null);
});
