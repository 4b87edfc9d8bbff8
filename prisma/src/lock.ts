import { setTimeout as sleep } from 'node:timers/promises';
import { withClient } from './connection.ts';
import { MigrateError } from './failure.ts';

/** "inpr" as a 32-bit number. The engine takes the lock of Prisma's own CLI as well, while it works, for at most 10 s. */
const lockKey = 0x69_6e_70_72;
const pollMs = 100;
/** How long to wait for another migrate, which may be building an index over a large table. */
export const lockDeadlineMs = 10 * 60_000;

/**
 * Runs `work` while holding the database's migration lock, a session-level advisory lock: it goes with its connection,
 * so a killed process never leaves it behind. It needs a direct connection, not a transaction pooler.
 *
 * The lock is polled: a statement that waited for it would hold a snapshot, and CREATE INDEX CONCURRENTLY in the
 * migration that is waited for would wait for that snapshot in turn.
 * @throws MigrateError after `lockDeadlineMs`.
 */
export const withMigrationLock = <T>(url: string, report: (line: string) => void, work: () => Promise<T>): Promise<T> =>
  withClient(url, async (client) => {
    const deadline = Date.now() + lockDeadlineMs;
    for (let waiting = false; ; waiting = true) {
      const { rows } = await client.query<{ taken: boolean }>('SELECT pg_try_advisory_lock($1) AS taken', [lockKey]);
      if (rows[0]?.taken) return work();
      if (!waiting) report('waiting for another migrate to finish');
      if (Date.now() > deadline) {
        throw new MigrateError(
          `Another migrate has held its lock for ${lockDeadlineMs / 60_000} minutes. ` +
            `Find it with: SELECT * FROM pg_stat_activity WHERE pid IN (SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = ${lockKey})`,
        );
      }
      await sleep(pollMs);
    }
  });
