import { withEngine } from './engine.ts';
import { engineMessage, MigrateError } from './failure.ts';
import { type MigrationSource, ownSource, readMigrations } from './history.ts';
import { withMigrationLock } from './lock.ts';

/**
 * Corrects the ledger after a failed migration was dealt with by hand: 'rolled-back' lets `deploy` try it again,
 * 'applied' lets it go on with the next one. Runs no migration.
 * @throws MigrateError when the ledger has no such migration in a failed state.
 */
export const resolveFailed = (
  url: string,
  migrationName: string,
  outcome: 'rolled-back' | 'applied',
  source: MigrationSource = ownSource,
): Promise<void> =>
  withMigrationLock(
    url,
    () => {},
    () =>
      withEngine({ url }, async (engine) => {
        const migrationsList = await readMigrations(source);
        try {
          if (outcome === 'rolled-back') await engine.markMigrationRolledBack({ migrationName });
          else await engine.markMigrationApplied({ migrationName, migrationsList });
        } catch (error) {
          throw new MigrateError(`${migrationName} was not resolved: ${engineMessage(error)}`, { cause: error });
        }
      }),
  );
