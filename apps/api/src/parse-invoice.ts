import { SubmitInvoice, toDraft } from '@invoicepress/client';
import { checkDraft, type InvoiceDraft } from '@invoicepress/invoice';
import { pointers, RequestProblem, violations } from './problems.ts';

/** From what a client sent to a draft that can be issued. @throws {RequestProblem} with a pointer to every fault */
export const parseInvoice = (body: unknown): InvoiceDraft => {
  const parsed = SubmitInvoice.safeParse(body);
  if (!parsed.success)
    throw new RequestProblem('invalid-invoice', 'see "errors" for each field', { errors: pointers(parsed.error) });
  const draft = toDraft(parsed.data);
  const found = checkDraft(draft);
  if (found.length > 0) throw violations(found);
  return draft;
};
