import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Catalog, compareCatalogs, readCatalog } from './catalog.ts';
import { withClient } from './connection.ts';
import { everything, withEngine } from './engine.ts';
import { engineMessage, MigrateError } from './failure.ts';
import { type MigrationSource, ownSource, readMigrations } from './history.ts';
import { withShadowDatabase } from './shadow.ts';

/** File systems allow 255 bytes; a name should fit a line. */
const maxNameLength = 60;

/** What the migrations make of an empty database, and the SQL that schema.prisma asks for beyond them. */
export interface Replay {
  catalog: Catalog;
  /** '' when schema.prisma asks for nothing more. */
  script: string;
}

/**
 * Replays the migrations in a shadow database of the server and compares the outcome with schema.prisma.
 * @throws MigrateError when a migration does not apply or the schema has a fault.
 */
export const replayMigrations = (url: string, source: MigrationSource): Promise<Replay> =>
  withShadowDatabase(url, async (shadowUrl) => {
    const script = await diffSchema(url, shadowUrl, source);
    const catalog = await withClient(shadowUrl, readCatalog);
    if (script === '') return { catalog, script };
    const after = await withClient(shadowUrl, async (client) => {
      await client.query(script);
      return readCatalog(client);
    });
    // Prisma does not see some properties, such as the operator class of a btree index, and would remake what has
    // them for ever. SQL that leaves every definition as it was asks for nothing.
    return { catalog, script: compareCatalogs(catalog, after).length === 0 ? '' : script };
  });

/** Leaves the shadow database with the migrations applied. */
const diffSchema = async (url: string, shadowUrl: string, source: MigrationSource): Promise<string> => {
  const content = await readFile(source.schemaFile, 'utf8');
  const migrations = await readMigrations(source);
  const diff = withEngine({ url, shadowUrl, schema: content }, (engine) =>
    engine.diff({
      from: { tag: 'migrations', ...migrations },
      to: { tag: 'schemaDatamodel', files: [{ path: source.schemaFile, content }] },
      script: true,
      exitCode: null,
      filters: everything,
    }),
  );
  const { stdout } = await diff.catch((error: unknown) => {
    throw error instanceof MigrateError ? error : new MigrateError(engineMessage(error), { cause: error });
  });
  const script = (stdout ?? '').trim();
  return script === '-- This is an empty migration.' ? '' : script;
};

/**
 * Writes a new migration that leads from the existing ones to schema.prisma. The database at `url` is not changed;
 * a shadow database beside it is created and dropped.
 * @returns the new migration's file, or undefined when schema.prisma has nothing new.
 */
export const createMigration = async (
  url: string,
  name: string,
  { source = ownSource, now = new Date() }: { source?: MigrationSource; now?: Date } = {},
): Promise<string | undefined> => {
  if (!/^[a-z][a-z0-9_]*$/.test(name) || name.length > maxNameLength) {
    throw new MigrateError(
      `A migration's name is at most ${maxNameLength} of a-z, 0-9 and _, such as add_due_date; ${JSON.stringify(name)} is not.`,
    );
  }
  const { script } = await replayMigrations(url, source);
  if (script === '') return undefined;
  const stamp = now.toISOString().replace(/\D/g, '').slice(0, 14);
  const folder = join(source.migrationsDir, `${stamp}_${name}`);
  // Written aside and renamed: readers see the whole migration or none.
  const draft = join(source.migrationsDir, `.${stamp}_${name}`);
  try {
    await mkdir(draft);
    await writeFile(join(draft, 'migration.sql'), `${script}\n`);
    await rename(draft, folder);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw error;
  }
  return join(folder, 'migration.sql');
};
