/** The migrations folder: one folder per migration, applied in the order of their names. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { MigrationList } from './engine.ts';
import { MigrateError } from './failure.ts';

/** Where the schema and its migrations lie; tests give others. */
export interface MigrationSource {
  schemaFile: string;
  migrationsDir: string;
}

export const ownSource: MigrationSource = {
  schemaFile: fileURLToPath(new URL('../schema.prisma', import.meta.url)),
  migrationsDir: fileURLToPath(new URL('../migrations', import.meta.url)),
};

/** Prisma's note of which database the SQL is written for; ours is never another. */
const lockfile = { path: 'migration_lock.toml', content: 'provider = "postgresql"' };

/**
 * Reads all migrations, sorted by name.
 * @throws MigrateError when the folder is missing or a migration has no migration.sql.
 */
export const readMigrations = async ({ migrationsDir }: MigrationSource): Promise<MigrationList> => {
  const names = await migrationNames(migrationsDir);
  const directories = names.map(async (name) => ({
    path: name,
    migrationFile: {
      path: 'migration.sql',
      content: { tag: 'ok' as const, value: await readScript(migrationsDir, name) },
    },
  }));
  return {
    baseDir: migrationsDir,
    lockfile,
    shadowDbInitScript: '',
    migrationDirectories: await Promise.all(directories),
  };
};

const migrationNames = async (migrationsDir: string): Promise<string[]> => {
  const entries = await readdir(migrationsDir, { withFileTypes: true }).catch((error: unknown) => {
    throw new MigrateError(`Cannot read the migrations folder ${migrationsDir}. Run this from a complete checkout.`, {
      cause: error,
    });
  });
  const folders = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'));
  return folders.map((entry) => entry.name).sort();
};

const readScript = (migrationsDir: string, name: string): Promise<string> =>
  readFile(join(migrationsDir, name, 'migration.sql'), 'utf8').catch((error: unknown) => {
    throw new MigrateError(`Migration ${name} has no readable migration.sql. Restore the file or remove the folder.`, {
      cause: error,
    });
  });
