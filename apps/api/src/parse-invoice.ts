import { SubmitInvoice, toDraft } from '@invoicepress/client';
import type { SubmissionDefaults } from '@invoicepress/database';
import { checkDraft, type InvoiceDraft } from '@invoicepress/invoice';
import { pointers, RequestProblem, violations } from './problems.ts';

/** From what a client sent to a draft that can be issued. @throws {RequestProblem} with a pointer to every fault */
export const parseInvoice = (body: unknown, defaults: SubmissionDefaults): InvoiceDraft => {
  const draft = { ...defaults, ...readInvoice(body) };
  const found = checkDraft(draft);
  if (found.length > 0) throw violations(found);
  return draft;
};

/** By the shapes and bounds of its fields alone. @throws {RequestProblem} with a pointer to every fault */
export const readInvoice = (body: unknown): InvoiceDraft => {
  const parsed = SubmitInvoice.safeParse(body);
  if (parsed.success) return toDraft(parsed.data);
  throw new RequestProblem('invalid-invoice', 'see "errors" for each field', { errors: pointers(parsed.error) });
};
