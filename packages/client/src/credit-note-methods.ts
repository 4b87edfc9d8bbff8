import type { CreateCreditNote, CreditNotes, Invoice } from './contract/index.ts';
import type { SendJson } from './webhook-methods.ts';

const creditNotes = (id: string): string => `/v1/invoices/${encodeURIComponent(id)}/credit-notes`;

/** The part of the client that is about credit notes. */
export const creditNoteMethods = (json: SendJson, keyed: (key?: string) => Record<string, string>) => ({
  /** Credits a ready invoice: all that is left of it, or some of its lines. The answer is the credit note, queued. */
  createCreditNote: (
    invoiceId: string,
    given: CreateCreditNote = {},
    { idempotencyKey }: { idempotencyKey?: string } = {},
  ) => json<Invoice>('POST', creditNotes(invoiceId), { body: given, headers: keyed(idempotencyKey) }),
  /** The credit notes over an invoice, and what is left of it, line by line. */
  getCreditNotes: (invoiceId: string) => json<CreditNotes>('GET', creditNotes(invoiceId)),
});
