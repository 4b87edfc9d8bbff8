import { CreateExport, Export, ExportPage, GetArchive, ListExports } from '../export.ts';
import { DocumentLink } from '../invoice.ts';
import { malformedKey, twin, unauthenticated, type Operation } from './operation.ts';

const unknownExport = { 404: 'no such export' };

export const exportOperations = {
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
} as const satisfies Record<string, Operation>;
