import { cancelInvoice as cancel, withTenant } from '@invoicepress/database';
import type { RequestHandler } from 'express';
import { callerOf } from '../auth/authenticate.ts';
import type { Context } from '../context.ts';
import { toInvoice } from '../to-invoice.ts';
import { invoiceIdOf, invoiceNotFound } from './parameters.ts';

/** `POST /v1/invoices/{id}/cancel`: only while it is queued. */
export const cancelInvoice =
  ({ database, telemetry }: Pick<Context, 'database' | 'telemetry'>): RequestHandler =>
  async (req, res) => {
    const id = invoiceIdOf(req.params);
    const { tenantId, clientId } = callerOf(req);
    const invoice = await withTenant(database, tenantId, (tx) => cancel(tx, id));
    if (!invoice) throw invoiceNotFound();
    telemetry.invoiceCanceled({ tenantId, clientId, invoiceId: id });
    res.json(toInvoice(invoice));
  };
