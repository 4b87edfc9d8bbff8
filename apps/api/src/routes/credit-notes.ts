import { CreateCreditNote, type CreditNotes } from '@invoicepress/client';
import {
  creditNoteSeries,
  findCredited,
  findInvoice,
  inOneStatement,
  linkCreditNote,
  lockForCredit,
  MAX_CREDIT_NOTES,
  readQuota,
  withTenant,
  type CreditedInvoice,
  type InvoiceRecord,
  type TenantTransaction,
} from '@invoicepress/database';
import {
  checkDraft,
  creditableLines,
  draftCreditNote,
  isCreditable,
  partsOf,
  without,
  type CreditFault,
  type CreditNoteRequest,
  type InvoiceStatus,
  type TypeCode,
} from '@invoicepress/invoice';
import type { RequestHandler } from 'express';
import { accept, dispatch, refusalProblem } from '../accept.ts';
import { actOf } from '../audited.ts';
import { callerOf } from '../auth/authenticate.ts';
import type { Context } from '../context.ts';
import { answerOnce, sendAnswer } from '../idempotent.ts';
import { quotaQuestion, quotasOf, tellQuota } from '../quotas.ts';
import { MAX_FAULTS, RequestProblem } from '../problems.ts';
import { readCredits, toCreditable, toSummary } from '../to-credits.ts';
import { toInvoice } from '../to-invoice.ts';
import { invoiceIdOf, invoiceNotFound } from './parameters.ts';

/** `POST /v1/invoices/{id}/credit-notes`: lock the invoice, share, check, number and store; enqueue, answer 202. */
export const createCreditNote =
  (context: Context): RequestHandler =>
  async (req, res) => {
    const id = invoiceIdOf(req.params);
    const caller = callerOf(req);
    const request = CreateCreditNote.parse(req.body) as CreditNoteRequest;
    const accepted: InvoiceRecord[] = [];
    const now = context.clock();
    const quotas = quotasOf(
      context.config,
      await readQuota(inOneStatement(context.database, caller.tenantId), quotaQuestion(context.config, now)),
    );

    const answer = await answerOnce(context, req, async (tx) => {
      const invoice = creditableOf(await lockForCredit(tx, id));
      const { draft, parts } = await draftOver(tx, invoice, request);
      const [outcome] = await accept(tx, [draft], caller, quotas, now, { ...actOf(req), alsoTouched: [id] });
      if (!outcome || 'refused' in outcome) throw outcome ? refusalProblem(outcome, now) : new Error('no outcome');
      const creditNote = outcome.accepted;
      await linkCreditNote(tx, { creditNoteId: creditNote.id, invoiceId: id, parts });
      accepted.push(creditNote);
      const { shown } = await readCredits(tx, creditNote);
      return { status: 202, body: JSON.stringify({ ...toInvoice(creditNote), ...shown }), audit: 'written' };
    }).finally(() => tellQuota(res, quotas, accepted.length, now));

    await dispatch(context, accepted); // after the commit; the sweeper covers a lost enqueue
    for (const { id: invoiceId } of accepted)
      context.telemetry.invoiceAccepted({ tenantId: caller.tenantId, clientId: caller.clientId, invoiceId });
    const creditNote = JSON.parse(answer.body) as { id: string };
    sendAnswer(res.location(`/v1/invoices/${creditNote.id}`), answer);
  };

/** `GET /v1/invoices/{id}/credit-notes`: what was credited, and what is left, line by line. */
export const getCreditNotes =
  ({ database }: Pick<Context, 'database'>): RequestHandler =>
  async (req, res) => {
    const id = invoiceIdOf(req.params);
    const answer = await withTenant(database, callerOf(req).tenantId, async (tx): Promise<CreditNotes> => {
      const invoice = await findInvoice(tx, id);
      if (!invoice) throw invoiceNotFound();
      if (invoice.status !== 'ready' || !isCreditable(invoice.typeCode as TypeCode)) return { creditNotes: [] };
      const credited = await findCredited(tx, id);
      if (!credited) throw invoiceNotFound();
      const { issued, creditNotes } = credited;
      const lines = creditableLines(issued, without(partsOf(issued), credited.credited));
      return {
        creditNotes: creditNotes.map(toSummary),
        creditable: { ...toCreditable(invoice, creditNotes), lines },
      };
    });
    res.json(answer);
  };

/** @throws {RequestProblem} it is none that can be credited */
const creditableOf = (invoice: CreditedInvoice | null): CreditedInvoice => {
  if (!invoice) throw invoiceNotFound();
  if (!isCreditable(invoice.typeCode)) {
    const detail = `this is a credit note (${invoice.typeCode}); if it was a mistake, submit an invoice over the same`;
    throw new RequestProblem('not-creditable', detail);
  }
  const remedy = remedies[invoice.status];
  if (remedy) throw new RequestProblem('wrong-status', `a ${invoice.status} invoice cannot be credited. ${remedy}`);
  if (invoice.creditNotes.length >= MAX_CREDIT_NOTES) {
    const detail = `there are ${invoice.creditNotes.length} credit notes over this invoice, canceled ones included; submit another as an invoice of typeCode 381`;
    throw new RequestProblem('too-many-credit-notes', detail);
  }
  return invoice;
};

const remedies: Partial<Record<InvoiceStatus, string>> = {
  queued: 'Cancel it, or wait until it is ready.',
  rendering: 'Wait until it is ready.',
  failed: 'It has no documents, so there is nothing to credit; retry it, or leave it as it is.',
  canceled: 'It was canceled before it was issued, so there is nothing to credit.',
};

/** The checked draft of the credit note. @throws {RequestProblem} it asks for too much, or would break a rule */
const draftOver = async (
  tx: TenantTransaction,
  { issued, template, credited }: CreditedInvoice,
  request: CreditNoteRequest,
) => {
  const outcome = draftCreditNote(issued, credited, { ...(await numberingOf(tx, request)), ...request });
  if ('faults' in outcome) throw faultsProblem(outcome.faults);
  const found = checkDraft(outcome.draft);
  if (found.length > 0) {
    const detail = 'the credit note would break a rule; the pointers in "errors" are into it, not into your request';
    throw new RequestProblem('invalid-invoice', detail, { errors: found.slice(0, MAX_FAULTS) });
  }
  return { ...outcome, draft: { ...outcome.draft, template } }; // it looks like what it credits
};

const numberingOf = async (
  tx: TenantTransaction,
  { number, series }: CreditNoteRequest,
): Promise<Pick<CreditNoteRequest, 'series'>> => {
  if (number !== undefined || series !== undefined) return {};
  const usual = await creditNoteSeries(tx);
  if (usual !== null) return { series: usual };
  const detail = 'give a number or a series; your tenant has no series for credit notes (npm run admin -- set-tenant)';
  throw new RequestProblem('invalid-request', 'see "errors" for each field', {
    errors: [{ pointer: '/series', detail }],
  });
};

const faultsProblem = (faults: CreditFault[]): RequestProblem => {
  const errors = faults.slice(0, MAX_FAULTS).map(({ pointer, detail }) => ({ pointer, detail }));
  return faults.every(({ exceeds }) => exceeds)
    ? new RequestProblem('exceeds-creditable', 'see "errors"; GET …/credit-notes tells what is left', { errors })
    : new RequestProblem('invalid-request', 'see "errors" for each field', { errors });
};
