import { z } from 'zod';
import { BatchOutcome } from './batch.ts';
import { InvoiceCheck } from './check-invoice.ts';
import { CreateCreditNote, CreditNotes } from './credit-note.ts';
import { EventPage, ListEvents } from './event.ts';
import { CreateExport, Export, ExportPage, GetArchive, ListExports } from './export.ts';
import { DocumentLink, Invoice, InvoicePage, ListInvoices } from './invoice.ts';
import { NumberSeries, NumberSeriesList } from './number-series.ts';
import {
  CreateSellerProfile,
  Logo,
  LogoList,
  SellerProfile,
  SellerProfileList,
  UpdateSellerProfile,
  UploadLogo,
} from './seller-profile.ts';
import { SubmitBatch, SubmitInvoice } from './submit-invoice.ts';
import {
  ActivateTemplate,
  CreateTemplate,
  CreateTemplateVersion,
  PreviewTemplate,
  Template,
  TemplateList,
  TemplatePreview,
} from './template.ts';
import { TokenRequest, TokenResponse, type Scope } from './token.ts';
import {
  CreateWebhookEndpoint,
  ListWebhookDeliveries,
  RotateWebhookSecret,
  UpdateWebhookEndpoint,
  WebhookDelivery,
  WebhookDeliveryPage,
  WebhookDeliveryWithLog,
  WebhookEndpoint,
  WebhookEndpointList,
  WebhookEndpointWithSecret,
} from './webhook.ts';

/** One operation of the API, as the server routes it, the document describes it and the client calls it. */
export interface Operation {
  method: 'get' | 'post' | 'patch' | 'delete';
  /** With `{parameters}`. */
  path: string;
  summary: string;
  description?: string;
  /** What the token must allow; absent where no token is needed. */
  scope?: Scope;
  /** Honours an Idempotency-Key, as every POST does that changes something. */
  idempotent?: true;
  query?: z.ZodObject;
  body?: z.ZodType;
  /** The body may be left out; then it is `{}`. */
  optionalBody?: true;
  form?: z.ZodType;
  answer: { status: number; schema: z.ZodType; description: string };
  /** The media types of an answer that is a file; its schema is then of what comes while the file is made. */
  files?: readonly string[];
  /** What comes instead where a client accepts text/event-stream. */
  stream?: string;
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
const unknownExport = { 404: 'no such export' };
const unknownEndpoint = { 404: 'no such endpoint' };
const unknownDelivery = { 404: 'no such endpoint or delivery' };
const unknownProfile = { 404: 'no such seller profile' };
const unknownTemplate = { 404: 'no such template' };
const malformedKey = { 400: 'the Idempotency-Key is malformed' };
const twin = 'the first request with this Idempotency-Key is still being answered; see Retry-After';

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
      400: 'not JSON, or the Idempotency-Key is malformed',
      409: twin,
      413: 'too large',
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
  createExport: {
    method: 'post',
    path: '/v1/exports',
    summary: 'Pack the documents of many invoices into ZIP archives',
    description:
      'Takes all invoices that match and are ready by now. Each archive is complete in itself, with an `index.csv` of ' +
      'its documents; an export of more than some megabytes has several. They are kept for seven days.',
    scope: 'documents:read',
    idempotent: true,
    body: CreateExport,
    answer: { status: 202, schema: Export, description: 'queued; `Location` says where to ask for it' },
    problems: {
      ...unauthenticated,
      400: 'not JSON, or the Idempotency-Key is malformed',
      409: `there are as many unfinished exports as there may be, or ${twin}`,
      422: 'invalid, or too many documents match; or the Idempotency-Key came with another body before',
    },
  },
  listExports: {
    method: 'get',
    path: '/v1/exports',
    summary: 'List exports, newest first',
    scope: 'documents:read',
    query: ListExports,
    answer: { status: 200, schema: ExportPage, description: 'a page, and the cursor of the next one' },
    problems: { ...unauthenticated, 400: 'the cursor or the limit is invalid' },
  },
  getExport: {
    method: 'get',
    path: '/v1/exports/{id}',
    summary: 'Read an export: how far it is, and its archives',
    scope: 'documents:read',
    answer: { status: 200, schema: Export, description: 'the export' },
    problems: { ...unauthenticated, ...unknownExport },
  },
  cancelExport: {
    method: 'post',
    path: '/v1/exports/{id}/cancel',
    summary: 'Cancel an export that is not finished',
    scope: 'documents:read',
    idempotent: true,
    answer: { status: 200, schema: Export, description: 'canceled; what was packed is deleted' },
    problems: { ...unauthenticated, ...malformedKey, ...unknownExport, 409: `it is finished, or ${twin}` },
  },
  getArchive: {
    method: 'get',
    path: '/v1/exports/{id}/archive',
    summary: 'Get a fresh pre-signed URL of an archive',
    description: 'Redirects to the URL, or answers with it as JSON when asked by `Accept: application/json`.',
    scope: 'documents:read',
    query: GetArchive,
    answer: { status: 200, schema: DocumentLink, description: 'the URL and what it leads to' },
    also: { 302: 'redirects to the archive' },
    problems: {
      ...unauthenticated,
      400: 'the part is no number',
      404: 'no such export, or it has no such part',
      409: 'not ready (see Retry-After), failed, canceled or expired',
    },
  },
  listEvents: {
    method: 'get',
    path: '/v1/events',
    summary: 'Follow what happens to your invoices',
    description:
      'One event for every transition, in one order, without gaps. Begin without `after`, handle the events, and ask ' +
      'again with `after` = `next`. With `Accept: text/event-stream` the same events come as they happen.',
    scope: 'invoices:read',
    query: ListEvents,
    answer: { status: 200, schema: EventPage, description: 'the events after that position' },
    stream:
      'Server-sent events: `id` is the position, `event` the type, `data` the InvoiceEvent as JSON. A comment every ' +
      '15 s keeps the connection. It ends when the token expires; reconnect with `Last-Event-ID`.',
    problems: {
      ...unauthenticated,
      400: 'a parameter is invalid, or `after` is beyond the end',
      429: 'too many requests or streams; see Retry-After',
      503: 'no more streams here at the moment; see Retry-After',
    },
  },
  createNumberSeries: {
    method: 'post',
    path: '/v1/number-series',
    summary: 'Define a gapless number series',
    scope: 'invoices:write',
    idempotent: true,
    body: NumberSeries,
    answer: { status: 201, schema: NumberSeries, description: 'defined' },
    problems: {
      ...unauthenticated,
      400: 'not JSON, or the Idempotency-Key is malformed',
      409: `the name is taken, or ${twin}`,
      422: 'invalid, or the Idempotency-Key came with another body before',
    },
  },
  listNumberSeries: {
    method: 'get',
    path: '/v1/number-series',
    summary: 'List number series',
    scope: 'invoices:read',
    answer: { status: 200, schema: NumberSeriesList, description: 'all of them, by name' },
    problems: unauthenticated,
  },
  createSellerProfile: {
    method: 'post',
    path: '/v1/seller-profiles',
    summary: 'Define who sells, where to pay, and how documents look',
    description:
      'An invoice names the profile as `sellerProfile` in place of its `seller`. What the profile says is frozen when ' +
      'the invoice is accepted.',
    scope: 'profiles:manage',
    idempotent: true,
    body: CreateSellerProfile,
    answer: { status: 201, schema: SellerProfile, description: 'created' },
    problems: {
      ...unauthenticated,
      400: 'not JSON, or the Idempotency-Key is malformed',
      409: `the name is taken, there are as many profiles as there may be, or ${twin}`,
      413: 'too large',
      422: 'invalid, or the Idempotency-Key came with another body before',
    },
  },
  listSellerProfiles: {
    method: 'get',
    path: '/v1/seller-profiles',
    summary: 'List seller profiles',
    scope: 'profiles:manage',
    answer: { status: 200, schema: SellerProfileList, description: 'all of them, by name' },
    problems: unauthenticated,
  },
  getSellerProfile: {
    method: 'get',
    path: '/v1/seller-profiles/{id}',
    summary: 'Read a seller profile',
    scope: 'profiles:manage',
    answer: { status: 200, schema: SellerProfile, description: 'the profile' },
    problems: { ...unauthenticated, ...unknownProfile },
  },
  updateSellerProfile: {
    method: 'patch',
    path: '/v1/seller-profiles/{id}',
    summary: 'Change a seller profile, for invoices to come',
    scope: 'profiles:manage',
    body: UpdateSellerProfile,
    answer: { status: 200, schema: SellerProfile, description: 'the profile as it is now' },
    problems: {
      ...unauthenticated,
      ...unknownProfile,
      400: 'not JSON',
      409: 'the name is taken',
      413: 'too large',
      422: 'invalid',
    },
  },
  deleteSellerProfile: {
    method: 'delete',
    path: '/v1/seller-profiles/{id}',
    summary: 'Delete a seller profile',
    description: 'Invoices that were accepted with it stay as they are.',
    scope: 'profiles:manage',
    answer: { status: 200, schema: SellerProfile, description: 'deleted; the profile as it was' },
    problems: { ...unauthenticated, ...unknownProfile },
  },
  uploadLogo: {
    method: 'post',
    path: '/v1/logos',
    summary: 'Upload a logo for seller profiles',
    description: 'It is known by the SHA-256 of its bytes; the same file again is the same logo.',
    scope: 'profiles:manage',
    idempotent: true,
    body: UploadLogo,
    answer: { status: 201, schema: Logo, description: 'what the file was found to be' },
    problems: {
      ...unauthenticated,
      400: 'not JSON, or the Idempotency-Key is malformed',
      409: `there are as many logos as there may be, or ${twin}`,
      413: 'too large',
      422: 'no image that can be printed, or the Idempotency-Key came with another body before',
      503: 'too many logos are being read at the moment; see Retry-After',
    },
  },
  listLogos: {
    method: 'get',
    path: '/v1/logos',
    summary: 'List logos',
    scope: 'profiles:manage',
    answer: { status: 200, schema: LogoList, description: 'all of them, oldest first' },
    problems: unauthenticated,
  },
  deleteLogo: {
    method: 'delete',
    path: '/v1/logos/{sha256}',
    summary: 'Delete a logo that nothing refers to',
    scope: 'profiles:manage',
    answer: { status: 200, schema: Logo, description: 'deleted; the logo as it was' },
    problems: { ...unauthenticated, 404: 'no such logo', 409: 'a profile or an accepted invoice has it' },
  },
  createWebhookEndpoint: {
    method: 'post',
    path: '/v1/webhook-endpoints',
    summary: 'Hear of events at a URL of yours',
    description:
      'From now on events of these types are posted there, signed as Standard Webhooks says. The answer has the ' +
      'secret to verify them with: keep it, for it is not shown again.',
    scope: 'webhooks:manage',
    idempotent: true,
    body: CreateWebhookEndpoint,
    answer: { status: 201, schema: WebhookEndpointWithSecret, description: 'created, with its secret' },
    problems: {
      ...unauthenticated,
      400: 'not JSON, or the Idempotency-Key is malformed',
      409: `there are as many endpoints as there may be, or ${twin}`,
      422: 'invalid, or the Idempotency-Key came with another body before',
    },
  },
  listWebhookEndpoints: {
    method: 'get',
    path: '/v1/webhook-endpoints',
    summary: 'List webhook endpoints',
    scope: 'webhooks:manage',
    answer: { status: 200, schema: WebhookEndpointList, description: 'all of them, oldest first' },
    problems: unauthenticated,
  },
  getWebhookEndpoint: {
    method: 'get',
    path: '/v1/webhook-endpoints/{id}',
    summary: 'Read a webhook endpoint',
    scope: 'webhooks:manage',
    answer: { status: 200, schema: WebhookEndpoint, description: 'the endpoint, without its secret' },
    problems: { ...unauthenticated, ...unknownEndpoint },
  },
  updateWebhookEndpoint: {
    method: 'patch',
    path: '/v1/webhook-endpoints/{id}',
    summary: 'Change, disable or enable a webhook endpoint',
    scope: 'webhooks:manage',
    body: UpdateWebhookEndpoint,
    answer: { status: 200, schema: WebhookEndpoint, description: 'the endpoint as it is now' },
    problems: { ...unauthenticated, ...unknownEndpoint, 400: 'not JSON', 422: 'invalid' },
  },
  deleteWebhookEndpoint: {
    method: 'delete',
    path: '/v1/webhook-endpoints/{id}',
    summary: 'Delete a webhook endpoint and its deliveries',
    scope: 'webhooks:manage',
    answer: { status: 200, schema: WebhookEndpoint, description: 'deleted; the endpoint as it was' },
    problems: { ...unauthenticated, ...unknownEndpoint },
  },
  rotateWebhookSecret: {
    method: 'post',
    path: '/v1/webhook-endpoints/{id}/rotate-secret',
    summary: 'Give a webhook endpoint a new secret',
    description: 'Until the time of the secret before is over, webhooks are signed with both.',
    scope: 'webhooks:manage',
    idempotent: true,
    body: RotateWebhookSecret,
    answer: { status: 200, schema: WebhookEndpointWithSecret, description: 'the endpoint with its new secret' },
    problems: {
      ...unauthenticated,
      ...unknownEndpoint,
      400: 'not JSON, or the Idempotency-Key is malformed',
      409: twin,
      422: 'invalid, or the Idempotency-Key came with another body before',
    },
  },
  listWebhookDeliveries: {
    method: 'get',
    path: '/v1/webhook-endpoints/{id}/deliveries',
    summary: 'List what was sent to a webhook endpoint, newest first',
    scope: 'webhooks:manage',
    query: ListWebhookDeliveries,
    answer: { status: 200, schema: WebhookDeliveryPage, description: 'a page, and the cursor of the next one' },
    problems: { ...unauthenticated, ...unknownEndpoint, 400: 'a filter or the cursor is invalid' },
  },
  getWebhookDelivery: {
    method: 'get',
    path: '/v1/webhook-endpoints/{id}/deliveries/{deliveryId}',
    summary: 'Read a delivery with every attempt at it',
    scope: 'webhooks:manage',
    answer: { status: 200, schema: WebhookDeliveryWithLog, description: 'the delivery and its log' },
    problems: { ...unauthenticated, ...unknownDelivery },
  },
  resendWebhookDelivery: {
    method: 'post',
    path: '/v1/webhook-endpoints/{id}/deliveries/{deliveryId}/resend',
    summary: 'Send a delivery again, now',
    description:
      'Whatever became of it, it is sent under the same `webhook-id`, with all its attempts before it again.',
    scope: 'webhooks:manage',
    idempotent: true,
    answer: { status: 202, schema: WebhookDelivery, description: 'it is on its way' },
    problems: { ...unauthenticated, ...malformedKey, ...unknownDelivery, 409: `its endpoint is disabled, or ${twin}` },
  },
  createTemplate: {
    method: 'post',
    path: '/v1/templates',
    summary: 'Upload a template',
    description:
      'Its first version is `checking` until samples were rendered with it, then `valid` or `invalid` with diagnostics. ' +
      'Activate it to use it.',
    scope: 'templates:manage',
    idempotent: true,
    body: CreateTemplate,
    answer: { status: 201, schema: Template, description: 'stored; `Location` says where to ask for its check' },
    problems: {
      ...unauthenticated,
      400: 'not JSON, or the Idempotency-Key is malformed',
      409: `the name is taken, there are as many templates as there may be, or ${twin}`,
      413: 'too large',
      422: 'invalid, or the bundle cannot be used; or the Idempotency-Key came with another body before',
    },
  },
  listTemplates: {
    method: 'get',
    path: '/v1/templates',
    summary: 'List templates',
    scope: 'templates:manage',
    answer: { status: 200, schema: TemplateList, description: 'all of them, by name, without their versions' },
    problems: unauthenticated,
  },
  getTemplate: {
    method: 'get',
    path: '/v1/templates/{id}',
    summary: 'Read a template: its versions, and what their checks found',
    scope: 'templates:manage',
    answer: { status: 200, schema: Template, description: 'the template with its newest versions' },
    problems: { ...unauthenticated, ...unknownTemplate },
  },
  createTemplateVersion: {
    method: 'post',
    path: '/v1/templates/{id}/versions',
    summary: 'Upload another version of a template',
    description:
      'Files that were uploaded before stay the version that they are; if that is `invalid`, it is checked again. What ' +
      'is in use changes only by `activate`.',
    scope: 'templates:manage',
    idempotent: true,
    body: CreateTemplateVersion,
    answer: { status: 201, schema: Template, description: 'stored; the template with its versions' },
    problems: {
      ...unauthenticated,
      ...unknownTemplate,
      400: 'not JSON, or the Idempotency-Key is malformed',
      409: `it is archived, it has as many versions as it may have, or ${twin}`,
      413: 'too large',
      422: 'the bundle cannot be used, or the Idempotency-Key came with another body before',
    },
  },
  activateTemplate: {
    method: 'post',
    path: '/v1/templates/{id}/activate',
    summary: 'Use a version of a template from now on',
    description:
      'Submissions that name the template get this version, and so do those that name none, unless `default` is false. ' +
      'To roll back, activate an older version. Invoices that were accepted keep theirs.',
    scope: 'templates:manage',
    idempotent: true,
    body: ActivateTemplate,
    answer: { status: 200, schema: Template, description: 'in use' },
    problems: {
      ...unauthenticated,
      404: 'no such template or version',
      400: 'not JSON, or the Idempotency-Key is malformed',
      409: `the version is not valid, the template is archived, or ${twin}`,
      422: 'invalid, or the Idempotency-Key came with another body before',
    },
  },
  deactivateTemplate: {
    method: 'post',
    path: '/v1/templates/{id}/deactivate',
    summary: 'Take a template out of use',
    description: 'Submissions that name no template get the built-in one again. Accepted invoices keep theirs.',
    scope: 'templates:manage',
    idempotent: true,
    answer: { status: 200, schema: Template, description: 'out of use' },
    problems: { ...unauthenticated, ...malformedKey, ...unknownTemplate, 409: twin },
  },
  archiveTemplate: {
    method: 'post',
    path: '/v1/templates/{id}/archive',
    summary: 'Take a template out of use for good',
    description: 'Its name stays taken and its versions stay, for invoices are pinned to them.',
    scope: 'templates:manage',
    idempotent: true,
    answer: { status: 200, schema: Template, description: 'archived' },
    problems: { ...unauthenticated, ...malformedKey, ...unknownTemplate, 409: twin },
  },
  previewTemplate: {
    method: 'post',
    path: '/v1/templates/{id}/preview',
    summary: 'See a page, or the PDF, that a template makes of a sample or of an invoice of yours',
    description:
      'Any version will do, checked or not. The answer waits for some seconds; after that it is 202 with the place to ask ' +
      'again. Nothing is numbered and no invoice is stored; the preview is forgotten after an hour.',
    scope: 'templates:manage',
    body: PreviewTemplate,
    answer: { status: 200, schema: TemplatePreview, description: 'the picture or the PDF' },
    files: ['image/png', 'application/pdf'],
    also: { 202: 'not made yet; `Location` says where it will be' },
    problems: {
      ...unauthenticated,
      404: 'no such template or version',
      400: 'not JSON',
      409: 'as many previews wait as may; see Retry-After',
      413: 'too large',
      422: 'the request or the invoice is invalid, or the template failed; `diagnostics` says where',
    },
  },
  getTemplatePreview: {
    method: 'get',
    path: '/v1/templates/{id}/previews/{previewId}',
    summary: 'Get a preview that took longer',
    scope: 'templates:manage',
    answer: { status: 200, schema: TemplatePreview, description: 'the picture or the PDF' },
    files: ['image/png', 'application/pdf'],
    also: { 202: 'not made yet' },
    problems: { ...unauthenticated, 404: 'no such preview, or it has expired', 422: 'the template failed' },
  },
} as const satisfies Record<string, Operation>;

export type OperationName = keyof typeof operations;
