import { z } from 'zod';
import { BatchOutcome } from '../batch.ts';
import { InvoiceCheck } from '../check-invoice.ts';
import { DocumentLink, Invoice, InvoicePage, ListInvoices } from '../invoice.ts';
import { SubmitBatch, SubmitInvoice } from '../submit-invoice.ts';
import { malformedKey, quotas, twin, unauthenticated, unknownInvoice, type Operation } from './operation.ts';

export const invoiceOperations = {
  submitInvoice: {
    method: 'post',
    path: '/v1/invoices',
    summary: 'Submit an invoice',
    description:
      'Answers as soon as the invoice is safely stored: from then on it exists exactly once and becomes `ready` or `failed`. ' +
      'Totals are computed here; figures that you send are compared and must agree.',
    scope: 'invoices:write',
    idempotent: true,
    body: SubmitInvoice,
    answer: { status: 202, schema: Invoice, description: 'accepted; `Location` says where to ask for it' },
    problems: {
      ...unauthenticated,
      ...quotas,
      400: 'not JSON, or the Idempotency-Key is malformed',
      409: `number or externalId is taken, or ${twin}`,
      413: 'too large',
      422: 'invalid; `errors` says where; or the Idempotency-Key came with another body before',
    },
  },
  submitBatch: {
    method: 'post',
    path: '/v1/invoices/batch',
    summary: 'Submit up to 1,000 invoices at once',
    description:
      'Each invoice is accepted or refused by itself; the outcomes come in the order of submission. ' +
      'Repeated with its Idempotency-Key, a batch gets all its first outcomes again, refusals included.',
    scope: 'invoices:write',
    idempotent: true,
    body: SubmitBatch,
    answer: { status: 202, schema: BatchOutcome, description: 'one outcome per invoice' },
    problems: {
      ...unauthenticated,
      ...quotas,
      400: 'not JSON, or the Idempotency-Key is malformed',
      409: twin,
      413: 'too large, or more invoices than the tenant may send in a batch',
      422: 'not a batch, or the Idempotency-Key came with another body before',
    },
  },
  checkInvoice: {
    method: 'post',
    path: '/v1/invoices/check',
    summary: 'Ask whether an invoice would be accepted, under every profile',
    description:
      'Takes what a submission takes, tells for each profile which of its rules are broken, and computes the totals. ' +
      'Nothing is stored and no number is taken; `number` and `series` may be left out.',
    scope: 'invoices:write',
    body: SubmitInvoice,
    answer: { status: 200, schema: InvoiceCheck, description: 'a verdict for each profile, and the totals' },
    problems: {
      ...unauthenticated,
      400: 'not JSON',
      413: 'too large',
      422: 'a field is missing, unknown or out of bounds; `errors` says where',
    },
  },
  listInvoices: {
    method: 'get',
    path: '/v1/invoices',
    summary: 'List invoices, newest first',
    scope: 'invoices:read',
    query: ListInvoices,
    answer: { status: 200, schema: InvoicePage, description: 'a page, and the cursor of the next one' },
    problems: { ...unauthenticated, 400: 'a filter or the cursor is invalid' },
  },
  getInvoice: {
    method: 'get',
    path: '/v1/invoices/{id}',
    summary: 'Read an invoice: status, totals, documents, failure',
    scope: 'invoices:read',
    answer: { status: 200, schema: Invoice, description: 'the invoice; `ETag` changes with it' },
    also: { 304: 'not modified since the given If-None-Match' },
    problems: { ...unauthenticated, ...unknownInvoice },
  },
  getProof: {
    method: 'get',
    path: '/v1/invoices/{id}/documents/bundle',
    summary: 'Get the signed proof bundle of a ready invoice',
    description:
      'A ZIP file with all documents, the frozen invoice, a manifest (hashes, rule report, versions, events) and a ' +
      'signature over it by a key of `/.well-known/jwks.json`. The same invoice gives the same bytes. ' +
      '`invoicepress verify` checks it, offline and years later.',
    scope: 'documents:read',
    files: ['application/zip'],
    answer: { status: 200, schema: z.unknown(), description: 'the bundle' },
    problems: {
      ...unauthenticated,
      ...unknownInvoice,
      409: 'not ready (see Retry-After), failed or canceled',
      413: 'its documents are too large for a bundle; fetch them one by one',
      503: 'storage is unavailable, or too many bundles are being made; see Retry-After',
    },
  },
  getDocument: {
    method: 'get',
    path: '/v1/invoices/{id}/documents/{format}',
    summary: 'Get a fresh pre-signed URL of a document',
    description: 'Redirects to the URL, or answers with it as JSON when asked by `Accept: application/json`.',
    scope: 'documents:read',
    answer: { status: 200, schema: DocumentLink, description: 'the URL and what it leads to' },
    also: { 302: 'redirects to the document' },
    problems: {
      ...unauthenticated,
      404: 'no such invoice, or it has no document in this format; formats are named on submission',
      409: 'not ready (see Retry-After), failed or canceled',
      503: 'storage is unavailable',
    },
  },
  cancelInvoice: {
    method: 'post',
    path: '/v1/invoices/{id}/cancel',
    summary: 'Cancel an invoice that is still queued',
    scope: 'invoices:write',
    idempotent: true,
    answer: { status: 200, schema: Invoice, description: 'canceled; its number stays taken' },
    problems: { ...unauthenticated, ...malformedKey, ...unknownInvoice, 409: `rendering has started, or ${twin}` },
  },
  retryInvoice: {
    method: 'post',
    path: '/v1/invoices/{id}/retry',
    summary: 'Try a failed invoice again',
    scope: 'invoices:write',
    idempotent: true,
    answer: { status: 202, schema: Invoice, description: 'queued again' },
    problems: { ...unauthenticated, ...malformedKey, ...unknownInvoice, 409: `it has not failed, or ${twin}` },
  },
} as const satisfies Record<string, Operation>;
