import { Prisma } from './generated/client.ts';
import type { Database } from './open-database.ts';

/** What a render job is made of. */
export interface Dispatch {
  tenantId: string;
  invoiceId: string;
  generation: number;
}

interface Row {
  id: string;
  tenant_id: string;
  generation: number;
}

const toDispatch = ({ id, tenant_id, generation }: Row): Dispatch => ({
  invoiceId: id,
  tenantId: tenant_id,
  generation,
});

/** What the database's clock says. */
export const databaseTime = async (database: Database): Promise<Date> => {
  const [row] = await database.prisma.$queryRaw<[{ now: Date }]>`SELECT clock_timestamp() AS now`;
  return row.now;
};

/**
 * Takes up to `limit` invoices that have waited in the queue for longer than `overdueMs` at the moment `asOf` (by the
 * database's clock; now, unless it is given), or whose worker let its lease expire, and marks them as dispatched now. Rows
 * that another sweeper holds are skipped. The caller looks whether their jobs still exist. Needs the sweeper's role.
 */
export const takeOverdue = (
  database: Database,
  { overdueMs, limit, asOf }: { overdueMs: number; limit: number; asOf?: Date | undefined },
): Promise<Dispatch[]> =>
  database.prisma.$transaction(async (db) => {
    const since = Prisma.sql`COALESCE(${asOf ?? null}::timestamptz, clock_timestamp())`;
    const lost = await db.$queryRaw<Row[]>`
      WITH taken AS MATERIALIZED (
        SELECT id FROM invoice WHERE status = 'rendering' AND lease_expires_at < clock_timestamp()
        ORDER BY lease_expires_at LIMIT ${limit} FOR UPDATE SKIP LOCKED)
      UPDATE invoice SET status = 'queued', lease_epoch = lease_epoch + 1, lease_expires_at = NULL
      WHERE id IN (SELECT id FROM taken)
      RETURNING id, tenant_id, generation`;
    const overdue = await db.$queryRaw<Row[]>`
      WITH taken AS MATERIALIZED (
        SELECT id FROM invoice WHERE status = 'queued' AND dispatched_at < ${since} - ${overdueMs} * interval '1 millisecond'
        ORDER BY dispatched_at LIMIT ${limit} FOR UPDATE SKIP LOCKED)
      UPDATE invoice SET dispatched_at = clock_timestamp()
      WHERE id IN (SELECT id FROM taken)
      RETURNING id, tenant_id, generation`;
    return [...lost, ...overdue].map(toDispatch);
  });

/** Forgets idempotency keys whose time is over. @returns how many */
export const forgetExpiredKeys = (database: Database): Promise<number> =>
  database.prisma.$executeRaw`DELETE FROM idempotency_key WHERE expires_at < now()`;
