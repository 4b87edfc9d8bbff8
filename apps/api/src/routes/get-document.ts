import type { DocumentLink } from '@invoicepress/client';
import { findInvoice, withTenant, type InvoiceRecord } from '@invoicepress/database';
import { formatInfo, type Format } from '@invoicepress/invoice';
import type { RequestHandler } from 'express';
import { callerOf } from '../auth/authenticate.ts';
import type { Context } from '../context.ts';
import { RequestProblem } from '../problems.ts';
import { invoiceIdOf, invoiceNotFound } from './parameters.ts';

/** Seconds that a link is good for: long enough to follow a redirect, too short to pass around. */
const LINK_SECONDS = 300;

/** `GET /v1/invoices/{id}/documents/{format}`: a fresh pre-signed URL, as a redirect or as JSON. */
export const getDocument =
  ({ database, storage, clock }: Pick<Context, 'database' | 'storage' | 'clock'>): RequestHandler =>
  async (req, res) => {
    const id = invoiceIdOf(req.params);
    const invoice = await withTenant(database, callerOf(req).tenantId, (tx) => findInvoice(tx, id));
    if (!invoice) throw invoiceNotFound();
    const document = invoice.documents.find(({ format }) => format === req.params.format);
    if (!document)
      throw invoice.status === 'ready' ? noFormat(invoice, String(req.params.format)) : noDocuments(invoice);

    const fileName = `${invoice.number.replaceAll(/[^\p{L}\p{N}._-]+/gu, '-')}.${formatInfo[document.format as Format].extension}`;
    const url = await storage.signedUrl({
      key: document.storageKey,
      fileName,
      mediaType: document.mediaType,
      disposition: 'inline',
      expiresInSeconds: LINK_SECONDS,
    });
    res.set('cache-control', 'no-store').vary('accept');
    if (req.accepts(['*/*', 'application/json']) === 'application/json') {
      const link: DocumentLink = {
        url,
        expiresAt: new Date(clock().getTime() + LINK_SECONDS * 1_000).toISOString(),
        fileName,
        mediaType: document.mediaType,
        sizeBytes: document.sizeBytes,
        sha256: document.sha256,
      };
      res.json(link);
    } else {
      res.redirect(302, url);
    }
  };

const noFormat = ({ documents }: InvoiceRecord, format: string): RequestProblem =>
  new RequestProblem(
    'not-found',
    `the invoice has no document in the format "${format.slice(0, 20)}", but in ` +
      `${documents.map((document) => document.format).join(', ')}; name others on submission, in "formats"`,
  );

/** Why there are none, and whether it is worth asking again. */
export const noDocuments = ({ status, failureReason, failureRemedy }: InvoiceRecord): RequestProblem => {
  switch (status) {
    case 'queued':
    case 'rendering':
      return new RequestProblem('wrong-status', `the invoice is ${status}; its documents will be here in a moment`, {
        headers: { 'retry-after': '1' },
      });
    case 'failed':
      return new RequestProblem(
        'wrong-status',
        `the invoice failed: ${failureReason ?? ''} ${failureRemedy ?? ''}`.trim(),
      );
    case 'canceled':
      return new RequestProblem('wrong-status', 'the invoice was canceled before it was rendered; it has no documents');
    case 'ready':
      return new RequestProblem('not-found', 'the data that the documents were made of are no longer kept');
  }
};
