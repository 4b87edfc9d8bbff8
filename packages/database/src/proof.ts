import type { IssuedInvoice } from '@invoicepress/invoice';
import { findInvoice, type InvoiceRecord } from './invoices.ts';
import type { TenantTransaction } from './with-tenant.ts';

/** All that is known of an invoice, for whoever has to prove it. */
export type ProofRecord = InvoiceRecord & {
  /** The frozen invoice, the template it is pinned to, and the checks that it passed; null when it was dropped. */
  payload: { issued: IssuedInvoice; template: string; ruleSet: string | null } | null;
  /** Oldest first. */
  events: { id: string; type: string; createdAt: Date; data: unknown }[];
};

/** More than any invoice has that is not retried for days; of more, the latest. */
const MAX_EVENTS = 10_000;

/** An invoice with its payload and its own events, or null when there is none. */
export const findProof = async (tx: TenantTransaction, id: string): Promise<ProofRecord | null> => {
  const invoice = await findInvoice(tx, id);
  if (!invoice) return null;
  const payload = await tx.db.invoicePayload.findUnique({
    where: { tenantId_invoiceId: { tenantId: tx.tenantId, invoiceId: id } },
    select: { issued: true, template: true, ruleSet: true },
  });
  const events = await tx.db.event.findMany({
    where: { tenantId: tx.tenantId, invoiceId: id },
    select: { id: true, type: true, createdAt: true, data: true },
    orderBy: { seq: 'desc' },
    take: MAX_EVENTS,
  });
  return { ...invoice, payload: payload as ProofRecord['payload'], events: events.toReversed() };
};
