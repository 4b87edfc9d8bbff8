import { findInvoice, retryInvoice as retry, type InvoiceRecord } from '@invoicepress/database';
import type { RequestHandler } from 'express';
import { dispatch } from '../accept.ts';
import type { Context } from '../context.ts';
import { answerOnce, sendAnswer } from '../idempotent.ts';
import { toInvoice } from '../to-invoice.ts';
import { invoiceIdOf, invoiceNotFound } from './parameters.ts';

/** `POST /v1/invoices/{id}/retry`: a failed invoice is queued again, under a new generation. */
export const retryInvoice =
  (context: Context): RequestHandler =>
  async (req, res) => {
    const id = invoiceIdOf(req.params);
    const queued: InvoiceRecord[] = [];
    const answer = await answerOnce(context, req, async (tx) => {
      const before = await findInvoice(tx, id);
      const invoice = await retry(tx, id);
      if (!invoice || !before) throw invoiceNotFound();
      queued.push(invoice);
      const after = toInvoice(invoice);
      const audit = { touched: [id], before: toInvoice(before), after };
      return { status: 202, body: JSON.stringify(after), audit };
    });
    await dispatch(context, queued);
    sendAnswer(res, answer);
  };
