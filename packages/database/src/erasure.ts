import type { InvoiceStatus, IssuedInvoice } from '@invoicepress/invoice';
import { recordAudit, type AuditAct } from './audit.ts';
import { Prisma } from './generated/client.ts';
import { redactAnswers } from './redact-answers.ts';
import { held, lockHolds } from './legal-holds.ts';
import { openPayloadIfLeft } from './payload-sealing.ts';
import type { TenantTransaction } from './with-tenant.ts';

/** Whom an invoice is about, as it stands on it; all that is given must agree, letter by letter but for the e-mail. */
export interface DataSubject {
  name?: string | undefined;
  vatId?: string | undefined;
  email?: string | undefined;
  /** An identifier of the buyer (BT-46), or its registration (BT-47). */
  buyerId?: string | undefined;
}

/** What is known of an invoice to whoever decides whether it may go. */
export interface ErasureCandidate {
  id: string;
  number: string;
  status: InvoiceStatus;
  issueDate: Date;
  /** Of the seller. */
  country: string | null;
  held: boolean;
  redacted: boolean;
}

/** In the clear in sealed payloads as well. */
const country = Prisma.sql`payload.issued #>> '{seller,address,country}'`;

/** Statuses of which nothing was ever issued. */
const unissued = Prisma.sql`status IN ('failed', 'canceled')`;

/** A page of a buyer's invoices: it may be empty, and more may follow. */
export interface BuyersInvoices {
  found: ErasureCandidate[];
  /** Where the next page begins; undefined after the last. */
  next: string | undefined;
}

/**
 * Invoices with this buyer that are not erased yet, in the order of their ids; all of the tenant's without a subject. Of
 * those whose key was destroyed, only the name is known.
 * @param limit invoices that are looked at
 * @throws {PayloadLocked} one has to be opened for it, and cannot be
 */
export const findBuyersInvoices = async (
  tx: TenantTransaction,
  subject: DataSubject | undefined,
  { after, limit }: { after?: string | undefined; limit: number },
): Promise<BuyersInvoices> => {
  const buyer = Prisma.sql`payload.issued -> 'buyer'`;
  const { name, vatId, email, buyerId } = subject ?? {};
  const inPayload = [
    ...(vatId === undefined ? [] : [Prisma.sql`${buyer} ->> 'vatId' = ${vatId}`]),
    ...(email === undefined
      ? []
      : [
          Prisma.sql`lower(${email}) IN (lower(${buyer} #>> '{contact,email}'), lower(${buyer} #>> '{electronicAddress,id}'))`,
        ]),
    ...(buyerId === undefined
      ? []
      : [
          Prisma.sql`(${buyer} ->> 'registrationId' = ${buyerId}
            OR ${buyer} -> 'identifiers' @> jsonb_build_array(jsonb_build_object('id', ${buyerId}::text)))`,
        ]),
  ];
  const conditions = [
    Prisma.sql`invoice.tenant_id = app_tenant() AND invoice.erasing_at IS NULL`,
    ...(after === undefined ? [] : [Prisma.sql`invoice.id > ${after}::uuid`]),
    ...(name === undefined ? [] : [Prisma.sql`invoice.buyer_name = ${name}`]),
    // What is sealed is looked at here, and not there.
    ...(inPayload.length === 0
      ? []
      : [Prisma.sql`(payload.issued ? 'sealed' OR (${Prisma.join(inPayload, ' AND ')}))`]),
  ];
  const rows = await tx.db.$queryRaw<(ErasureCandidate & { sealed: unknown })[]>`
    SELECT invoice.id, invoice.number, invoice.status::text AS status, invoice.issue_date AS "issueDate",
      ${country} AS country, ${held} AS held, invoice.redacted_at IS NOT NULL AS redacted,
      CASE WHEN ${inPayload.length > 0} AND payload.issued ? 'sealed' THEN payload.issued END AS sealed
    FROM invoice JOIN invoice_payload payload ON payload.tenant_id = invoice.tenant_id AND payload.invoice_id = invoice.id
    WHERE ${Prisma.join(conditions, ' AND ')}
    ORDER BY invoice.id LIMIT ${limit}`;
  const found: ErasureCandidate[] = [];
  for (const { sealed, ...candidate } of rows) {
    const issued = sealed === null ? undefined : await openPayloadIfLeft(tx, candidate.id, sealed);
    if (sealed === null || (issued && isBuyer(issued.buyer, subject ?? {}))) found.push(candidate);
  }
  return { found, next: rows.length === limit ? rows.at(-1)?.id : undefined };
};

/** The conditions above, of a sealed invoice; the name stands in its row. */
const isBuyer = (buyer: IssuedInvoice['buyer'], { vatId, email, buyerId }: DataSubject): boolean => {
  const emails = [buyer.contact?.email, buyer.electronicAddress?.id].map((each) => each?.toLowerCase());
  return (
    (vatId === undefined || buyer.vatId === vatId) &&
    (email === undefined || emails.includes(email.toLowerCase())) &&
    (buyerId === undefined ||
      buyer.registrationId === buyerId ||
      (buyer.identifiers ?? []).some(({ id }) => id === buyerId))
  );
};

/** The tenant's invoices whose time is over and that nothing holds. @param cutoffs see `retentionCutoffs` */
export const findExpiredInvoices = async (
  tx: TenantTransaction,
  cutoffs: Record<string, string>,
  limit: number,
): Promise<string[]> => {
  const latest = Object.values(cutoffs).toSorted().at(-1) ?? '0001-01-01';
  const rows = await tx.db.$queryRaw<{ id: string }[]>`
    SELECT invoice.id
    FROM invoice JOIN invoice_payload payload ON payload.tenant_id = invoice.tenant_id AND payload.invoice_id = invoice.id
    WHERE invoice.tenant_id = app_tenant() AND invoice.erasing_at IS NULL AND status IN ('ready', 'failed', 'canceled')
      AND issue_date <= ${latest}::date AND ${expired(cutoffs)} AND NOT ${held}
    ORDER BY issue_date LIMIT ${limit}`;
  return rows.map(({ id }) => id);
};

/** Whether the law no longer wants an invoice kept. */
export const expired = (cutoffs: Record<string, string>): Prisma.Sql => {
  const json = JSON.stringify(cutoffs);
  return Prisma.sql`issue_date <= coalesce(${json}::jsonb ->> (${country}), ${json}::jsonb ->> '*')::date`;
};

/**
 * Marks invoices as being erased, if they were never issued or their time is over, and nothing holds them. From here on
 * there is no way back: a failed one is canceled.
 * @returns those that were marked
 */
export const beginErasure = async (
  tx: TenantTransaction,
  ids: string[],
  cutoffs: Record<string, string>,
): Promise<string[]> => {
  await lockHolds(tx);
  const rows = await tx.db.$queryRaw<{ id: string }[]>`
    UPDATE invoice SET erasing_at = clock_timestamp(), metadata = '{}',
      status = CASE status WHEN 'failed' THEN 'canceled' ELSE status END,
      failure_code = NULL, failure_reason = NULL, failure_remedy = NULL
    FROM invoice_payload payload
    WHERE invoice.tenant_id = app_tenant() AND invoice.id = ANY(${ids}::uuid[]) AND erasing_at IS NULL
      AND payload.tenant_id = invoice.tenant_id AND payload.invoice_id = invoice.id
      AND (${unissued} OR (status = 'ready' AND ${expired(cutoffs)})) AND NOT ${held}
    RETURNING invoice.id`;
  return rows.map(({ id }) => id);
};

/** Invoices whose erasure was begun and not finished, with the keys of their documents. */
export const erasuresUnderWay = async (
  tx: TenantTransaction,
  limit: number,
): Promise<{ id: string; storageKeys: string[] }[]> => {
  const rows = await tx.db.invoice.findMany({
    where: { tenantId: tx.tenantId, erasingAt: { not: null }, erasedAt: null },
    select: { id: true, documents: { select: { storageKey: true } } },
    orderBy: { id: 'asc' },
    take: limit,
  });
  return rows.map(({ id, documents }) => ({ id, storageKeys: documents.map(({ storageKey }) => storageKey) }));
};

/** After their objects are gone: their rows go too, and stubs stay. */
export const finishErasure = async (tx: TenantTransaction, ids: string[], act: AuditAct): Promise<void> => {
  if (ids.length === 0) return;
  const { db, tenantId } = tx;
  await redactAnswers(tx, ids);
  await db.$executeRaw`
    DELETE FROM webhook_delivery USING event
    WHERE webhook_delivery.tenant_id = app_tenant() AND event.tenant_id = webhook_delivery.tenant_id
      AND event.id = webhook_delivery.event_id AND event.invoice_id = ANY(${ids}::uuid[])`;
  await db.$executeRaw`
    UPDATE event SET data = data - 'externalId' - 'failure'
    WHERE tenant_id = app_tenant() AND invoice_id = ANY(${ids}::uuid[]) AND data ?| ARRAY['externalId', 'failure']`;
  await db.document.deleteMany({ where: { tenantId, invoiceId: { in: ids } } });
  await db.invoicePayload.deleteMany({ where: { tenantId, invoiceId: { in: ids } } });
  await db.$executeRaw`
    UPDATE invoice SET erased_at = clock_timestamp(), buyer_name = '', external_id = NULL
    WHERE tenant_id = app_tenant() AND id = ANY(${ids}::uuid[]) AND erasing_at IS NOT NULL AND erased_at IS NULL`;
  await recordAudit(tx, act, { touched: ids });
};

/**
 * Takes away what nobody has to keep of issued invoices: metadata, and what lies of them in answers and in the log of
 * webhooks. The invoice itself and its documents stay as they were issued. @returns those that were not redacted before
 */
export const redactInvoices = async (tx: TenantTransaction, ids: string[], act: AuditAct): Promise<string[]> => {
  await lockHolds(tx);
  const rows = await tx.db.$queryRaw<{ id: string }[]>`
    UPDATE invoice SET redacted_at = clock_timestamp(), metadata = '{}'
    WHERE tenant_id = app_tenant() AND id = ANY(${ids}::uuid[]) AND status = 'ready'
      AND redacted_at IS NULL AND erasing_at IS NULL AND NOT ${held}
    RETURNING id`;
  const redacted = rows.map(({ id }) => id);
  if (redacted.length === 0) return [];
  await redactAnswers(tx, redacted);
  await tx.db.$executeRaw`
    UPDATE webhook_attempt SET error = NULL, response_excerpt = NULL
    FROM webhook_delivery delivery JOIN event ON event.tenant_id = delivery.tenant_id AND event.id = delivery.event_id
    WHERE webhook_attempt.tenant_id = app_tenant() AND delivery.tenant_id = webhook_attempt.tenant_id
      AND delivery.id = webhook_attempt.delivery_id AND event.invoice_id = ANY(${redacted}::uuid[])`;
  await recordAudit(tx, act, { touched: redacted });
  return redacted;
};
