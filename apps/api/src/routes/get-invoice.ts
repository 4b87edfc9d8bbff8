import { findInvoice, withTenant } from '@invoicepress/database';
import type { RequestHandler } from 'express';
import { callerOf } from '../auth/authenticate.ts';
import type { Context } from '../context.ts';
import { etagOf, toInvoice } from '../to-invoice.ts';
import { invoiceIdOf, invoiceNotFound } from './parameters.ts';

/** `GET /v1/invoices/{id}`: 304 when it has not changed since If-None-Match. */
export const getInvoice =
  ({ database }: Pick<Context, 'database'>): RequestHandler =>
  async (req, res) => {
    const id = invoiceIdOf(req.params);
    const invoice = await withTenant(database, callerOf(req).tenantId, (tx) => findInvoice(tx, id));
    if (!invoice) throw invoiceNotFound();
    res.set('etag', etagOf(invoice)).json(toInvoice(invoice)); // Express answers 304 by the ETag
  };
