import { testDatabase } from '@invoicepress/stack/testing';
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { type Column, connect, notRefused, readGrants, readTables } from './catalog.ts';
import { functions, type Grantee, grantees, grants } from './grants.ts';

const parts = new AsyncDisposableStack();
after(() => parts.disposeAsync());
const database = parts.use(await testDatabase());
const superuser = parts.use(await connect(database.urls.superuser));
const tables = await readTables(superuser);

test('each role has the grants that are written down, for every table of the catalog, and no other', async () => {
  assert.deepEqual(await readGrants(superuser, grantees), grants);
});

test('each function is open to the roles that are written down; only the teller of events has its owner’s rights', async () => {
  const { rows } = await superuser.query<{ name: string; who: Grantee[]; definer: boolean; is_trigger: boolean }>(
    `SELECT proname AS name, prosecdef AS definer, prorettype = 'trigger'::regtype AS is_trigger,
        array(SELECT role FROM unnest($1::text[]) role WHERE has_function_privilege('invoicepress_' || role, oid, 'EXECUTE')) AS who
       FROM pg_proc WHERE pronamespace = 'public'::regnamespace`,
    [grantees],
  );
  const callable = rows.filter(({ is_trigger }) => !is_trigger);
  assert.deepEqual(Object.fromEntries(callable.map(({ name, who }) => [name, who])), functions);
  assert.deepEqual(
    rows.filter(({ definer }) => definer).map(({ name }) => name),
    ['tell_event'],
  );
});

const privileges = ['SELECT', 'INSERT', 'UPDATE'] as const;

/** Statements that touch no row, and need one privilege on one column. */
const statement = (privilege: (typeof privileges)[number], table: string, column: string): string =>
  ({
    SELECT: `SELECT ${column} FROM ${table} WHERE false`,
    INSERT: `INSERT INTO ${table} (${column}) SELECT NULL WHERE false`,
    UPDATE: `UPDATE ${table} SET ${column} = NULL WHERE false`,
  })[privilege];

/** Whether "SELECT, UPDATE (a, b)" has a privilege on a column. */
const has = (granted: string, privilege: string, column?: string): boolean => {
  const found = new RegExp(`\\b${privilege}\\b(?: \\(([^)]*)\\))?`).exec(granted);
  return found !== null && (found[1] === undefined || (column !== undefined && found[1].split(', ').includes(column)));
};

const attempts = (role: Grantee, table: string, columns: Column[]): { allowed: string[]; forbidden: string[] } => {
  const granted = grants[table.replace('public.', '')]?.[role] ?? '';
  const all = [
    ...privileges.flatMap((privilege) =>
      columns.map(({ name }) => ({
        sql: statement(privilege, table, `"${name}"`),
        allowed: has(granted, privilege, name),
      })),
    ),
    { sql: `DELETE FROM ${table} WHERE false`, allowed: has(granted, 'DELETE') },
    ...[
      `TRUNCATE ${table} CASCADE`,
      `ALTER TABLE ${table} DISABLE ROW LEVEL SECURITY`,
      `CREATE POLICY mine ON ${table} USING (true)`,
      `CREATE TRIGGER mine BEFORE UPDATE ON ${table} FOR EACH ROW EXECUTE FUNCTION public.touch_invoice()`,
      `DROP TABLE ${table} CASCADE`,
    ].map((sql) => ({ sql, allowed: false })),
  ];
  const those = (wanted: boolean) => all.filter(({ allowed }) => allowed === wanted).map(({ sql }) => sql);
  return { allowed: those(true), forbidden: those(false) };
};

const calls = async (role: Grantee): Promise<string[]> => {
  const { rows } = await superuser.query<{ name: string; call: string }>(
    `SELECT proname AS name, format('SELECT public.%I(%s)', proname,
        (SELECT string_agg('NULL::' || format_type(argument, NULL), ', ') FROM unnest(proargtypes) argument)) AS call
       FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prorettype <> 'trigger'::regtype`,
  );
  return rows.filter(({ name }) => !functions[name]?.includes(role)).map(({ call }) => call);
};

for (const role of grantees) {
  test(`${role}: what is granted works, and whatever else it tries is refused`, async () => {
    await using client = await connect(database.urls[role]);
    const tried = Object.entries(tables).map(([table, columns]) => attempts(role, `public.${table}`, columns));
    const allowed = tried.flatMap((of) => of.allowed);
    const forbidden = [
      ...tried.flatMap((of) => of.forbidden),
      ...(await calls(role)),
      'CREATE TABLE public.mine ()',
      'CREATE FUNCTION public.mine() RETURNS int RETURN 1',
      'CREATE ROLE mine',
      'SET ROLE invoicepress_migrator',
      ...grantees.filter((other) => other !== role).map((other) => `SET ROLE invoicepress_${other}`),
      'ALTER ROLE invoicepress_api BYPASSRLS',
      "SELECT pg_read_file('/etc/passwd')",
      "COPY (SELECT 1) TO PROGRAM 'true'",
    ];
    assert.deepEqual(await notRefused(client, forbidden), []);
    assert.deepEqual(await notRefused(client, allowed), allowed);
    assert.ok(role === 'queue' || allowed.length > 20, 'too little was tried');
  });
}
