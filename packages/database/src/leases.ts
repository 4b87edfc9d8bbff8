import type { Failure, IssuedInvoice } from '@invoicepress/invoice';
import { v7 as uuidv7 } from 'uuid';
import type { TenantStatement, TenantTransaction } from './with-tenant.ts';

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
  { tenantId, db }: TenantStatement,
  { invoiceId, generation }: { invoiceId: string; generation: number },
  leaseMs: number,
): Promise<ClaimOutcome> => {
  const [row] = await db.$queryRaw<(ClaimedRow | HeldRow)[]>`
    SELECT * FROM claim_invoice(${tenantId}::uuid, ${invoiceId}::uuid, ${generation}::int, ${leaseMs}::int)`;
  if (!row) return { settled: true };
  if (row.lease_epoch === null) return { heldForMs: row.held_ms };
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
};

interface ClaimedRow {
  lease_epoch: number;
  client_id: string;
  created_at: Date;
  issued: IssuedInvoice;
  template: string;
}

interface HeldRow {
  lease_epoch: null;
  held_ms: number;
}

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
  { tenantId, db }: TenantStatement,
  { invoiceId, epoch }: Lease,
  document: FinishedDocument,
): Promise<void> => {
  const row = JSON.stringify({
    id: uuidv7(),
    format: document.format,
    storage_key: document.storageKey,
    sha256: document.sha256,
    size_bytes: document.sizeBytes,
    media_type: document.mediaType,
    page_count: document.pageCount,
  });
  const [done] = await db.$queryRaw<{ completed: boolean }[]>`
    SELECT complete_invoice(${tenantId}::uuid, ${invoiceId}::uuid, ${epoch}::int, ${row}::jsonb) AS completed`;
  if (!done?.completed) throw new LeaseLost(`invoice ${invoiceId}: the lease of epoch ${epoch} is no longer ours`);
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
