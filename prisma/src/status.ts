import type { HistoryDiagnostic, SchemaEngine } from '@prisma/schema-engine-wasm/schema_engine_bg';
import { withClient } from './connection.ts';
import { everything, withEngine } from './engine.ts';
import { type MigrationSource, ownSource, readMigrations } from './history.ts';

/** Names of migrations, sorted. */
export interface MigrationStatus {
  /** Also those in `edited`. */
  applied: string[];
  pending: string[];
  /** Begun and not finished. */
  failed: string[];
  /** Applied, then changed in the migrations folder. */
  edited: string[];
  /** Applied, but not in the migrations folder: the database is that of a newer or another release. */
  unknown: string[];
}

/** Compares the ledger of the database with the migrations folder, by name and checksum. Changes nothing. */
export const migrationStatus = (url: string, source: MigrationSource = ownSource): Promise<MigrationStatus> =>
  withEngine({ url }, (engine) => readStatus(engine, source));

/** As `migrationStatus`, with an engine that is already there. */
export const readStatus = async (engine: SchemaEngine, source: MigrationSource): Promise<MigrationStatus> => {
  const migrationsList = await readMigrations(source);
  const diagnosis = await engine.diagnoseMigrationHistory({
    migrationsList,
    filters: everything,
    optInToShadowDatabase: false,
  });
  const names = migrationsList.migrationDirectories.map(({ path }) => path);
  const { pending, unknown } = split(diagnosis.history);
  const failed = diagnosis.failedMigrationNames;
  const open = new Set([...pending, ...failed]);
  return {
    applied: names.filter((name) => !open.has(name)),
    pending,
    failed,
    edited: diagnosis.editedMigrationNames,
    unknown,
  };
};

const split = (history: HistoryDiagnostic | null): { pending: string[]; unknown: string[] } => ({
  pending: history !== null && 'unappliedMigrationNames' in history ? history.unappliedMigrationNames : [],
  unknown: history !== null && 'unpersistedMigrationNames' in history ? history.unpersistedMigrationNames : [],
});

/** Milliseconds that each of these migrations took, by the ledger. */
export const durations = (url: string, names: string[]): Promise<Map<string, number>> =>
  withClient(url, async (client) => {
    const { rows } = await client.query<{ migration_name: string; ms: number }>(
      `SELECT migration_name, round(extract(epoch FROM finished_at - started_at) * 1000)::int AS ms
         FROM _prisma_migrations WHERE migration_name = ANY ($1) AND finished_at IS NOT NULL`,
      [names],
    );
    return new Map(rows.map((row) => [row.migration_name, row.ms]));
  });
