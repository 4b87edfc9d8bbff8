import { retryInvoice as retry, withTenant } from '@invoicepress/database';
import type { RequestHandler } from 'express';
import { dispatch } from '../accept.ts';
import { callerOf } from '../auth/authenticate.ts';
import type { Context } from '../context.ts';
import { toInvoice } from '../to-invoice.ts';
import { invoiceIdOf, invoiceNotFound } from './parameters.ts';

/** `POST /v1/invoices/{id}/retry`: a failed invoice is queued again, under a new generation. */
export const retryInvoice =
  (context: Context): RequestHandler =>
  async (req, res) => {
    const id = invoiceIdOf(req.params);
    const invoice = await withTenant(context.database, callerOf(req).tenantId, (tx) => retry(tx, id));
    if (!invoice) throw invoiceNotFound();
    await dispatch(context, [invoice]);
    res.status(202).json(toInvoice(invoice));
  };
