import { describeUrl, poolConfig } from './connection.ts';
import { everything, withEngine } from './engine.ts';
import { engineMessage, MigrateError } from './failure.ts';
import { type MigrationSource, ownSource, readMigrations } from './history.ts';
import { withMigrationLock } from './lock.ts';
import { durations, type MigrationStatus, readStatus } from './status.ts';

type Report = (line: string) => void;

/** One applied migration and how long it took, in milliseconds. */
export interface AppliedMigration {
  name: string;
  ms: number;
}

/**
 * Applies all pending migrations, each wholly or not at all, and records them in Prisma's ledger. Any number of
 * processes may call this at once: one works, the others wait and then find nothing to do.
 * @throws MigrateError when a migration fails, had failed before, or was edited after it was applied.
 */
export const deploy = async (
  url: string,
  { source = ownSource, report = () => {} }: { source?: MigrationSource; report?: Report } = {},
): Promise<AppliedMigration[]> => {
  poolConfig(url);
  const names = await withMigrationLock(url, report, () =>
    withEngine({ url }, async (engine) => {
      const status = await readStatus(engine, source);
      refuseUnsound(status, url);
      if (status.pending.length === 0) return [];
      const migrationsList = await readMigrations(source);
      const outcome = engine.applyMigrations({ migrationsList, filters: everything });
      return (await outcome.catch(failToApply)).appliedMigrationNames;
    }),
  );
  const took = names.length > 0 ? await durations(url, names) : new Map<string, number>();
  const applied = names.map((name) => ({ name, ms: took.get(name) ?? 0 }));
  for (const { name, ms } of applied) report(`applied ${name} in ${ms} ms`);
  if (applied.length === 0) report('nothing to apply');
  return applied;
};

const refuseUnsound = ({ edited, failed, pending, unknown }: MigrationStatus, url: string): void => {
  const place = describeUrl(url);
  if (failed.length > 0) {
    throw new MigrateError(
      `Migration ${failed.join(', ')} began in ${place} and did not finish, so what it did is unknown. ` +
        'Look at the `logs` column of _prisma_migrations, undo by hand whatever it left (usually nothing: a script is one transaction), ' +
        `then run: npm run migrate -- resolve --rolled-back ${failed[0]}`,
    );
  }
  if (edited.length > 0) {
    throw new MigrateError(
      `Migration ${edited.join(', ')} was edited after it was applied to ${place}; databases would differ from one another. ` +
        'Restore the file (git log -- prisma/migrations) and put the change into a migration of its own: npm run migrate -- dev --name <what_it_does>',
    );
  }
  if (unknown.length > 0 && pending.length > 0) {
    throw new MigrateError(
      `${place} has migrations that this checkout lacks (${unknown.join(', ')}), and lacks some that this one has (${pending.join(', ')}). ` +
        'Merge the two lines of development before you deploy.',
    );
  }
};

const failToApply = (error: unknown): never => {
  throw new MigrateError(
    `Migration ${engineMessage(error)}\nThe script was rolled back. Mend it, then run: npm run migrate -- resolve --rolled-back <its name>, and deploy again.`,
    { cause: error },
  );
};
