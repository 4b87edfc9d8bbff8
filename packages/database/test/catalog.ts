import pg from 'pg';

/** A connection of its own, without Prisma. */
export const connect = async (url: string): Promise<pg.Client & AsyncDisposable> => {
  const client = new pg.Client({ connectionString: url, application_name: 'catalog-in-tests' });
  await client.connect();
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.end() });
};

export interface Column {
  name: string;
  type: string;
}

/** Every table of schema public with its columns. */
export const readTables = async (client: pg.Client): Promise<Record<string, Column[]>> => {
  const { rows } = await client.query<{ name: string; columns: Column[] }>(
    `SELECT c.relname AS name,
        (SELECT json_agg(json_build_object('name', attname, 'type', format_type(atttypid, atttypmod)) ORDER BY attnum)
           FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped) AS columns
       FROM pg_class c WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'f') ORDER BY relname`,
  );
  return Object.fromEntries(rows.map(({ name, columns }) => [name, columns]));
};

/** What a role has by the catalog, written as in grants.ts. */
export const readGrants = async (client: pg.Client, roles: readonly string[]): Promise<Record<string, object>> => {
  const { rows } = await client.query<{ name: string; granted: object }>(
    `WITH pair AS (
       SELECT c.oid AS relation, c.relname, r.oid AS role, substr(r.rolname, 14) AS grantee
         FROM pg_class c, pg_roles r
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'f') AND substr(r.rolname, 14) = ANY ($1)
     ), held AS (
       SELECT relname, grantee, place, CASE WHEN has_table_privilege(role, relation, privilege) THEN privilege
           ELSE privilege || ' (' || (SELECT string_agg(attname, ', ' ORDER BY attnum) FROM pg_attribute
             WHERE attrelid = relation AND attnum > 0 AND NOT attisdropped
               AND has_column_privilege(role, relation, attnum, privilege)) || ')' END AS privilege
         FROM pair, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'REFERENCES']) WITH ORDINALITY AS p (privilege, place)
       UNION ALL
       SELECT relname, grantee, 9, privilege FROM pair, unnest(ARRAY['DELETE', 'TRUNCATE', 'TRIGGER', 'MAINTAIN']) privilege
        WHERE has_table_privilege(role, relation, privilege)
     ), line AS (
       SELECT relname, grantee, string_agg(privilege, ', ' ORDER BY place, privilege) AS privileges FROM held GROUP BY 1, 2
     )
     SELECT relname AS name, coalesce(json_object_agg(grantee, privileges) FILTER (WHERE privileges IS NOT NULL), '{}') AS granted
       FROM line GROUP BY relname`,
    [roles],
  );
  return Object.fromEntries(rows.map(({ name, granted }) => [name, granted]));
};

/**
 * Runs every statement, each undone, and returns those that the server did not refuse for want of a privilege
 * (SQLSTATE 42501), whatever else it thought of them. One round trip, for there are thousands.
 */
export const notRefused = async (client: pg.Client, statements: readonly string[]): Promise<string[]> => {
  await client.query("SELECT set_config('test.statements', $1, false)", [JSON.stringify(statements)]);
  await client.query(`DO $$
    DECLARE statement text; passed jsonb := '[]';
    BEGIN
      FOR statement IN SELECT jsonb_array_elements_text(current_setting('test.statements')::jsonb) LOOP
        BEGIN
          EXECUTE statement;
          RAISE EXCEPTION 'undone' USING ERRCODE = 'ZZ000';
        EXCEPTION WHEN insufficient_privilege THEN NULL; WHEN OTHERS THEN passed := passed || to_jsonb(statement);
        END;
      END LOOP;
      PERFORM set_config('test.passed', passed::text, false);
    END $$`);
  const { rows } = await client.query<{ passed: string }>("SELECT current_setting('test.passed') AS passed");
  return JSON.parse(rows[0]?.passed ?? '') as string[];
};
