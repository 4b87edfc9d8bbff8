import { SubmitBatch, type BatchOutcome } from '@invoicepress/client';
import { inOneStatement, submissionDefaults, type InvoiceRecord } from '@invoicepress/database';
import type { InvoiceDraft } from '@invoicepress/invoice';
import type { RequestHandler } from 'express';
import { setImmediate } from 'node:timers/promises';
import type { z } from 'zod';
import { accept, dispatch, refusalProblem } from '../accept.ts';
import { actOf } from '../audited.ts';
import { callerOf } from '../auth/authenticate.ts';
import type { Context } from '../context.ts';
import { answerOnce, sendAnswer } from '../idempotent.ts';
import { namedIn, parseInvoice, type Defaults } from '../parse-invoice.ts';
import { assertBatchSize, quotaQuestion, quotasOf, tellQuota } from '../quotas.ts';
import { RequestProblem, toProblem } from '../problems.ts';
import { toInvoice } from '../to-invoice.ts';

type Outcome = z.infer<typeof BatchOutcome>['outcomes'][number];

/** Invoices parsed before other requests get their turn. */
const PARSE_SLICE = 25;

/** `POST /v1/invoices/batch`: each invoice is accepted or refused by itself, all in one transaction. */
export const submitBatch =
  (context: Context): RequestHandler =>
  async (req, res) => {
    const caller = callerOf(req);
    const { invoices } = SubmitBatch.parse(req.body);
    const now = context.clock();
    const { quota, ...defaults } = await submissionDefaults(inOneStatement(context.database, caller.tenantId), {
      ...namedIn(invoices),
      quota: quotaQuestion(context.config, now),
    });
    const quotas = quotasOf(context.config, quota);
    const parsed = await parseAll(invoices, defaults);
    const drafts = parsed.filter((item): item is InvoiceDraft => !(item instanceof RequestProblem));
    const accepted: InvoiceRecord[] = [];

    const answer = await answerOnce(context, req, async (tx) => {
      assertBatchSize(invoices.length, quotas);
      const acceptances = (await accept(tx, drafts, caller, quotas, now, actOf(req))).values();
      const outcomes = parsed.map((item): Outcome => {
        if (item instanceof RequestProblem) return refused(item, context.config.PUBLIC_URL);
        const acceptance = acceptances.next().value;
        if (!acceptance) throw new Error('an invoice has no outcome');
        if ('refused' in acceptance) return refused(refusalProblem(acceptance, now), context.config.PUBLIC_URL);
        accepted.push(acceptance.accepted);
        return { status: 202, invoice: toInvoice(acceptance.accepted) };
      });
      const body = { accepted: accepted.length, refused: outcomes.length - accepted.length, outcomes };
      return { status: 202, body: JSON.stringify(body), audit: 'written' };
    }).finally(() => tellQuota(res, quotas, accepted.length, now));

    await dispatch(context, accepted);
    for (const invoice of accepted)
      context.telemetry.invoiceAccepted({
        tenantId: caller.tenantId,
        clientId: caller.clientId,
        invoiceId: invoice.id,
      });
    sendAnswer(res, answer);
  };

const parseAll = async (invoices: unknown[], defaults: Defaults): Promise<(InvoiceDraft | RequestProblem)[]> => {
  const parsed: (InvoiceDraft | RequestProblem)[] = [];
  for (const [index, invoice] of invoices.entries()) {
    if (index % PARSE_SLICE === PARSE_SLICE - 1) await setImmediate();
    try {
      parsed.push(parseInvoice(invoice, defaults));
    } catch (error) {
      if (!(error instanceof RequestProblem)) throw error;
      parsed.push(error);
    }
  }
  return parsed;
};

const refused = (problem: RequestProblem, publicUrl: string): Outcome => {
  const details = toProblem(problem, publicUrl);
  return { status: details.status, problem: details };
};
