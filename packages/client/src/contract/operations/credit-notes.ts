import { CreateCreditNote, CreditNotes } from '../credit-note.ts';
import { Invoice } from '../invoice.ts';
import { quotas, twin, unauthenticated, unknownInvoice, type Operation } from './operation.ts';

export const creditNoteOperations = {
  createCreditNote: {
    method: 'post',
    path: '/v1/invoices/{id}/credit-notes',
    summary: 'Credit a ready invoice, in full or in part',
    description:
      'Makes a credit note of the frozen invoice: its parties, currency and references, with a reference to it. It has ' +
      'a number of its own and becomes `ready` like any invoice. Never more is credited than is left; what a canceled ' +
      'or failed credit note took is left again.',
    scope: 'invoices:write',
    idempotent: true,
    body: CreateCreditNote,
    optionalBody: true,
    answer: { status: 202, schema: Invoice, description: 'the credit note; `Location` says where to ask for it' },
    problems: {
      ...unauthenticated,
      ...quotas,
      ...unknownInvoice,
      400: 'not JSON, or the Idempotency-Key is malformed',
      409: `the invoice is not ready or is a credit note itself, less is left of it than you ask for, number or externalId is taken, or ${twin}`,
      413: 'too large',
      422: 'invalid, or the credit note would break a rule; or the Idempotency-Key came with another body before',
    },
  },
  getCreditNotes: {
    method: 'get',
    path: '/v1/invoices/{id}/credit-notes',
    summary: 'Read the credit notes over an invoice, and what is left of it, line by line',
    scope: 'invoices:read',
    answer: { status: 200, schema: CreditNotes, description: 'credit notes, and the rest' },
    problems: { ...unauthenticated, ...unknownInvoice },
  },
} as const satisfies Record<string, Operation>;
