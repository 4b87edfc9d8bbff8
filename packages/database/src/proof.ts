import { isBuiltIn, type IssuedInvoice, type LogoType } from '@invoicepress/invoice';
import { openPayload } from './payload-sealing.ts';
import { findInvoice, type InvoiceRecord } from './invoices.ts';
import { findPinnedBundle, type BundleFile } from './templates.ts';
import type { TenantTransaction } from './with-tenant.ts';

/** All that is known of an invoice, for whoever has to prove it. */
export type ProofRecord = InvoiceRecord & {
  /** The frozen invoice, the template it is pinned to, the checks that it passed, and its logo; null when it was dropped. */
  payload: {
    issued: IssuedInvoice;
    template: string;
    ruleSet: string | null;
    logo: { sha256: string; mediaType: LogoType; bytes: Uint8Array } | null;
  } | null;
  /** Of a template that its tenant brought; none of ours. */
  templateFiles: BundleFile[];
  /** Oldest first. */
  events: { id: string; type: string; createdAt: Date; data: unknown }[];
};

/** More than any invoice has that is not retried for days; of more, the latest. */
const MAX_EVENTS = 10_000;

/** An invoice with its payload and its own events, or null when there is none. @throws {PayloadLocked} */
export const findProof = async (tx: TenantTransaction, id: string): Promise<ProofRecord | null> => {
  const invoice = await findInvoice(tx, id);
  if (!invoice) return null;
  const payload = await tx.db.invoicePayload.findUnique({
    where: { tenantId_invoiceId: { tenantId: tx.tenantId, invoiceId: id } },
    select: {
      issued: true,
      template: true,
      ruleSet: true,
      logo: { select: { sha256: true, mediaType: true, bytes: true } },
    },
  });
  const issued = payload && (await openPayload(tx, id, payload.issued));
  const bundle = payload && !isBuiltIn(payload.template) ? await findPinnedBundle(tx, payload.template) : null;
  const events = await tx.db.event.findMany({
    where: { tenantId: tx.tenantId, invoiceId: id },
    select: { id: true, type: true, createdAt: true, data: true },
    orderBy: { seq: 'desc' },
    take: MAX_EVENTS,
  });
  return {
    ...invoice,
    payload: issued && ({ ...payload, issued } as ProofRecord['payload']),
    templateFiles: bundle?.files ?? [],
    events: events.toReversed(),
  };
};
