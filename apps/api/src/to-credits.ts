import type { CreditNoteSummary, Invoice } from '@invoicepress/client';
import { creditedInvoice, creditNotesOf, holdsCredit, type InvoiceRecord } from '@invoicepress/database';
import type { TenantTransaction } from '@invoicepress/database';
import { isCreditNote, type TypeCode } from '@invoicepress/invoice';
import { day, etagOf, toTotals } from './to-invoice.ts';

type Related = Awaited<ReturnType<typeof creditNotesOf>>;

/** How an invoice and its credit notes refer to one another, and the ETag of it all. */
export interface Credits {
  shown: Pick<Invoice, 'credits' | 'creditNotes' | 'creditable'>;
  etag: string;
}

/** Asks for nothing as long as there can be nothing: only a ready invoice has credit notes. */
export const readCredits = async (tx: TenantTransaction, invoice: InvoiceRecord): Promise<Credits> => {
  if (isCreditNote(invoice.typeCode as TypeCode)) {
    const credits = await creditedInvoice(tx, invoice.id);
    return { shown: credits ? { credits } : {}, etag: etagOf(invoice) };
  }
  if (invoice.status !== 'ready') return { shown: {}, etag: etagOf(invoice) };
  const notes = await creditNotesOf(tx, invoice.id);
  return {
    shown: { creditNotes: notes.map(toSummary), creditable: toCreditable(invoice, notes) },
    etag: etagWith(invoice, notes),
  };
};

/** A ready row never changes, but what is shown with it does: its credit notes' revisions only grow, and so does their sum. */
const etagWith = (invoice: InvoiceRecord, notes: Related): string => {
  if (notes.length === 0) return etagOf(invoice);
  const revisions = notes.reduce((total, { revision }) => total + revision, 0);
  return `"${invoice.id}-${invoice.revision}-${revisions}"`;
};

export const toSummary = (note: Related[number]): CreditNoteSummary => ({
  id: note.id,
  number: note.number,
  status: note.status,
  typeCode: note.typeCode as TypeCode,
  issueDate: day(note.issueDate),
  totals: toTotals(note),
});

/** The invoice's totals less those of the credit notes that hold theirs. */
export const toCreditable = (invoice: InvoiceRecord, notes: Related): Invoice['totals'] => {
  const held = notes.filter(holdsCredit);
  const left = (name: 'taxExclusive' | 'tax' | 'taxInclusive' | 'payable') =>
    held.reduce((rest, note) => rest.minus(note[name]), invoice[name]);
  return toTotals({
    currency: invoice.currency,
    taxExclusive: left('taxExclusive'),
    tax: left('tax'),
    taxInclusive: left('taxInclusive'),
    payable: left('payable'),
  });
};
