import type { Failure, IssuedInvoice } from '@invoicepress/invoice';
import { v7 as uuidv7 } from 'uuid';
import type { TenantTransaction } from './with-tenant.ts';

/** The right to finish one invoice: void as soon as the row's epoch has grown beyond `epoch`. */
export interface Lease {
  invoiceId: string;
  epoch: number;
}

export interface Claim extends Lease {
  clientId: string;
  acceptedAt: Date;
  issued: IssuedInvoice;
  template: string;
}

/** `held`: another worker's lease still runs for so many milliseconds. `settled`: nothing (more) to do for this job. */
export type ClaimOutcome = { claim: Claim } | { heldForMs: number } | { settled: true };

/** Another worker has taken over, or the invoice was settled without us: whatever we made is to be dropped. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}

/**
 * Takes the lease of a queued invoice, or of one whose worker let its lease expire, by the database's clock.
 * A job of another generation finds nothing to do.
 */
export const claimInvoice = async (
  tx: TenantTransaction,
  { invoiceId, generation }: { invoiceId: string; generation: number },
  leaseMs: number,
): Promise<ClaimOutcome> => {
  const [row] = await tx.db.$queryRaw<
    { lease_epoch: number; client_id: string; created_at: Date; issued: IssuedInvoice; template: string }[]
  >`
    WITH claimed AS (
      UPDATE invoice
      SET status = 'rendering', lease_epoch = lease_epoch + 1, lease_expires_at = clock_timestamp() + ${leaseMs} * interval '1 millisecond'
      WHERE id = ${invoiceId}::uuid AND generation = ${generation}
        AND (status = 'queued' OR (status = 'rendering' AND lease_expires_at < clock_timestamp()))
      RETURNING id, lease_epoch, client_id, created_at
    )
    SELECT lease_epoch, client_id, created_at, issued, template FROM claimed JOIN invoice_payload ON invoice_id = claimed.id`;
  if (row) {
    return {
      claim: {
        invoiceId,
        epoch: row.lease_epoch,
        clientId: row.client_id,
        acceptedAt: row.created_at,
        issued: row.issued,
        template: row.template,
      },
    };
  }
  const [held] = await tx.db.$queryRaw<{ ms: number }[]>`
    SELECT ceil(extract(epoch FROM lease_expires_at - clock_timestamp()) * 1000)::int AS ms FROM invoice
    WHERE id = ${invoiceId}::uuid AND generation = ${generation} AND status = 'rendering'`;
  return held ? { heldForMs: Math.max(held.ms, 0) } : { settled: true };
};

export interface FinishedDocument {
  format: string;
  storageKey: string;
  sha256: string;
  sizeBytes: number;
  mediaType: string;
  pageCount: number;
}

/** Makes it final: `ready` and the document's row, together or not at all. @throws {LeaseLost} */
export const completeInvoice = async (
  tx: TenantTransaction,
  { invoiceId, epoch }: Lease,
  document: FinishedDocument,
): Promise<void> => {
  const inserted = await tx.db.$executeRaw`
    WITH finished AS (
      UPDATE invoice SET status = 'ready', ready_at = clock_timestamp(), lease_expires_at = NULL
      WHERE id = ${invoiceId}::uuid AND lease_epoch = ${epoch} AND status = 'rendering'
      RETURNING id
    )
    INSERT INTO document (id, tenant_id, invoice_id, format, storage_key, sha256, size_bytes, media_type, page_count)
    SELECT ${uuidv7()}::uuid, app_tenant(), finished.id, ${document.format}, ${document.storageKey}, ${document.sha256},
      ${document.sizeBytes}, ${document.mediaType}, ${document.pageCount}
    FROM finished`;
  if (inserted === 0) throw new LeaseLost(`invoice ${invoiceId}: the lease of epoch ${epoch} is no longer ours`);
};

/** Ends it as `failed`, with reason and remedy. @throws {LeaseLost} */
export const failInvoice = async (tx: TenantTransaction, lease: Lease, failure: Failure): Promise<void> =>
  finish(tx, lease, {
    status: 'failed',
    failureCode: failure.code,
    failureReason: failure.reason,
    failureRemedy: failure.remedy,
  });

/** Gives the lease back, so that the next attempt need not wait for it to expire. @throws {LeaseLost} */
export const releaseInvoice = async (tx: TenantTransaction, lease: Lease): Promise<void> =>
  finish(tx, lease, { status: 'queued' });

const finish = async (
  tx: TenantTransaction,
  { invoiceId, epoch }: Lease,
  data: { status: 'failed' | 'queued'; failureCode?: string; failureReason?: string; failureRemedy?: string },
) => {
  const { count } = await tx.db.invoice.updateMany({
    where: { id: invoiceId, leaseEpoch: epoch, status: 'rendering' },
    data: { ...data, leaseExpiresAt: null },
  });
  if (count === 0) throw new LeaseLost(`invoice ${invoiceId}: the lease of epoch ${epoch} is no longer ours`);
};
