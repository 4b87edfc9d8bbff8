import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { anInvoice, startDatabase } from './start-database.ts';
import { aTenantWithRows, inTenant, withoutTenant } from './with-rows.ts';

const roles = await startDatabase();
after(() => roles[Symbol.asyncDispose]());
const tenant = await aTenantWithRows(roles);

const denied = /permission denied|must be owner/;
const set = (column: string, value: string) => `UPDATE invoice SET ${column} = ${value}`;
const complete = "SELECT complete_invoices(gen_random_uuid(), '{}', '{}', '[]')";

const forbidden = {
  api: [
    ...['tax_exclusive', 'tax', 'tax_inclusive', 'payable'].map((column) => set(column, '0')),
    ...['number', 'currency', 'buyer_name', 'external_id', 'type_code'].map((column) => set(column, `'X'`)),
    ...['tenant_id', 'client_id', 'id'].map((column) => set(column, 'gen_random_uuid()')),
    ...['lease_epoch', 'revision'].map((column) => set(column, '9')),
    ...['lease_expires_at', 'ready_at', 'dispatched_at', 'created_at', 'updated_at'].map((column) =>
      set(column, 'now()'),
    ),
    "UPDATE invoice_payload SET issued = '{}'",
    "UPDATE number_series SET prefix = 'X'",
    'UPDATE number_counter SET series_id = gen_random_uuid()',
    "UPDATE idempotency_key SET body = ''",
    "UPDATE api_client SET scopes = '{operator}'",
    "INSERT INTO api_client (id, tenant_id, name, secret_hash) SELECT gen_random_uuid(), id, 'x', '' FROM tenant",
    "UPDATE client_secret SET secret_hash = ''",
    'UPDATE client_secret SET revoked_at = NULL',
    'INSERT INTO client_secret SELECT * FROM client_secret',
    'INSERT INTO external_client SELECT * FROM external_client',
    "UPDATE external_client SET subject = 'x'",
    'DELETE FROM revocation',
    'INSERT INTO revocation (id) VALUES (gen_random_uuid())',
    "UPDATE operator_session SET role = 'operator'",
    'UPDATE operator_session SET expires_at = now()',
    "INSERT INTO tenant (id, slug, name) VALUES (gen_random_uuid(), 'x', 'x')",
    "UPDATE tenant SET default_formats = '{json}'",
    "UPDATE logo SET bytes = ''",
    'UPDATE invoice_payload SET logo_sha256 = NULL',
    "SELECT logo_bytes(gen_random_uuid(), '')",
    'UPDATE tenant_key SET destroyed_at = now(), wrapped_key = NULL',
    'DELETE FROM tenant_key',
    complete,
    'INSERT INTO document SELECT * FROM document',
    "UPDATE credit_note_link SET parts = '{}'",
    'DELETE FROM credit_note_link',
    ...['documents_done', 'documents_total', 'size_bytes', 'attempts'].map(
      (column) => `UPDATE document_export SET ${column} = 0`,
    ),
    'INSERT INTO document_export_part SELECT * FROM document_export_part',
    'DELETE FROM document_export_part',
    'SELECT hash FROM audit_entry FOR UPDATE',
    "INSERT INTO audit_entry (tenant_id, action, operator, touched, hash) SELECT id, 'x', 'x', '{}', '' FROM tenant",
    "UPDATE template SET name = 'x'",
    "UPDATE template_version SET sha256 = ''",
    "UPDATE template_file SET content = ''",
    "UPDATE template_preview SET result = ''",
    ...['template', 'template_version', 'template_file'].map((table) => `DELETE FROM ${table}`),
    ...['invoice', 'invoice_payload', 'document', 'number_counter', 'idempotency_key', 'tenant'].map(
      (table) => `DELETE FROM ${table}`,
    ),
  ],
  worker: [
    'INSERT INTO invoice SELECT * FROM invoice',
    'INSERT INTO invoice_payload SELECT * FROM invoice_payload',
    ...['payable', 'tax', 'generation'].map((column) => set(column, '0')),
    set('number', `'X'`),
    "UPDATE document SET storage_key = 'X'",
    "UPDATE document_export SET filter = '{}'",
    "UPDATE document_export_part SET storage_key = 'X'",
    'DELETE FROM document_export_part',
    'SELECT * FROM submission_defaults(gen_random_uuid())',
    'SELECT * FROM client_that_signs_in(gen_random_uuid())',
    "SELECT * FROM client_of_issuer('', '')",
    "SELECT * FROM see_operator_session('', 1)",
    "SELECT seller_profiles_named(gen_random_uuid(), '{}', true)",
    'SELECT * FROM seller_profile',
    'DELETE FROM logo',
    "UPDATE invoice_payload SET issued = '{}'",
    'INSERT INTO tenant_key (tenant_id, version, wrapped_key, wrapped_by) SELECT tenant_id, 2, wrapped_key, wrapped_by FROM tenant_key',
    'UPDATE tenant_key SET wrapped_key = NULL',
    "SELECT pinned_templates(gen_random_uuid(), '{}')",
    'UPDATE template SET active_version = 1',
    "UPDATE template_version SET sha256 = ''",
    "UPDATE template_file SET content = ''",
    ...['template', 'template_version', 'template_file', 'template_preview'].map((table) => `DELETE FROM ${table}`),
    ...['client_secret', 'external_client', 'revocation', 'operator_session'].map((table) => `SELECT * FROM ${table}`),
    ...[
      'audit_entry',
      'api_client',
      'tenant',
      'number_series',
      'number_counter',
      'idempotency_key',
      'credit_note_link',
    ].map((table) => `SELECT * FROM ${table}`),
    ...['invoice', 'invoice_payload', 'document'].map((table) => `DELETE FROM ${table}`),
  ],
  sweeper: [
    ...['logo', 'seller_profile'].map((table) => `SELECT * FROM ${table}`),
    "UPDATE audit_entry SET action = 'x'",
    'DELETE FROM audit_entry',
    ...['number', 'payable', 'buyer_name', 'metadata', 'client_id', 'external_id', '*'].map(
      (column) => `SELECT ${column} FROM invoice`,
    ),
    ...['invoice_payload', 'document', 'api_client', 'tenant', 'number_series', 'number_counter'].map(
      (table) => `SELECT * FROM ${table}`,
    ),
    'SELECT body FROM idempotency_key',
    'SELECT filter FROM document_export',
    'SELECT sha256 FROM document_export_part',
    'SELECT sha256 FROM template_version',
    'SELECT issued FROM template_preview',
    'SELECT path FROM template_file',
    'SELECT name FROM template',
    complete,
    'SELECT * FROM submission_defaults(gen_random_uuid())',
    ...['payable', 'generation'].map((column) => set(column, '0')),
    'INSERT INTO invoice SELECT * FROM invoice',
    'DELETE FROM invoice',
  ],
  privacy: [
    ...['number', 'currency', 'type_code'].map((column) => set(column, `'X'`)),
    ...['payable', 'tax', 'generation', 'lease_epoch'].map((column) => set(column, '0')),
    "UPDATE invoice_payload SET issued = '{}'",
    "UPDATE document SET storage_key = 'X'",
    'UPDATE event SET position = 1',
    'SELECT secret_hash FROM api_client',
    'SELECT secret FROM webhook_endpoint',
    "UPDATE idempotency_key SET fingerprint = ''",
    "UPDATE legal_hold SET reason = 'x'",
    "UPDATE tenant_key SET wrapped_by = 'x'",
    'DELETE FROM tenant_key',
    ...['invoice', 'event', 'legal_hold', 'idempotency_key', 'audit_entry', 'tenant', 'api_client'].map(
      (table) => `DELETE FROM ${table}`,
    ),
  ],
};

for (const role of ['api', 'worker', 'sweeper', 'privacy'] as const) {
  for (const sql of [
    ...forbidden[role],
    'TRUNCATE invoice CASCADE',
    'ALTER TABLE invoice DISABLE ROW LEVEL SECURITY',
    'DROP POLICY tenant_isolation ON invoice',
    'CREATE TABLE public.mine (id int)',
    'SELECT * FROM _prisma_migrations',
    'SET ROLE invoicepress_migrator',
  ]) {
    test(`${role} may not: ${sql}`, async () => {
      await assert.rejects(inTenant(roles[role], tenant.id, sql), denied);
    });
  }
}

test('the sweeper sees of every tenant what it needs, and nothing else', async () => {
  const other = await aTenantWithRows(roles);
  const rows = await withoutTenant<{ tenant_id: string }>(
    roles.sweeper,
    'SELECT id, tenant_id, status, generation, dispatched_at, lease_epoch, lease_expires_at FROM invoice',
  );
  const tenants = [...new Set(rows.map(({ tenant_id }) => tenant_id))];
  assert.deepEqual(tenants.toSorted(), [tenant.id, other.id].toSorted());
});

test('no role bypasses row-level security, owns anything or belongs to one that does', async () => {
  const found = await withoutTenant(
    roles.superuser,
    `SELECT rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb,
        (SELECT count(*)::int FROM pg_class WHERE relowner = pg_roles.oid AND relnamespace = 'public'::regnamespace) AS owns,
        (SELECT count(*)::int FROM pg_auth_members WHERE member = pg_roles.oid) AS member_of
      FROM pg_roles WHERE rolname IN ('invoicepress_api', 'invoicepress_worker', 'invoicepress_sweeper', 'invoicepress_queue',
        'invoicepress_privacy', 'invoicepress_auditor') ORDER BY rolname`,
  );
  const harmless = {
    rolsuper: false,
    rolbypassrls: false,
    rolcreaterole: false,
    rolcreatedb: false,
    owns: 0,
    member_of: 0,
  };
  assert.deepEqual(
    found,
    ['api', 'auditor', 'privacy', 'queue', 'sweeper', 'worker'].map((name) => ({
      rolname: `invoicepress_${name}`,
      ...harmless,
    })),
  );
});

test("an invoice's amounts, failure and readiness cannot contradict each other, whoever writes", async () => {
  const { id } = await anInvoice(roles, tenant);
  const toRendering = `status = 'rendering', lease_epoch = lease_epoch + 1`;
  for (const change of [
    `${toRendering}, failure_code = 'x'`,
    `failure_code = 'x'`,
    `ready_at = now()`,
    `tax_inclusive = -1`,
    `number = ''`,
  ]) {
    await assert.rejects(
      withoutTenant(roles.superuser, `UPDATE invoice SET ${change} WHERE id = '${id}'`),
      /check constraint/,
      change,
    );
  }
});

test('the role that erases takes nothing from an issued invoice but what it may, and only in order', async () => {
  const { id, invoiceId } = await aTenantWithRows(roles);
  const one = `WHERE id = '${invoiceId}'`;
  for (const [sql, why] of [
    [`UPDATE invoice SET buyer_name = '' ${one}`, /changes nothing else/],
    [`UPDATE invoice SET status = 'canceled' WHERE status = 'queued'`, /changes nothing else/],
    [`UPDATE invoice SET redacted_at = now(), metadata = '{"more": 1}' ${one}`, /takes away/],
    [`UPDATE invoice SET redacted_at = now(), buyer_name = '' ${one}`, /never changes/],
    [`UPDATE invoice SET erasing_at = now(), status = 'canceled' ${one}`, /never changes/],
    [`UPDATE invoice SET erased_at = now(), buyer_name = '' ${one}`, /erased_in_order/],
    [`DELETE FROM document WHERE invoice_id = '${invoiceId}'`, /never changes/],
    [`UPDATE event SET data = data || '{"number": "X"}' WHERE invoice_id = '${invoiceId}'`, /has its place/],
  ] as const)
    await assert.rejects(inTenant(roles.privacy, id, sql), why, sql);
  await inTenant(roles.privacy, id, `UPDATE invoice SET redacted_at = now(), metadata = '{}' ${one}`);
  await inTenant(roles.privacy, id, `UPDATE invoice SET erasing_at = now() ${one}`);
  await assert.rejects(inTenant(roles.privacy, id, `UPDATE invoice SET erasing_at = NULL ${one}`), /erased already/);
});

test('the role that erases destroys a key for good, and does nothing else with it', async () => {
  const { id } = await aTenantWithRows(roles);
  const refused = async (sql: string) =>
    assert.rejects(inTenant(roles.privacy, id, sql), /wrapped anew or destroyed, once|gone_when_destroyed/, sql);
  await refused(`UPDATE tenant_key SET wrapped_key = '${'x'.repeat(61)}'`);
  await refused('UPDATE tenant_key SET destroyed_at = now()');
  const destroyed = 'UPDATE tenant_key SET wrapped_key = NULL, destroyed_at = now() RETURNING version';
  assert.equal((await inTenant(roles.privacy, id, destroyed)).length, 1);
  await refused(`UPDATE tenant_key SET wrapped_key = '${'w'.repeat(61)}', destroyed_at = NULL`);
});
