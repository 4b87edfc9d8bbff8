import { issueInvoice, requiredStatus, TransitionRefused, type InvoiceDraft, type IssuedInvoice, type LifecycleRequest } from '@invoicepress/invoice';
import { v7 as uuidv7 } from 'uuid';
import { Prisma, type Document, type Invoice } from './generated/client.ts';
import { takeNumbers, UnknownSeries } from './number-series.ts';
import type { TenantTransaction } from './with-tenant.ts';

/** An invoice as stored, with its documents. */
export type InvoiceRecord = Invoice & { documents: Document[] };

/** Why one invoice of several was not accepted; the others are. */
export type Refusal =
  | { refused: 'number' | 'externalId'; value: string; existingId: string | undefined }
  | { refused: 'series'; value: string };
export type Acceptance = { accepted: InvoiceRecord } | Refusal;

export interface AcceptOptions {
  clientId: string;
  /** The day of acceptance (UTC), the issue date of drafts that name none. */
  now: Date;
  template: string;
}

/**
 * Accepts drafts that `checkDraft` found nothing wrong with: numbers them, freezes them and stores them as `queued`,
 * all in the caller's transaction. Each is accepted or refused by itself, in the order given. Numbers of a series
 * stay gapless: when a conflict would waste one, the numbers are given back and taken again without it.
 */
export const acceptInvoices = async (tx: TenantTransaction, drafts: InvoiceDraft[], options: AcceptOptions): Promise<Acceptance[]> => {
  const outcomes: Acceptance[] = Array.from({ length: drafts.length });
  let open = drafts.map((draft, index) => ({ draft, index }));
  while (open.length > 0) {
    await tx.db.$executeRaw`SAVEPOINT accept`;
    const issued = await issueAll(tx, open, options, outcomes);
    const stored = await insertAll(tx, issued, options);
    const refused = issued.filter(({ id }) => !stored.has(id));
    const wasted = refused.some(({ draft }) => draft.series !== undefined);
    for (const conflict of refused) outcomes[conflict.index] = await explainConflict(tx, conflict);
    if (!wasted) {
      for (const row of issued) {
        const createdAt = stored.get(row.id);
        if (createdAt) outcomes[row.index] = { accepted: toRecord(tx, row, options, createdAt) };
      }
      return outcomes;
    }
    await tx.db.$executeRaw`ROLLBACK TO SAVEPOINT accept`;
    const gone = new Set(refused.map(({ index }) => index));
    open = issued.filter(({ index }) => !gone.has(index)).map(({ draft, index }) => ({ draft, index }));
  }
  return outcomes;
};

interface Issued {
  id: string;
  index: number;
  draft: InvoiceDraft;
  issued: IssuedInvoice;
}

/** Gives each draft its number and id; drafts that name a series nobody defined are refused here. */
const issueAll = async (
  tx: TenantTransaction,
  open: { draft: InvoiceDraft; index: number }[],
  { now }: AcceptOptions,
  outcomes: Acceptance[],
): Promise<Issued[]> => {
  const today = now.toISOString().slice(0, 10);
  const numbers = await takeNumbers(tx, open.map(({ draft }) => draft), today);
  return open.flatMap(({ draft, index }, i) => {
    const number = numbers[i];
    if (number instanceof UnknownSeries || number === undefined) {
      outcomes[index] = { refused: 'series', value: draft.series ?? '' };
      return [];
    }
    return { id: uuidv7(), index, draft, issued: issueInvoice(draft, number, today) };
  });
};

/** One statement for all rows and payloads; rows that violate a uniqueness are left out. Returns ids with their birth. */
const insertAll = async (tx: TenantTransaction, rows: Issued[], { clientId, template }: AcceptOptions): Promise<Map<string, Date>> => {
  if (rows.length === 0) return new Map();
  const submitted = rows.map(({ id, draft, issued }) => ({
    id,
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
    issued,
  }));
  const stored = await tx.db.$queryRaw<{ id: string; created_at: Date }[]>`
    WITH submitted AS (
      SELECT * FROM jsonb_to_recordset(${JSON.stringify(submitted)}::jsonb) AS row (
        id uuid, external_id text, number text, type_code text, currency char(3), issue_date date, due_date date,
        buyer_name text, tax_exclusive numeric, tax numeric, tax_inclusive numeric, payable numeric,
        metadata jsonb, issued jsonb)
    ), accepted AS (
      INSERT INTO invoice (id, tenant_id, client_id, external_id, number, type_code, currency, issue_date, due_date,
        buyer_name, tax_exclusive, tax, tax_inclusive, payable, metadata)
      SELECT id, app_tenant(), ${clientId}::uuid, external_id, number, type_code, currency, issue_date, due_date,
        buyer_name, tax_exclusive, tax, tax_inclusive, payable, metadata
      FROM submitted
      ON CONFLICT DO NOTHING
      RETURNING id, created_at
    ), payloads AS (
      INSERT INTO invoice_payload (invoice_id, tenant_id, issued, template)
      SELECT id, app_tenant(), issued, ${template} FROM submitted JOIN accepted USING (id)
    )
    SELECT id, created_at FROM accepted`;
  return new Map(stored.map(({ id, created_at }) => [id, created_at]));
};

const explainConflict = async (tx: TenantTransaction, { draft, issued }: Issued): Promise<Refusal> => {
  const { externalId } = draft;
  const same = externalId ? await tx.db.invoice.findFirst({ where: { externalId }, select: { id: true } }) : null;
  if (externalId && same) return { refused: 'externalId', value: externalId, existingId: same.id };
  const existing = await tx.db.invoice.findFirst({ where: { number: issued.number }, select: { id: true } });
  return { refused: 'number', value: issued.number, existingId: existing?.id };
};

const toRecord = (tx: TenantTransaction, { id, draft, issued }: Issued, { clientId }: AcceptOptions, createdAt: Date): InvoiceRecord => ({
  id,
  tenantId: tx.tenantId,
  clientId,
  externalId: draft.externalId ?? null,
  number: issued.number,
  typeCode: issued.typeCode,
  status: 'queued',
  currency: issued.currency,
  issueDate: new Date(issued.issueDate),
  dueDate: issued.dueDate ? new Date(issued.dueDate) : null,
  buyerName: issued.buyer.name,
  taxExclusive: new Prisma.Decimal(issued.totals.taxExclusive),
  tax: new Prisma.Decimal(issued.totals.tax),
  taxInclusive: new Prisma.Decimal(issued.totals.taxInclusive),
  payable: new Prisma.Decimal(issued.totals.payable),
  metadata: (draft.metadata ?? {}) as Prisma.JsonObject,
  generation: 1,
  leaseEpoch: 0,
  leaseExpiresAt: null,
  dispatchedAt: createdAt,
  failureCode: null,
  failureReason: null,
  failureRemedy: null,
  revision: 1,
  createdAt,
  updatedAt: createdAt,
  readyAt: null,
  documents: [],
});

export const findInvoice = (tx: TenantTransaction, id: string): Promise<InvoiceRecord | null> =>
  tx.db.invoice.findUnique({ where: { id }, include: { documents: true } });

/** Cancels a queued invoice. @returns null when there is no such invoice  @throws {TransitionRefused} rendering has started */
export const cancelInvoice = (tx: TenantTransaction, id: string): Promise<InvoiceRecord | null> =>
  request(tx, id, 'cancel', { status: 'canceled' });

/** Queues a failed invoice again, under a new generation. @returns null when there is no such invoice  @throws {TransitionRefused} it has not failed */
export const retryInvoice = (tx: TenantTransaction, id: string): Promise<InvoiceRecord | null> =>
  request(tx, id, 'retry', {
    status: 'queued',
    generation: { increment: 1 },
    dispatchedAt: new Date(),
    failureCode: null,
    failureReason: null,
    failureRemedy: null,
  });

/** One conditional update, so that of two simultaneous requests only one finds the status it requires. */
const request = async (tx: TenantTransaction, id: string, name: LifecycleRequest, data: Prisma.InvoiceUpdateManyMutationInput) => {
  const { count } = await tx.db.invoice.updateMany({ where: { id, status: requiredStatus(name) }, data });
  const invoice = await findInvoice(tx, id);
  if (invoice && count === 0) throw new TransitionRefused(name, invoice.status);
  return invoice;
};
