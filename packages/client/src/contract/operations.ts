import type { z } from 'zod';
import { BatchOutcome } from './batch.ts';
import { DocumentLink, Invoice, InvoicePage, ListInvoices } from './invoice.ts';
import { NumberSeries, NumberSeriesList } from './number-series.ts';
import { SubmitBatch, SubmitInvoice } from './submit-invoice.ts';
import { TokenRequest, TokenResponse, type Scope } from './token.ts';

/** One operation of the API, as the server routes it, the document describes it and the client calls it. */
export interface Operation {
  method: 'get' | 'post';
  /** With `{parameters}`. */
  path: string;
  summary: string;
  description?: string;
  /** What the token must allow; absent where no token is needed. */
  scope?: Scope;
  idempotent?: true;
  query?: z.ZodObject;
  body?: z.ZodType;
  form?: z.ZodType;
  answer: { status: number; schema: z.ZodType; description: string };
  /** Further answers that are no error. */
  also?: Record<number, string>;
  /** The problems that its caller should expect, by status. */
  problems: Record<number, string>;
}

const unauthenticated = {
  401: 'no valid token',
  403: 'the token lacks the scope',
  429: 'too many requests; see Retry-After',
};
const unknownInvoice = { 404: 'no such invoice' };

export const operations = {
  issueToken: {
    method: 'post',
    path: '/oauth2/token',
    summary: 'Exchange client credentials for a short-lived token',
    form: TokenRequest,
    answer: { status: 200, schema: TokenResponse, description: 'a bearer token' },
    problems: {
      400: 'not a client-credentials request',
      401: 'unknown client or wrong secret',
      429: 'too many attempts',
    },
  },
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
      400: 'not JSON',
      409: 'number, externalId or Idempotency-Key is taken',
      413: 'too large',
      422: 'invalid; `errors` says where',
    },
  },
  submitBatch: {
    method: 'post',
    path: '/v1/invoices/batch',
    summary: 'Submit up to 1,000 invoices at once',
    description: 'Each invoice is accepted or refused by itself; the outcomes come in the order of submission.',
    scope: 'invoices:write',
    idempotent: true,
    body: SubmitBatch,
    answer: { status: 202, schema: BatchOutcome, description: 'one outcome per invoice' },
    problems: {
      ...unauthenticated,
      400: 'not JSON',
      409: 'Idempotency-Key is taken',
      413: 'too large',
      422: 'not a batch',
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
      ...unknownInvoice,
      409: 'not ready (see Retry-After), failed or canceled',
      503: 'storage is unavailable',
    },
  },
  cancelInvoice: {
    method: 'post',
    path: '/v1/invoices/{id}/cancel',
    summary: 'Cancel an invoice that is still queued',
    scope: 'invoices:write',
    answer: { status: 200, schema: Invoice, description: 'canceled; its number stays taken' },
    problems: { ...unauthenticated, ...unknownInvoice, 409: 'rendering has started' },
  },
  retryInvoice: {
    method: 'post',
    path: '/v1/invoices/{id}/retry',
    summary: 'Try a failed invoice again',
    scope: 'invoices:write',
    answer: { status: 202, schema: Invoice, description: 'queued again' },
    problems: { ...unauthenticated, ...unknownInvoice, 409: 'it has not failed' },
  },
  createNumberSeries: {
    method: 'post',
    path: '/v1/number-series',
    summary: 'Define a gapless number series',
    scope: 'invoices:write',
    body: NumberSeries,
    answer: { status: 201, schema: NumberSeries, description: 'defined' },
    problems: { ...unauthenticated, 409: 'the name is taken', 422: 'invalid' },
  },
  listNumberSeries: {
    method: 'get',
    path: '/v1/number-series',
    summary: 'List number series',
    scope: 'invoices:read',
    answer: { status: 200, schema: NumberSeriesList, description: 'all of them, by name' },
    problems: unauthenticated,
  },
} as const satisfies Record<string, Operation>;

export type OperationName = keyof typeof operations;
