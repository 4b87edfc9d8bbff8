import { openPayloadIfLeft } from './payload-sealing.ts';
import { toPublicEvent, type EventRecord } from './events.ts';
import type { TenantTransaction } from './with-tenant.ts';

/** All that is kept of some invoices. */
export interface PersonalData {
  invoices: object[];
  documents: { invoiceId: string; number: string; format: string; storageKey: string; sha256: string }[];
  events: object[];
  deliveries: object[];
  auditEntries: object[];
}

/** Rows of each kind that hang on one invoice; of more, the first. */
const MAX_ROWS = 10_000;

/** What is kept of these invoices, in the clear. @throws {PayloadLocked} */
export const readPersonalData = async (tx: TenantTransaction, ids: string[]): Promise<PersonalData> => {
  const { db, tenantId } = tx;
  const ofThem = { tenantId, invoiceId: { in: ids } };
  const invoices = await db.invoice.findMany({
    where: { tenantId, id: { in: ids } },
    omit: { leaseEpoch: true, leaseExpiresAt: true, dispatchedAt: true },
    include: { payload: { select: { issued: true, template: true, ruleSet: true } }, holds: true },
    orderBy: { id: 'asc' },
  });
  const documents = await db.document.findMany({
    where: ofThem,
    select: { invoiceId: true, format: true, storageKey: true, sha256: true },
    orderBy: { id: 'asc' },
  });
  const numbers = new Map(invoices.map(({ id, number }) => [id, number]));
  const events = await db.event.findMany({ where: ofThem, orderBy: { seq: 'asc' }, take: MAX_ROWS });
  const opened: object[] = [];
  for (const { payload, ...invoice } of invoices) {
    const issued = payload && (await openPayloadIfLeft(tx, invoice.id, payload.issued));
    opened.push({ ...invoice, payload: payload && { ...payload, issued } });
  }
  return {
    invoices: opened,
    documents: documents.map((document) => ({ ...document, number: numbers.get(document.invoiceId) ?? '' })),
    events: events.map((event) =>
      toPublicEvent({ ...event, position: Number(event.position) } as unknown as EventRecord),
    ),
    deliveries: await db.webhookDelivery.findMany({
      where: { tenantId, event: { invoiceId: { in: ids } } },
      include: { log: true, endpoint: { select: { url: true } } },
      orderBy: { id: 'asc' },
      take: MAX_ROWS,
    }),
    auditEntries: await db.auditEntry.findMany({
      where: { tenantId, touched: { hasSome: ids } },
      omit: { seq: true },
      orderBy: { id: 'asc' },
      take: MAX_ROWS,
    }),
  };
};

/** What is kept of a tenant besides its invoices; secrets are left out. */
export const readTenantData = async (tx: TenantTransaction): Promise<Record<string, unknown>> => {
  const { db, tenantId } = tx;
  const where = { tenantId };
  return {
    tenant: await db.tenant.findUniqueOrThrow({ where: { id: tenantId } }),
    clients: await db.apiClient.findMany({ where, omit: { secretHash: true } }),
    numberSeries: await db.numberSeries.findMany({ where, include: { counters: true } }),
    sellerProfiles: await db.sellerProfile.findMany({ where }),
    logos: await db.logo.findMany({ where, omit: { bytes: true } }),
    templates: await db.template.findMany({ where, include: { versions: true } }),
    webhookEndpoints: await db.webhookEndpoint.findMany({
      where,
      omit: { secret: true, previousSecret: true, previousSecretUntil: true },
    }),
    documentExports: await db.documentExport.findMany({ where, omit: { leaseEpoch: true, leaseExpiresAt: true } }),
    legalHolds: await db.legalHold.findMany({ where }),
  };
};

/** Forgets deliveries of webhooks that were settled so long ago, with their log. @returns how many, at most `limit` */
export const forgetOldDeliveries = (
  tx: TenantTransaction,
  { days, limit }: { days: number; limit: number },
): Promise<number> => tx.db.$executeRaw`
  DELETE FROM webhook_delivery WHERE tenant_id = app_tenant() AND id IN (
    SELECT id FROM webhook_delivery
    WHERE tenant_id = app_tenant() AND status <> 'pending' AND finished_at < now() - ${days} * interval '1 day'
    LIMIT ${limit})`;

/** Forgets exports that were over so long ago and have no archive left, with what was asked of them. @returns how many */
export const forgetOldExports = (
  tx: TenantTransaction,
  { days, limit }: { days: number; limit: number },
): Promise<number> => tx.db.$executeRaw`
  DELETE FROM document_export WHERE tenant_id = app_tenant() AND id IN (
    SELECT id FROM document_export
    WHERE tenant_id = app_tenant() AND status IN ('failed', 'canceled', 'expired')
      AND coalesce(finished_at, created_at) < now() - ${days} * interval '1 day'
      AND NOT EXISTS (
        SELECT FROM document_export_part part WHERE part.tenant_id = app_tenant() AND part.export_id = document_export.id)
    LIMIT ${limit})`;
