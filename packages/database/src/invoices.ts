import {
  isCreditNote,
  issueInvoice,
  requiredStatus,
  TransitionRefused,
  type InvoiceDraft,
  type LifecycleRequest,
  type TypeCode,
} from '@invoicepress/invoice';
import { v7 as uuidv7 } from 'uuid';
import { Prisma, type Document, type Invoice } from './generated/client.ts';
import { takeCreditAgain } from './credit-notes.ts';
import { insertInvoices, type AcceptanceAudit, type IssuedRow } from './insert-invoices.ts';
import { takeNumbers, UnknownSeries } from './number-series.ts';
import { sealerFor } from './payload-sealing.ts';
import { giveBackDailyQuota } from './quotas.ts';
import { Contended } from './contention.ts';
import type { TenantTransaction } from './with-tenant.ts';

/** An invoice as stored, with its documents. */
export type InvoiceRecord = Invoice & { documents: Document[] };

/** In the order in which its formats were asked for: their ids grow. */
export const withDocuments = { documents: { orderBy: { id: 'asc' } } } as const satisfies Prisma.InvoiceInclude;

/** Why one invoice of several was not accepted; the others are. */
export type Refusal =
  | { refused: 'number' | 'externalId'; value: string; existingId: string | undefined }
  | { refused: 'series'; value: string }
  /** The tenant has handed in as many on this day (UTC) as it may. */
  | { refused: 'daily-quota'; perDay: number };
export type Acceptance = { accepted: InvoiceRecord } | Refusal;

export interface AcceptOptions {
  clientId: string;
  /** The day of acceptance (UTC), the issue date of drafts that name none. */
  now: Date;
  /** Of drafts that name none. */
  template: string;
  /** Invoices that the tenant may hand in on a day (UTC); any number, unless it is given. */
  perDay?: number | undefined;
  /** One entry for all of them, written by the statement that stores them. */
  audit?: AcceptanceAudit | undefined;
}

/** Passes over one batch: each settles what the one before ran into. More means that others keep getting in between. */
const MAX_PASSES = 20;

/**
 * Accepts drafts that `checkDraft` found nothing wrong with: numbers them, freezes them and stores them as `queued`,
 * all in the caller's transaction. Each is accepted or refused by itself, in the order given. Numbers of a series
 * stay gapless: when a conflict would waste one, the numbers are given back and taken again without it.
 */
export const acceptInvoices = async (
  tx: TenantTransaction,
  drafts: InvoiceDraft[],
  options: AcceptOptions,
): Promise<Acceptance[]> => {
  const outcomes: Acceptance[] = Array.from({ length: drafts.length });
  // Ids stay the same in every pass: a refusal may name the id of another invoice of the batch.
  let open: Open[] = drafts.map((draft, index) => ({ id: uuidv7(), index, draft }));
  let passOver = false;
  const seal = await sealerFor(tx); // before the savepoints: a key that is made here stays
  for (let pass = 1; open.length > 0; pass++) {
    if (pass > MAX_PASSES)
      throw new Contended(`no batch could be stored in ${MAX_PASSES} passes; others keep taking its numbers`);
    await tx.db.$executeRaw`SAVEPOINT accept`;
    const issued = await issueAll(tx, open, options, outcomes, passOver);
    const inserted = await insertInvoices(tx, issued, { ...options, seal });
    if (inserted !== 'deadlock') {
      const { stored, granted } = inserted;
      const tooMany = issued.slice(granted);
      const conflicts = issued.slice(0, granted).filter(({ id }) => !stored.has(id));
      const refused = await explainConflicts(tx, conflicts);
      const wasted =
        [...conflicts, ...tooMany].some(isNumberedHere) ||
        (passOver && conflicts.length > 0 && issued.some(isNumberedHere));
      passOver ||= conflicts.length > refused.size;
      for (const { index } of tooMany) refused.set(index, { refused: 'daily-quota', perDay: options.perDay ?? 0 });
      for (const [index, refusal] of refused) outcomes[index] = refusal;
      if (!wasted) {
        if (options.perDay !== undefined && conflicts.length > 0) await giveBackDailyQuota(tx, conflicts.length);
        for (const row of issued) {
          const createdAt = stored.get(row.id);
          if (createdAt) outcomes[row.index] = { accepted: toRecord(tx, row, options, createdAt) };
        }
        return outcomes;
      }
      open = issued.filter(({ index }) => !refused.has(index));
    }
    await tx.db.$executeRaw`ROLLBACK TO SAVEPOINT accept`;
  }
  return outcomes;
};

interface Open {
  id: string;
  index: number;
  draft: InvoiceDraft;
}

const isNumberedHere = ({ draft }: Open): boolean => draft.series !== undefined;

/** Gives each draft its number; drafts that name a series nobody defined are refused here. */
const issueAll = async (
  tx: TenantTransaction,
  open: Open[],
  { now }: AcceptOptions,
  outcomes: Acceptance[],
  passOver: boolean,
): Promise<IssuedRow[]> => {
  const today = now.toISOString().slice(0, 10);
  const numbers = await takeNumbers(
    tx,
    open.map(({ draft }) => draft),
    { today, passOver },
  );
  return open.flatMap(({ id, draft, index }, i) => {
    const number = numbers[i];
    if (number instanceof UnknownSeries || number === undefined) {
      outcomes[index] = { refused: 'series', value: draft.series ?? '' };
      return [];
    }
    return { id, index, draft, issued: issueInvoice(draft, number, today) };
  });
};

/** Refusals by index. A number of a series that is taken is no refusal: another number will do. */
const explainConflicts = async (tx: TenantTransaction, conflicts: IssuedRow[]): Promise<Map<number, Refusal>> => {
  if (conflicts.length === 0) return new Map();
  const externalIds = conflicts.flatMap(({ draft }) => draft.externalId ?? []);
  const numbers = conflicts.map(({ issued }) => issued.number);
  const existing = await tx.db.invoice.findMany({
    where: { OR: [{ externalId: { in: externalIds } }, { number: { in: numbers } }] },
    select: { id: true, number: true, externalId: true },
  });
  const byExternalId = new Map(existing.map(({ id, externalId }) => [externalId, id]));
  const byNumber = new Map(existing.map(({ id, number }) => [number, id]));
  return new Map(
    conflicts.flatMap((conflict): [number, Refusal][] => {
      const { index, draft, issued } = conflict;
      const sameExternalId = draft.externalId === undefined ? undefined : byExternalId.get(draft.externalId);
      if (draft.externalId !== undefined && sameExternalId)
        return [[index, { refused: 'externalId', value: draft.externalId, existingId: sameExternalId }]];
      return isNumberedHere(conflict)
        ? []
        : [[index, { refused: 'number', value: issued.number, existingId: byNumber.get(issued.number) }]];
    }),
  );
};

const toRecord = (
  tx: TenantTransaction,
  { id, draft, issued }: IssuedRow,
  { clientId }: AcceptOptions,
  createdAt: Date,
): InvoiceRecord => ({
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
  attempts: 0,
  dispatchedAt: createdAt,
  failureCode: null,
  failureReason: null,
  failureRemedy: null,
  revision: 1,
  createdAt,
  updatedAt: createdAt,
  readyAt: null,
  redactedAt: null,
  erasingAt: null,
  erasedAt: null,
  documents: [],
});

export const findInvoice = (tx: TenantTransaction, id: string): Promise<InvoiceRecord | null> =>
  tx.db.invoice.findUnique({ where: { id }, include: withDocuments });

/** Cancels a queued invoice. @returns null when there is no such invoice  @throws {TransitionRefused} rendering has started */
export const cancelInvoice = (tx: TenantTransaction, id: string): Promise<InvoiceRecord | null> =>
  request(tx, id, 'cancel', { status: 'canceled' });

/**
 * Queues a failed invoice again, under a new generation. A credit note takes again what it gave back when it failed.
 * @returns null when there is no such invoice
 * @throws {TransitionRefused} it has not failed
 * @throws {CreditTaken} what it credited was credited otherwise meanwhile
 */
export const retryInvoice = async (tx: TenantTransaction, id: string): Promise<InvoiceRecord | null> => {
  const failed = await findInvoice(tx, id);
  if (failed?.status === 'failed' && isCreditNote(failed.typeCode as TypeCode)) await takeCreditAgain(tx, id);
  return request(tx, id, 'retry', {
    status: 'queued',
    generation: { increment: 1 },
    failureCode: null,
    failureReason: null,
    failureRemedy: null,
  });
};

/** One conditional update, so that of two simultaneous requests only one finds the status it requires. */
const request = async (
  tx: TenantTransaction,
  id: string,
  name: LifecycleRequest,
  data: Prisma.InvoiceUpdateManyMutationInput,
) => {
  const { count } = await tx.db.invoice.updateMany({ where: { id, status: requiredStatus(name) }, data });
  const invoice = await findInvoice(tx, id);
  if (invoice && count === 0) throw new TransitionRefused(name, invoice.status);
  return invoice;
};
