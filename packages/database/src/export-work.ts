import type { Format } from '@invoicepress/invoice';
import { documentsOf, type ExportFilter } from './exports.ts';
import { Prisma, type DocumentExport } from './generated/client.ts';
import type { TenantTransaction } from './with-tenant.ts';

/** How long the archives of a finished export are kept. */
export const EXPORT_DAYS = 7;

/** The right to go on with one export: void as soon as the row's epoch has grown beyond `epoch`. */
export interface ExportClaim {
  exportId: string;
  epoch: number;
  /** Claims since the last part was finished, this one included. */
  attempts: number;
  filter: ExportFilter;
  createdAt: Date;
  /** Where to go on. */
  cursor: ExportCursor | undefined;
  documentsDone: number;
}

export interface ExportCursor {
  invoiceId: string;
  documentId: string;
}

/** Another worker has taken over, or the export was canceled: whatever we made is to be dropped. */
export class ExportLost extends Error {
  override readonly name = 'ExportLost';
}

/** Takes an export that waits, or whose worker let its lease expire. @returns null when there is nothing to do for this job */
export const claimExport = async (
  tx: TenantTransaction,
  exportId: string,
  leaseMs: number,
): Promise<ExportClaim | null> => {
  const claimed = await tx.db.$executeRaw`
    UPDATE document_export SET status = 'running', lease_epoch = lease_epoch + 1, attempts = attempts + 1,
      lease_expires_at = clock_timestamp() + ${leaseMs}::int * interval '1 millisecond'
    WHERE id = ${exportId}::uuid
      AND (status = 'queued' OR (status = 'running' AND lease_expires_at < clock_timestamp()))`;
  if (claimed === 0) return null;
  const row = await tx.db.documentExport.findUniqueOrThrow({ where: { id: exportId } });
  return {
    exportId,
    epoch: row.leaseEpoch,
    attempts: row.attempts,
    filter: row.filter as ExportFilter,
    createdAt: row.createdAt,
    cursor: cursorOf(row),
    documentsDone: row.documentsDone,
  };
};

const cursorOf = ({ cursorInvoiceId, cursorDocumentId }: DocumentExport): ExportCursor | undefined =>
  cursorInvoiceId && cursorDocumentId ? { invoiceId: cursorInvoiceId, documentId: cursorDocumentId } : undefined;

/** A document to be packed, with what the index says about it. */
export interface ExportDocument {
  invoiceId: string;
  documentId: string;
  number: string;
  externalId: string | null;
  typeCode: string;
  issueDate: Date;
  dueDate: Date | null;
  buyerName: string;
  currency: string;
  taxExclusive: Prisma.Decimal;
  tax: Prisma.Decimal;
  taxInclusive: Prisma.Decimal;
  payable: Prisma.Decimal;
  format: Format;
  storageKey: string;
  sha256: string;
  sizeBytes: number;
}

/** The next documents behind the cursor, oldest invoices first. */
export const nextDocuments = (
  tx: TenantTransaction,
  { filter, createdAt, cursor }: Pick<ExportClaim, 'filter' | 'createdAt' | 'cursor'>,
  limit: number,
): Promise<ExportDocument[]> => {
  const behind = cursor
    ? Prisma.sql`WHERE (invoice.id, document.id) > (${cursor.invoiceId}::uuid, ${cursor.documentId}::uuid)`
    : Prisma.empty;
  return tx.db.$queryRaw<ExportDocument[]>`
    SELECT invoice.id AS "invoiceId", document.id AS "documentId", number, external_id AS "externalId",
      type_code AS "typeCode", issue_date AS "issueDate", due_date AS "dueDate", buyer_name AS "buyerName", currency,
      tax_exclusive AS "taxExclusive", tax, tax_inclusive AS "taxInclusive", payable, format,
      storage_key AS "storageKey", sha256, size_bytes AS "sizeBytes"
    FROM ${documentsOf(filter, createdAt)} ${behind}
    ORDER BY invoice.id, document.id LIMIT ${limit}`;
};

/** Holds on to it for another `leaseMs`. @throws {ExportLost} */
export const extendExport = async (tx: TenantTransaction, claim: ExportClaim, leaseMs: number): Promise<void> => {
  const count = await tx.db.$executeRaw`
    UPDATE document_export SET lease_expires_at = clock_timestamp() + ${leaseMs}::int * interval '1 millisecond'
    WHERE id = ${claim.exportId}::uuid AND lease_epoch = ${claim.epoch} AND status = 'running'`;
  if (count === 0) throw lost(claim);
};

export interface FinishedPart {
  storageKey: string;
  sha256: string;
  sizeBytes: number;
  documents: number;
  /** Its last document; none when the export has no documents at all. */
  last: ExportCursor | undefined;
  /** Nothing comes behind it: the export is ready. */
  isLast: boolean;
}

/**
 * A part whose bytes are stored becomes part of the export, and with the last one the export is ready: in one
 * transaction, so whoever goes on after a crash begins behind it. @throws {ExportLost}
 */
export const finishPart = async (tx: TenantTransaction, claim: ExportClaim, part: FinishedPart): Promise<void> => {
  const { exportId, epoch } = claim;
  const { documents, sizeBytes, isLast, last } = part;
  const count = await tx.db.$executeRaw`
    UPDATE document_export SET attempts = 0, documents_done = documents_done + ${documents},
      size_bytes = size_bytes + ${sizeBytes},
      cursor_invoice_id = coalesce(${last?.invoiceId ?? null}::uuid, cursor_invoice_id),
      cursor_document_id = coalesce(${last?.documentId ?? null}::uuid, cursor_document_id)
    WHERE id = ${exportId}::uuid AND lease_epoch = ${epoch} AND status = 'running'`;
  if (count === 0) throw lost(claim);
  await tx.db.$executeRaw`
    INSERT INTO document_export_part (tenant_id, export_id, number, storage_key, sha256, size_bytes, documents)
    SELECT app_tenant(), ${exportId}::uuid, count(*) + 1, ${part.storageKey}, ${part.sha256}, ${sizeBytes}, ${documents}
    FROM document_export_part WHERE export_id = ${exportId}::uuid`;
  if (!isLast) return;
  await tx.db.$executeRaw`
    UPDATE document_export SET status = 'ready', lease_expires_at = NULL, documents_total = documents_done,
      finished_at = clock_timestamp(), expires_at = clock_timestamp() + ${EXPORT_DAYS} * interval '1 day'
    WHERE id = ${exportId}::uuid`;
};

/** Gives it back, so that the next attempt need not wait for the lease to expire. @throws {ExportLost} */
export const releaseExport = (
  tx: TenantTransaction,
  claim: ExportClaim,
  { counts }: { counts: boolean },
): Promise<void> =>
  end(tx, claim, { status: 'queued', leaseExpiresAt: null, ...(!counts && { attempts: { decrement: 1 } }) });

/** @throws {ExportLost} */
export const failExport = (
  tx: TenantTransaction,
  claim: ExportClaim,
  { reason, remedy }: { reason: string; remedy: string },
): Promise<void> =>
  end(tx, claim, {
    status: 'failed',
    leaseExpiresAt: null,
    failureReason: reason,
    failureRemedy: remedy,
    finishedAt: new Date(),
  });

const end = async (
  tx: TenantTransaction,
  claim: ExportClaim,
  data: Prisma.DocumentExportUpdateManyMutationInput,
): Promise<void> => {
  const where = { id: claim.exportId, leaseEpoch: claim.epoch, status: 'running' };
  if ((await tx.db.documentExport.updateMany({ where, data })).count === 0) throw lost(claim);
};

const lost = ({ exportId, epoch }: ExportClaim) =>
  new ExportLost(`export ${exportId}: the lease of epoch ${epoch} is no longer ours`);
