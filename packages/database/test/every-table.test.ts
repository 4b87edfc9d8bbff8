/** Tenants apart, for whatever table the catalog has: one that is added without a thought fails here. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type pg from 'pg';
import { connect, readTables } from './catalog.ts';
import { grants } from './grants.ts';
import { startDatabase } from './start-database.ts';
import { aTenantWithRows } from './with-rows.ts';

const parts = new AsyncDisposableStack();
after(() => parts.disposeAsync());
const roles = parts.use(await startDatabase());
const [one, other] = [await aTenantWithRows(roles), await aTenantWithRows(roles)];
const superuser = parts.use(await connect(roles.postgres.urls.superuser));
// Of no tenant are sessions of operators and the ids that were revoked: row-security.test.ts says who sees them.
const {
  _prisma_migrations: _ledger,
  operator_session: _sessions,
  revocation: _revoked,
  ...tables
} = await readTables(superuser);
const tenantColumn = (table: string): string => (table === 'tenant' ? 'id' : 'tenant_id');

test('every table belongs to tenants, and row-level security is enabled and forced on it', async () => {
  for (const [table, columns] of Object.entries(tables))
    assert.ok(
      columns.some(({ name }) => name === tenantColumn(table)),
      `${table} has no tenant_id`,
    );
  const { rows } = await superuser.query<{ relname: string }>(
    `SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname <> '_prisma_migrations'
        AND (relkind IN ('r', 'p', 'f') AND NOT (relrowsecurity AND relforcerowsecurity) OR relkind IN ('v', 'm'))`,
  );
  assert.deepEqual(rows, [], 'tables without it, or views, which read with the rights of their owner');
});

test('in a table that was never analysed, rows are looked for by their keys, not through all of the tenant', async () => {
  const { rows: unaware } = await superuser.query(
    `SELECT relname FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
      WHERE attname = 'tenant_id' AND relkind = 'r' AND relnamespace = 'public'::regnamespace AND NOT EXISTS (
        SELECT FROM pg_stats WHERE schemaname = 'public' AND tablename = relname AND pg_stats.attname = 'tenant_id')`,
  );
  assert.deepEqual(unaware, [], 'tables that need what the migration planner_knows_tenants has done for the others');
  const { rows: plan } = await superuser.query<{ 'QUERY PLAN': string }>(
    `EXPLAIN (COSTS OFF) SELECT FROM invoice WHERE tenant_id = '${one.id}' AND id = '${one.id}' FOR KEY SHARE`,
  );
  assert.match(plan.map((row) => row['QUERY PLAN']).join(' '), /using (invoice_pkey|invoice_tenant_id_id_key)/);
});

/** Policies beside `tenant_isolation`; each is for one role, or narrower than the tenant. */
const furtherPolicies = {
  auditor: Object.keys(tables),
  sweeper: [
    'audit_entry',
    'document_export',
    'document_export_part',
    'event',
    'idempotency_key',
    'invoice',
    'template_preview',
    'template_version',
    'webhook_delivery',
    'webhook_endpoint',
  ],
  administration: ['revocation', 'tenant'],
  api_reads: ['revocation'],
  clear_away: ['operator_session'],
  client_signs_in: ['api_client', 'client_secret', 'external_client'],
  own_session: ['operator_session'],
  privacy_lists: ['tenant'],
  tells: ['event'],
};

test('every table is kept apart by the same policy, and no other policy opens it but those written down', async () => {
  const { rows } = await superuser.query<Record<'table' | 'name' | 'roles' | 'command' | 'rows' | 'check', string>>(
    `SELECT tablename AS table, policyname AS name, roles::text, cmd AS command, qual AS rows, with_check AS check
       FROM pg_policies WHERE schemaname = 'public' ORDER BY tablename, policyname`,
  );
  const isolation = rows.filter(({ name }) => name === 'tenant_isolation');
  assert.deepEqual(
    isolation,
    Object.keys(tables).map((table) => {
      const own = `(${tenantColumn(table)} = ( SELECT app_tenant() AS app_tenant))`;
      return { table, name: 'tenant_isolation', roles: '{public}', command: 'ALL', rows: own, check: own };
    }),
  );
  const others = rows.filter(({ name }) => name !== 'tenant_isolation');
  assert.deepEqual(
    others.map(({ name, table }) => `${name} on ${table}`).toSorted(),
    Object.entries(furtherPolicies)
      .flatMap(([name, of]) => of.map((table) => `${name} on ${table}`))
      .toSorted(),
  );
  assert.deepEqual(
    others.filter(({ roles: to }) => to.includes('public') || to.includes('worker')),
    [],
  );
});

test('every reference between rows of tenants names the tenant on both sides', async () => {
  const { rows } = await superuser.query<{ conname: string }>(
    `SELECT conname FROM pg_constraint k
      WHERE contype = 'f' AND connamespace = 'public'::regnamespace AND NOT EXISTS (
        SELECT FROM unnest(conkey, confkey) AS pair (here, there)
          JOIN pg_attribute h ON h.attrelid = k.conrelid AND h.attnum = here
          JOIN pg_attribute t ON t.attrelid = k.confrelid AND t.attnum = there
         WHERE h.attname = 'tenant_id' AND t.attname = CASE WHEN k.confrelid = 'tenant'::regclass THEN 'id' ELSE 'tenant_id' END)`,
  );
  assert.deepEqual(rows, []);
});

/** Runs statements as one tenant, or as none, and undoes them. A refusal is returned as its message. */
const asTenant = async (client: pg.Client, tenantId: string, sql: string, values: unknown[] = []) => {
  await client.query('BEGIN');
  try {
    await client.query("SELECT set_config('app.tenant_id', $1, true)", [tenantId]);
    const { rows, rowCount } = await client.query<Record<string, unknown>>(sql, values);
    return { rows, rowCount };
  } catch (error) {
    return { refused: error instanceof Error ? error.message : String(error) };
  } finally {
    await client.query('ROLLBACK');
  }
};

/** The columns of "UPDATE (a, b)", or the table's, or none. */
const columnsOf = (granted: string, privilege: string, all: string[]): string[] => {
  const found = new RegExp(`\\b${privilege}\\b(?: \\(([^)]*)\\))?`).exec(granted);
  return found ? (found[1]?.split(', ') ?? all) : [];
};

/** A row of the other tenant, by the superuser, to whom all are visible. */
const foreignRow = async (table: string): Promise<Record<string, unknown>> => {
  const { rows } = await superuser.query<{ row: Record<string, unknown> }>(
    `SELECT to_jsonb(t) AS row FROM ${table} t WHERE ${tenantColumn(table)} = $1 LIMIT 1`,
    [other.id],
  );
  assert.ok(rows[0], `there is no row in ${table}: give aTenantWithRows one`);
  return rows[0].row;
};

for (const role of ['api', 'worker'] as const) {
  test(`${role}: of every table it sees and changes the rows of its tenant, and none of another`, async () => {
    await using client = await connect(roles.postgres.urls[role]);
    const seen: string[] = [];
    for (const [table, columns] of Object.entries(tables)) {
      const granted = grants[table]?.[role] ?? '';
      const names = columns.map(({ name }) => name);
      const own = tenantColumn(table);
      const foreign = await foreignRow(table);
      if (granted.includes('SELECT')) {
        const { rows = [] } = await asTenant(client, one.id, `SELECT DISTINCT ${own} AS tenant FROM ${table}`);
        assert.deepEqual(rows, [{ tenant: one.id }], `${table}: rows of one tenant`);
        const theirs = await asTenant(client, one.id, `SELECT FROM ${table} WHERE ${own} = $1`, [other.id]);
        assert.equal(theirs.rowCount, 0, `${table}: rows that are asked for by another tenant's id`);
        assert.equal((await asTenant(client, '', `SELECT FROM ${table}`)).rowCount, 0, `${table}: without a tenant`);
        seen.push(table);
      }
      for (const column of columnsOf(granted, 'UPDATE', names)) {
        const changed = await asTenant(client, one.id, `UPDATE ${table} SET ${column} = ${column} WHERE ${own} = $1`, [
          other.id,
        ]);
        assert.equal(changed.rowCount, 0, `${table}.${column}: ${changed.refused}`);
      }
      if (granted.includes('DELETE')) {
        const deleted = await asTenant(client, one.id, `DELETE FROM ${table} WHERE ${own} = $1`, [other.id]);
        assert.equal(deleted.rowCount, 0, table);
      }
      const into = columnsOf(granted, 'INSERT', names);
      if (into.length > 0) {
        const list = into.join(', ');
        const copy = `INSERT INTO ${table} (${list}) SELECT ${list} FROM jsonb_populate_record(NULL::${table}, $1)`;
        for (const tenantId of [one.id, '']) {
          const { refused = 'it was not' } = await asTenant(client, tenantId, copy, [foreign]);
          assert.match(
            refused,
            /row-level security|comes only with the transaction/,
            `${table}: a foreign row refused`,
          );
        }
      }
    }
    assert.ok(seen.length > 10, 'too few tables were looked at');
  });
}

test('auditor: it reads the rows of every tenant', async () => {
  await using client = await connect(roles.postgres.urls.auditor);
  for (const table of Object.keys(tables)) {
    const { rows } = await client.query<{ tenant: string }>(
      `SELECT DISTINCT ${tenantColumn(table)} AS tenant FROM ${table}`,
    );
    assert.deepEqual(new Set(rows.map(({ tenant }) => tenant)), new Set([one.id, other.id]), table);
  }
});

test('the owner of the tables is bound like everybody else, and finds no row but tenants by their slug', async () => {
  await using client = await connect(roles.postgres.urls.migrator);
  for (const table of Object.keys(tables).filter((name) => name !== 'tenant'))
    assert.equal((await client.query(`SELECT FROM ${table}`)).rowCount, 0, table);
});
