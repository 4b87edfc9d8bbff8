import type pg from 'pg';
import { compareCatalogs, readCatalog } from './catalog.ts';
import { withClient } from './connection.ts';
import { replayMigrations } from './create.ts';
import { MigrateError } from './failure.ts';
import { type MigrationSource, ownSource } from './history.ts';
import { databaseRole, roleNames } from './roles.ts';
import { migrationStatus } from './status.ts';

/** Findings, one or a few lines each; all empty when everything agrees. */
export interface Drift {
  /** What the database has, lacks or has otherwise than the migrations say. */
  database: string[];
  /** Roles of Invoicepress that could read past row-level security. */
  roles: string[];
  /** SQL that schema.prisma asks for and no migration does; '' when there is none. */
  schema: string;
}

/**
 * Replays the migrations in a shadow database on the same server and compares: the database with them, definition by
 * definition, and schema.prisma with them. Changes nothing but the shadow, which it drops.
 * @throws MigrateError when migrations are pending: then a difference would be no finding.
 */
export const findDrift = async (url: string, source: MigrationSource = ownSource): Promise<Drift> => {
  const { pending, edited } = await migrationStatus(url, source);
  if (pending.length > 0) {
    throw new MigrateError(
      `Not yet applied: ${pending.join(', ')}. Run \`npm run migrate -- deploy\` before you look for drift.`,
    );
  }
  const { catalog, script } = await replayMigrations(url, source);
  return withClient(url, async (client) => ({
    database: [
      ...edited.map((name) => `! migration ${name} was edited after it was applied`),
      ...compareCatalogs(catalog, await readCatalog(client)),
    ],
    roles: await overpoweredRoles(client),
    schema: script,
  }));
};

/** Roles belong to the whole server, so a shadow database has the same ones: they are held against a rule instead. */
const overpoweredRoles = async (client: pg.Client): Promise<string[]> => {
  const { rows } = await client.query<{ finding: string }>(
    `SELECT '! role ' || rolname || ' ' || concat_ws(' and ',
              CASE WHEN rolsuper THEN 'is a superuser' END,
              CASE WHEN rolbypassrls THEN 'bypasses row-level security' END,
              CASE WHEN rolcreaterole THEN 'may create roles' END) AS finding
       FROM pg_roles WHERE rolname = ANY ($1) AND (rolsuper OR rolbypassrls OR rolcreaterole)
     UNION ALL
     SELECT '! role ' || member::regrole || ' is a member of ' || roleid::regrole
       FROM pg_auth_members WHERE member::regrole::text = ANY ($1) AND roleid::regrole::text <> 'invoicepress_queue'
     ORDER BY 1`,
    [roleNames.map(databaseRole)],
  );
  return rows.map(({ finding }) => finding);
};
