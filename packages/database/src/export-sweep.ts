import type { Database } from './open-database.ts';

/** What an export job is made of. */
export interface DueExport {
  tenantId: string;
  exportId: string;
}

/**
 * Takes exports that wait for a worker, for the caller to enqueue: those that the queue has not heard of, those that it
 * must have lost, and those whose worker let its lease expire. Needs the sweeper's role.
 * @returns those that are new to the queue, and those that it was given before
 */
export const takeDueExports = async (
  database: Database,
  { limit, lostAfterMs }: { limit: number; lostAfterMs: number },
): Promise<{ fresh: DueExport[]; again: DueExport[] }> => {
  const rows = await database.prisma.$queryRaw<(DueExport & { fresh: boolean })[]>`
    WITH taken AS MATERIALIZED (
      SELECT id, dispatched_at IS NULL AS fresh FROM document_export
      WHERE status IN ('queued', 'running')
        AND (dispatched_at IS NULL OR dispatched_at < clock_timestamp() - ${lostAfterMs} * interval '1 millisecond')
        AND (status = 'queued' OR lease_expires_at < clock_timestamp())
      ORDER BY id LIMIT ${limit} FOR UPDATE SKIP LOCKED
    )
    UPDATE document_export SET dispatched_at = clock_timestamp() FROM taken WHERE document_export.id = taken.id
    RETURNING document_export.id AS "exportId", tenant_id AS "tenantId", fresh`;
  const those = (wanted: boolean) =>
    rows.filter(({ fresh }) => fresh === wanted).map(({ tenantId, exportId }) => ({ tenantId, exportId }));
  return { fresh: those(true), again: those(false) };
};

/** Exports whose time is over show no archive any more. Needs the sweeper's role. @returns how many */
export const expireExports = (database: Database): Promise<number> =>
  database.prisma.$executeRaw`
    UPDATE document_export SET status = 'expired' WHERE status = 'ready' AND expires_at < clock_timestamp()`;

/** An archive that is of no use any more. */
export interface AbandonedPart {
  tenantId: string;
  exportId: string;
  number: number;
  storageKey: string;
}

/** Archives of exports that have expired, failed or were canceled. Needs the sweeper's role. */
export const abandonedParts = (database: Database, limit: number): Promise<AbandonedPart[]> =>
  database.prisma.$queryRaw<AbandonedPart[]>`
    SELECT part.tenant_id AS "tenantId", export_id AS "exportId", number, storage_key AS "storageKey"
    FROM document_export_part part JOIN document_export ON document_export.id = part.export_id
    WHERE status IN ('expired', 'failed', 'canceled') LIMIT ${limit}`;

/** After its bytes were deleted. */
export const forgetPart = async (database: Database, { tenantId, exportId, number }: AbandonedPart): Promise<void> => {
  await database.prisma.$executeRaw`
    DELETE FROM document_export_part
    WHERE tenant_id = ${tenantId}::uuid AND export_id = ${exportId}::uuid AND number = ${number}`;
};
