import { inOneStatement, submissionDefaults, type InvoiceRecord } from '@invoicepress/database';
import type { RequestHandler } from 'express';
import { accept, dispatch, refusalProblem } from '../accept.ts';
import { actOf } from '../audited.ts';
import { callerOf } from '../auth/authenticate.ts';
import type { Context } from '../context.ts';
import { answerOnce, sendAnswer } from '../idempotent.ts';
import { quotaQuestion, quotasOf, tellQuota } from '../quotas.ts';
import { namedIn, parseInvoice } from '../parse-invoice.ts';
import { toInvoice } from '../to-invoice.ts';

/** `POST /v1/invoices`: parse, store, enqueue, answer 202. */
export const submitInvoice =
  (context: Context): RequestHandler =>
  async (req, res) => {
    const caller = callerOf(req);
    const now = context.clock();
    const { quota, ...defaults } = await submissionDefaults(inOneStatement(context.database, caller.tenantId), {
      ...namedIn([req.body]),
      quota: quotaQuestion(context.config, now),
    });
    const quotas = quotasOf(context.config, quota);
    const draft = parseInvoice(req.body, defaults);
    const accepted: InvoiceRecord[] = [];

    const answer = await answerOnce(context, req, async (tx) => {
      const [outcome] = await accept(tx, [draft], caller, quotas, now, actOf(req));
      if (!outcome || 'refused' in outcome) throw outcome ? refusalProblem(outcome, now) : new Error('no outcome');
      accepted.push(outcome.accepted);
      return { status: 202, body: JSON.stringify(toInvoice(outcome.accepted)), audit: 'written' };
    }).finally(() => tellQuota(res, quotas, accepted.length, now));

    await dispatch(context, accepted); // after the commit; the sweeper covers a lost enqueue
    for (const invoice of accepted)
      context.telemetry.invoiceAccepted({
        tenantId: caller.tenantId,
        clientId: caller.clientId,
        invoiceId: invoice.id,
      });
    const { id } = JSON.parse(answer.body) as { id: string };
    sendAnswer(res.location(`/v1/invoices/${id}`), answer);
  };
