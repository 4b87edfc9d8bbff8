import { recordAudit, type AuditAct } from './audit.ts';
import { expired } from './erasure.ts';
import { held, lockHolds, openHolds } from './legal-holds.ts';
import type { TenantTransaction } from './with-tenant.ts';

/** What keeps a tenant's keys from being destroyed: an invoice, or a hold on all of them. */
export interface Obstacle {
  why: 'held' | 'unsettled' | 'retained';
  invoiceId: string | null;
  number: string | null;
}

/** Obstacles that are named at a time. */
const MAX_NAMED = 5;

/** Invoices that are held, are on their way, or that the law wants kept; the first few. @param cutoffs see `retentionCutoffs` */
export const obstaclesToDestruction = async (
  tx: TenantTransaction,
  cutoffs: Record<string, string>,
): Promise<Obstacle[]> => {
  const holds = await openHolds(tx);
  if (holds.some(({ invoiceId }) => invoiceId === null)) return [{ why: 'held', invoiceId: null, number: null }];
  return tx.db.$queryRaw<Obstacle[]>`
    SELECT invoice.id AS "invoiceId", invoice.number,
      CASE WHEN ${held} THEN 'held' WHEN status = 'ready' THEN 'retained' ELSE 'unsettled' END AS why
    FROM invoice JOIN invoice_payload payload ON payload.tenant_id = invoice.tenant_id AND payload.invoice_id = invoice.id
    WHERE invoice.tenant_id = app_tenant() AND erasing_at IS NULL
      AND (${held} OR status IN ('queued', 'rendering') OR (status = 'ready' AND NOT ${expired(cutoffs)}))
    ORDER BY invoice.id LIMIT ${MAX_NAMED}`;
};

/**
 * Destroys all keys of a tenant, for good: what they have sealed opens no more, here at once and in other processes within
 * `KEY_LIFE_MS`. Whatever is submitted after that gets a new key.
 * @returns how many keys, or what keeps them
 */
export const destroyKeys = async (
  tx: TenantTransaction,
  cutoffs: Record<string, string>,
  act: AuditAct,
): Promise<{ destroyed: number } | { kept: Obstacle[] }> => {
  await lockHolds(tx);
  const kept = await obstaclesToDestruction(tx, cutoffs);
  if (kept.length > 0) return { kept };
  const destroyed = await tx.db.$executeRaw`
    UPDATE tenant_key SET wrapped_key = NULL, destroyed_at = clock_timestamp()
    WHERE tenant_id = app_tenant() AND destroyed_at IS NULL`;
  if (destroyed > 0) await recordAudit(tx, act, { touched: [tx.tenantId] });
  return { destroyed };
};
