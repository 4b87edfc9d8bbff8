import { operatorAct, recordAudit } from './audit.ts';
import { Prisma, type LegalHold } from './generated/client.ts';
import type { TenantTransaction } from './with-tenant.ts';

/** Of a row of `invoice`: whether a hold on it, or on all of the tenant's, binds now. */
export const held: Prisma.Sql = Prisma.sql`EXISTS (
  SELECT FROM legal_hold WHERE tenant_id = app_tenant() AND released_at IS NULL
    AND (invoice_id IS NULL OR invoice_id = invoice.id))`;

/** Holds that bind now, oldest first. */
export const openHolds = (tx: TenantTransaction): Promise<LegalHold[]> =>
  tx.db.legalHold.findMany({ where: { tenantId: tx.tenantId, releasedAt: null }, orderBy: { id: 'asc' } });

/**
 * Keeps an invoice, or all of the tenant's, from being redacted and erased until the hold is released.
 * @returns its id; null when there is no such invoice, or it is being erased already
 */
export const placeHold = async (
  tx: TenantTransaction,
  { invoiceId, reason }: { invoiceId?: string | undefined; reason: string },
): Promise<string | null> => {
  await lockHolds(tx);
  if (invoiceId !== undefined) {
    const found = await tx.db.invoice.findFirst({ where: { id: invoiceId, erasingAt: null }, select: { id: true } });
    if (!found) return null;
  }
  const [row] = await tx.db.$queryRaw<[{ id: string }]>`
    INSERT INTO legal_hold (tenant_id, invoice_id, reason) VALUES (app_tenant(), ${invoiceId ?? null}::uuid, ${reason})
    RETURNING id`;
  const trace = { touched: [row.id, invoiceId ?? tx.tenantId], after: { reason } };
  await recordAudit(tx, operatorAct('privacy hold'), trace);
  return row.id;
};

/** @returns false when there is no such hold that binds */
export const releaseHold = async (tx: TenantTransaction, id: string): Promise<boolean> => {
  const { count } = await tx.db.legalHold.updateMany({
    where: { tenantId: tx.tenantId, id, releasedAt: null },
    data: { releasedAt: new Date() },
  });
  if (count === 1) await recordAudit(tx, operatorAct('privacy release'), { touched: [id] });
  return count === 1;
};

/** Until the transaction ends nobody else places a hold on this tenant, or begins to erase of it. */
export const lockHolds = async ({ db, tenantId }: TenantTransaction): Promise<void> => {
  await db.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`holds of ${tenantId}`}, 0))`;
};
