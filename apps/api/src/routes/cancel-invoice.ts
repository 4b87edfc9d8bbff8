import { cancelInvoice as cancel, findInvoice } from '@invoicepress/database';
import type { RequestHandler } from 'express';
import { callerOf } from '../auth/authenticate.ts';
import type { Context } from '../context.ts';
import { answerOnce, sendAnswer } from '../idempotent.ts';
import { toInvoice } from '../to-invoice.ts';
import { invoiceIdOf, invoiceNotFound } from './parameters.ts';

/** `POST /v1/invoices/{id}/cancel`: only while it is queued. */
export const cancelInvoice =
  (context: Pick<Context, 'database' | 'telemetry'>): RequestHandler =>
  async (req, res) => {
    const id = invoiceIdOf(req.params);
    const { tenantId, clientId } = callerOf(req);
    let canceled = false;
    const answer = await answerOnce(context, req, async (tx) => {
      const before = await findInvoice(tx, id);
      const invoice = await cancel(tx, id);
      if (!invoice || !before) throw invoiceNotFound();
      canceled = true;
      const after = toInvoice(invoice);
      const audit = { touched: [id], before: toInvoice(before), after };
      return { status: 200, body: JSON.stringify(after), audit };
    });
    if (canceled) context.telemetry.invoiceCanceled({ tenantId, clientId, invoiceId: id });
    sendAnswer(res, answer);
  };
