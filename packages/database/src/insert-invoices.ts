import { ruleSet, type InvoiceDraft, type IssuedInvoice } from '@invoicepress/invoice';
import { acceptanceEntry, type AuditAct } from './audit.ts';
import { Contended, isDeadlock, missesReference } from './contention.ts';
import { Prisma } from './generated/client.ts';
import type { SealedPayload } from './payload-sealing.ts';
import { dayOf } from './quotas.ts';
import type { TenantTransaction } from './with-tenant.ts';

export interface IssuedRow {
  id: string;
  /** Its place in the batch. */
  index: number;
  draft: InvoiceDraft;
  issued: IssuedInvoice;
}

export interface StoredRows {
  /** Ids with their birth. */
  stored: Map<string, Date>;
  /** How many of the rows, from the first, the day's quota had room for. */
  granted: number;
}

/** Who hands the invoices in, for the audit entry that is written with them. */
export type AcceptanceAudit = AuditAct & {
  /** What is touched besides them: the invoice that a credit note is about. */
  alsoTouched?: readonly string[];
};

export interface InsertOptions {
  clientId: string;
  template: string;
  now: Date;
  perDay?: number | undefined;
  audit?: AcceptanceAudit | undefined;
  /** What is stored of an invoice instead of itself. */
  seal?: ((id: string, issued: IssuedInvoice) => SealedPayload) | undefined;
}

/**
 * One statement for all rows and payloads; rows that violate a uniqueness are left out, and those that the day's quota
 * has no room for. Where there is one, each row up to there has taken its part of it, the ones left out included.
 * Batches that share numbers or externalIds wait for each other's rows. When they do so in a circle, PostgreSQL picks
 * one, which has to go back to its savepoint, where it holds nothing, and try again.
 */
export const insertInvoices = async (
  tx: TenantTransaction,
  rows: IssuedRow[],
  { clientId, template, now, perDay, audit, seal }: InsertOptions,
): Promise<StoredRows | 'deadlock'> => {
  if (rows.length === 0) return { stored: new Map(), granted: 0 };
  const submitted = rows.map(({ id, draft, issued }, index) => ({
    id,
    place: index + 1,
    external_id: draft.externalId ?? null,
    number: issued.number,
    type_code: issued.typeCode,
    currency: issued.currency,
    issue_date: issued.issueDate,
    due_date: issued.dueDate ?? null,
    buyer_name: issued.buyer.name,
    tax_exclusive: issued.totals.taxExclusive,
    tax: issued.totals.tax,
    tax_inclusive: issued.totals.taxInclusive,
    payable: issued.totals.payable,
    metadata: draft.metadata ?? {},
    template: draft.template ?? template,
    logo_sha256: issued.branding?.logo?.sha256 ?? null,
    issued: seal ? seal(id, issued) : issued,
  }));
  const granted =
    perDay === undefined
      ? Prisma.sql`${rows.length}::int`
      : Prisma.sql`take_daily_quota(${rows.length}::int, ${dayOf(now)}::date, ${perDay}::int)`;
  const insert = () => tx.db.$queryRaw<{ id: string | null; created_at: Date; granted: number }[]>`
    WITH quota AS MATERIALIZED (
      SELECT ${granted} AS granted
    ), submitted AS (
      SELECT * FROM jsonb_to_recordset(${JSON.stringify(submitted)}::jsonb) AS row (
        id uuid, place int, external_id text, number text, type_code text, currency char(3), issue_date date, due_date date,
        buyer_name text, tax_exclusive numeric, tax numeric, tax_inclusive numeric, payable numeric,
        metadata jsonb, template text, logo_sha256 text, issued jsonb)
    ), accepted AS (
      INSERT INTO invoice (id, tenant_id, client_id, external_id, number, type_code, currency, issue_date, due_date,
        buyer_name, tax_exclusive, tax, tax_inclusive, payable, metadata)
      SELECT id, app_tenant(), ${clientId}::uuid, external_id, number, type_code, currency, issue_date, due_date,
        buyer_name, tax_exclusive, tax, tax_inclusive, payable, metadata
      FROM submitted WHERE place <= (SELECT granted FROM quota)
      ON CONFLICT DO NOTHING
      RETURNING id, created_at
    ), payloads AS (
      INSERT INTO invoice_payload (invoice_id, tenant_id, issued, template, rule_set, logo_sha256)
      SELECT id, app_tenant(), issued, template, ${ruleSet}, logo_sha256
      FROM submitted JOIN accepted USING (id)
    ) ${audit ? acceptanceEntry(audit, audit.alsoTouched) : Prisma.empty}
    SELECT id, created_at, granted FROM quota LEFT JOIN accepted ON true`;
  try {
    const answer = await insert();
    const stored = answer.flatMap(({ id, created_at }): [string, Date][] => (id === null ? [] : [[id, created_at]]));
    return { stored: new Map(stored), granted: answer[0]?.granted ?? 0 };
  } catch (error) {
    if (isDeadlock(error)) return 'deadlock';
    if (missesReference(error, 'invoice_payload_tenant_id_logo_sha256_fkey'))
      throw new Contended('a logo was deleted while an invoice with it was accepted', { cause: error });
    throw error;
  }
};
