import {
  mayTakeAgain,
  type CreditParts,
  type InvoiceStatus,
  type IssuedInvoice,
  type TypeCode,
} from '@invoicepress/invoice';
import type { Invoice } from './generated/client.ts';
import { operatorAct, recordAudit } from './audit.ts';
import type { Database } from './open-database.ts';
import { openPayload } from './payload-sealing.ts';
import { withTenant, type TenantTransaction } from './with-tenant.ts';

/** Credit notes over one invoice, canceled and failed ones included: what one answer can show, and one sum can add up. */
export const MAX_CREDIT_NOTES = 100;

/** Statuses in which a credit note holds nothing of its invoice. */
const releasing: ReadonlySet<InvoiceStatus> = new Set(['canceled', 'failed']);
export const holdsCredit = ({ status }: Pick<Invoice, 'status'>): boolean => !releasing.has(status);

/** An invoice, and what was credited of it so far. */
export interface CreditedInvoice {
  id: string;
  status: InvoiceStatus;
  typeCode: TypeCode;
  issued: IssuedInvoice;
  /** That it is pinned to, such as "default@1". */
  template: string;
  credited: CreditParts[];
  /** In the order of their acceptance; those that hold nothing any more included. */
  creditNotes: Invoice[];
}

/**
 * Nobody else can credit the invoice before the transaction ends.
 * @param except a credit note whose own parts do not count
 * @returns null when there is no such invoice
 * @throws {PayloadLocked} its content cannot be opened
 */
export const lockForCredit = async (
  tx: TenantTransaction,
  id: string,
  except?: string,
): Promise<CreditedInvoice | null> => {
  const [locked] = await tx.db.$queryRaw<{ id: string }[]>`
    SELECT id FROM invoice WHERE tenant_id = app_tenant() AND id = ${id}::uuid FOR NO KEY UPDATE`;
  // Statements of their own, after the lock: they see what those who held it before have committed.
  return locked ? findCredited(tx, id, except) : null;
};

/** As it is at this moment. @returns null when there is no such invoice  @throws {PayloadLocked} */
export const findCredited = async (
  tx: TenantTransaction,
  id: string,
  except?: string,
): Promise<CreditedInvoice | null> => {
  const [found] = await tx.db.$queryRaw<Omit<CreditedInvoice, 'credited' | 'creditNotes'>[]>`
    SELECT invoice.id, invoice.status, invoice.type_code AS "typeCode", payload.issued, payload.template
    FROM invoice JOIN invoice_payload payload ON payload.tenant_id = invoice.tenant_id AND payload.invoice_id = invoice.id
    WHERE invoice.tenant_id = app_tenant() AND invoice.id = ${id}::uuid`;
  if (!found) return null;
  const issued = await openPayload(tx, id, found.issued);
  const links = await tx.db.creditNoteLink.findMany({
    where: { invoiceId: id },
    orderBy: { creditNoteId: 'asc' },
    include: { creditNote: true },
  });
  const holding = links.filter(({ creditNoteId, creditNote }) => creditNoteId !== except && holdsCredit(creditNote));
  return {
    ...found,
    issued,
    credited: holding.map(({ parts }) => parts as CreditParts),
    creditNotes: links.map(({ creditNote }) => creditNote),
  };
};

/** Links a credit note to what it credits, in the transaction that accepts it. */
export const linkCreditNote = async (
  tx: TenantTransaction,
  { creditNoteId, invoiceId, parts }: { creditNoteId: string; invoiceId: string; parts: CreditParts },
): Promise<void> => {
  await tx.db.creditNoteLink.create({ data: { tenantId: tx.tenantId, creditNoteId, invoiceId, parts } });
};

/** The credit notes over an invoice, in the order of their acceptance. */
export const creditNotesOf = async (tx: TenantTransaction, invoiceId: string): Promise<Invoice[]> => {
  const links = await tx.db.creditNoteLink.findMany({
    where: { invoiceId },
    orderBy: { creditNoteId: 'asc' },
    include: { creditNote: true },
  });
  return links.map(({ creditNote }) => creditNote);
};

/** What a credit note credits; null when it was submitted without a link. */
export const creditedInvoice = async (
  tx: TenantTransaction,
  creditNoteId: string,
): Promise<Pick<Invoice, 'id' | 'number'> | null> => {
  const link = await tx.db.creditNoteLink.findUnique({
    where: { tenantId_creditNoteId: { tenantId: tx.tenantId, creditNoteId } },
    select: { invoice: { select: { id: true, number: true } } },
  });
  return link?.invoice ?? null;
};

/** A failed credit note gave its amounts back, and somebody else has taken them. */
export class CreditTaken extends Error {
  override readonly name = 'CreditTaken';
}

/** For a credit note that is to be tried again. @throws {CreditTaken} there is no longer enough left for it */
export const takeCreditAgain = async (tx: TenantTransaction, creditNoteId: string): Promise<void> => {
  const link = await tx.db.creditNoteLink.findUnique({
    where: { tenantId_creditNoteId: { tenantId: tx.tenantId, creditNoteId } },
  });
  if (!link) return;
  const invoice = await lockForCredit(tx, link.invoiceId, creditNoteId);
  const overdrawn = invoice && mayTakeAgain(invoice.issued, invoice.credited, link.parts as CreditParts);
  if (overdrawn)
    throw new CreditTaken(
      `since it failed, others have credited ${overdrawn.what}; what it credited is no longer left`,
    );
};

/** The series that numbers credit notes which name none. */
export const creditNoteSeries = async (tx: TenantTransaction): Promise<string | null> =>
  (await tx.db.tenant.findUnique({ where: { id: tx.tenantId }, select: { creditNoteSeries: true } }))
    ?.creditNoteSeries ?? null;

/** Administration: from the next credit note on. @returns false when the tenant has no such series */
export const setCreditNoteSeries = (database: Database, tenantId: string, name: string): Promise<boolean> =>
  withTenant(database, tenantId, async (tx) => {
    if ((await tx.db.numberSeries.count({ where: { name } })) === 0) return false;
    const before = { creditNoteSeries: await creditNoteSeries(tx) };
    await tx.db.tenant.update({ where: { id: tenantId }, data: { creditNoteSeries: name } });
    const trace = { touched: [tenantId], before, after: { creditNoteSeries: name } };
    await recordAudit(tx, operatorAct('admin set-tenant'), trace);
    return true;
  });
