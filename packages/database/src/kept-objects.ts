import { held } from './legal-holds.ts';
import type { TenantTransaction } from './with-tenant.ts';

/** What is known of the invoice under whose prefix an object lies. */
export interface ObjectOwner {
  id: string;
  /** Ready or canceled: no attempt can commit anything for it any more, so its documents are all that it will ever have. */
  settled: boolean;
  held: boolean;
  erasing: boolean;
  readyAt: Date | null;
  /** Of its documents. */
  storageKeys: string[];
}

/** The invoices with these ids, by id; whatever is no id of theirs is left out. */
export const findObjectOwners = async (
  tx: TenantTransaction,
  ids: Iterable<string>,
): Promise<Map<string, ObjectOwner>> => {
  const rows = await tx.db.$queryRaw<ObjectOwner[]>`
    SELECT id, status IN ('ready', 'canceled') AS settled, ${held} AS held, erasing_at IS NOT NULL AS erasing,
      ready_at AS "readyAt", ARRAY(
        SELECT storage_key FROM document WHERE document.tenant_id = app_tenant() AND document.invoice_id = invoice.id
      ) AS "storageKeys"
    FROM invoice WHERE tenant_id = app_tenant() AND id = ANY(${[...ids].filter(isId)}::uuid[])`;
  return new Map(rows.map((row) => [row.id, row]));
};

/** What is known of the export under whose prefix an archive lies. */
export interface ArchiveOwner {
  id: string;
  /** No worker can add an archive to it any more. */
  settled: boolean;
  /** Of its archives. */
  storageKeys: string[];
}

/** The tenant's exports among those with these ids. */
export const findArchiveOwners = (tx: TenantTransaction, ids: Iterable<string>): Promise<ArchiveOwner[]> =>
  tx.db.$queryRaw<ArchiveOwner[]>`
    SELECT id, status NOT IN ('queued', 'running') AS settled, ARRAY(
        SELECT storage_key FROM document_export_part part
        WHERE part.tenant_id = app_tenant() AND part.export_id = document_export.id
      ) AS "storageKeys"
    FROM document_export WHERE tenant_id = app_tenant() AND id = ANY(${[...ids].filter(isId)}::uuid[])`;

const isId = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
