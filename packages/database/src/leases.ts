import type { Failure, Format } from '@invoicepress/invoice';
import { v7 as uuidv7 } from 'uuid';
import type { Prisma } from './generated/client.ts';
import type { TenantStatement, TenantTransaction } from './with-tenant.ts';

/** The right to finish one invoice: void as soon as the row's epoch has grown beyond `epoch`. */
export interface Lease {
  invoiceId: string;
  epoch: number;
}

export interface Claim extends Lease {
  /** Claims of this generation, this one included, that were not given back uncounted. */
  attempts: number;
  clientId: string;
  acceptedAt: Date;
  /** An `IssuedInvoice` as JSON: it goes on to a renderer unread. */
  issued: string;
  template: string;
  /** Of the logo that it names, whose bytes `loadLogo` has. */
  logoSha256: string | null;
}

/** `held`: another worker's lease still runs for so many milliseconds. `settled`: nothing (more) to do for this job. */
export type ClaimOutcome = { claim: Claim } | { heldForMs: number } | { settled: true };

/** Another worker has taken over, or the invoice was settled without us: whatever we made is to be dropped. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}

/**
 * Takes the leases of queued invoices, and of those whose workers let theirs expire, by the database's clock.
 * A job of another generation finds nothing to do.
 * @returns an outcome for each, in their order
 */
export const claimInvoices = async (
  { tenantId, db }: TenantStatement,
  wanted: { invoiceId: string; generation: number }[],
  leaseMs: number,
): Promise<ClaimOutcome[]> => {
  const ids = wanted.map(({ invoiceId }) => invoiceId);
  const generations = wanted.map(({ generation }) => generation);
  const rows = await db.$queryRaw<(ClaimedRow | HeldRow)[]>`
    SELECT * FROM claim_invoices(${tenantId}::uuid, ${ids}::uuid[], ${generations}::int[], ${leaseMs}::int)`;
  const found = new Map(rows.map((row) => [row.place, row]));
  return wanted.map(({ invoiceId }, index) => toOutcome(invoiceId, found.get(index + 1)));
};

export const claimInvoice = async (
  statement: TenantStatement,
  wanted: { invoiceId: string; generation: number },
  leaseMs: number,
): Promise<ClaimOutcome> => {
  const [outcome] = await claimInvoices(statement, [wanted], leaseMs);
  return outcome ?? { settled: true };
};

const toOutcome = (invoiceId: string, row: ClaimedRow | HeldRow | undefined): ClaimOutcome => {
  if (!row) return { settled: true };
  if (row.lease_epoch === null) return { heldForMs: row.held_ms };
  return {
    claim: {
      invoiceId,
      epoch: row.lease_epoch,
      attempts: row.attempts,
      clientId: row.client_id,
      acceptedAt: row.created_at,
      issued: row.issued,
      template: row.template,
      logoSha256: row.logo_sha256,
    },
  };
};

interface ClaimedRow {
  /** Among the wanted, from 1. */
  place: number;
  lease_epoch: number;
  attempts: number;
  client_id: string;
  created_at: Date;
  issued: string;
  template: string;
  logo_sha256: string | null;
}

interface HeldRow {
  place: number;
  lease_epoch: null;
  held_ms: number;
}

/** Holds on to it for another `leaseMs`, by the database's clock. @throws {LeaseLost} */
export const extendLease = async (
  tx: TenantTransaction,
  { invoiceId, epoch }: Lease,
  leaseMs: number,
): Promise<void> => {
  const count = await tx.db.$executeRaw`
    UPDATE invoice SET lease_expires_at = clock_timestamp() + ${leaseMs}::int * interval '1 millisecond'
    WHERE id = ${invoiceId}::uuid AND lease_epoch = ${epoch} AND CASE status WHEN 'rendering' THEN true END`;
  if (count === 0) throw leaseLost({ invoiceId, epoch });
};

export interface FinishedDocument {
  format: Format;
  storageKey: string;
  sha256: string;
  sizeBytes: number;
  mediaType: string;
  /** Of formats that have pages. */
  pageCount?: number | undefined;
  /** The versions it was made with, `name@version` each. */
  madeWith?: string;
}

export interface Finished {
  lease: Lease;
  documents: FinishedDocument[];
}

/**
 * Makes them final: each `ready` with a row for each of its documents, all together or none.
 * @returns the ids of those that are; the leases of the others are no longer ours
 */
export const completeInvoices = async (
  { tenantId, db }: TenantStatement,
  finished: Finished[],
): Promise<Set<string>> => {
  const ids = finished.map(({ lease }) => lease.invoiceId);
  const epochs = finished.map(({ lease }) => lease.epoch);
  const rows = JSON.stringify(finished.flatMap(({ lease, documents }) => documents.map((made) => toRow(lease, made))));
  const [done] = await db.$queryRaw<{ completed: string[] }[]>`
    SELECT complete_invoices(${tenantId}::uuid, ${ids}::uuid[], ${epochs}::int[], ${rows}::jsonb) AS completed`;
  return new Set(done?.completed);
};

/** @throws {LeaseLost} */
export const completeInvoice = async (
  statement: TenantStatement,
  lease: Lease,
  documents: FinishedDocument[],
): Promise<void> => {
  const completed = await completeInvoices(statement, [{ lease, documents }]);
  if (!completed.has(lease.invoiceId)) throw leaseLost(lease);
};

const toRow = ({ invoiceId }: Lease, document: FinishedDocument) => ({
  id: uuidv7(),
  invoice_id: invoiceId,
  format: document.format,
  storage_key: document.storageKey,
  sha256: document.sha256,
  size_bytes: document.sizeBytes,
  media_type: document.mediaType,
  page_count: document.pageCount ?? null,
  made_with: document.madeWith ?? null,
});

/** Ends it as `failed`, with reason and remedy. @throws {LeaseLost} */
export const failInvoice = async (tx: TenantTransaction, lease: Lease, failure: Failure): Promise<void> =>
  finish(tx, lease, {
    status: 'failed',
    failureCode: failure.code,
    failureReason: failure.reason,
    failureRemedy: failure.remedy,
  });

/**
 * Gives the lease back, so that the next attempt need not wait for it to expire.
 * @param counts false when the attempt says nothing about the invoice, so that it is not one of `attempts`
 * @throws {LeaseLost}
 */
export const releaseInvoice = async (
  tx: TenantTransaction,
  lease: Lease,
  { counts }: { counts: boolean },
): Promise<void> => finish(tx, lease, { status: 'queued', ...(!counts && { attempts: { decrement: 1 } }) });

const finish = async (
  tx: TenantTransaction,
  lease: Lease,
  data: Prisma.InvoiceUpdateManyMutationInput & { status: 'failed' | 'queued' },
) => {
  const { count } = await tx.db.invoice.updateMany({
    where: { id: lease.invoiceId, leaseEpoch: lease.epoch, status: 'rendering' },
    data: { ...data, leaseExpiresAt: null },
  });
  if (count === 0) throw leaseLost(lease);
};

export const leaseLost = ({ invoiceId, epoch }: Lease) =>
  new LeaseLost(`invoice ${invoiceId}: the lease of epoch ${epoch} is no longer ours`);
