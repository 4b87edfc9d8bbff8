import { SubmitInvoice, toDraft } from '@invoicepress/client';
import type { PinnedTemplates, SubmissionDefaults } from '@invoicepress/database';
import { checkDraft, type InvoiceDraft } from '@invoicepress/invoice';
import { pinFor } from './pin-template.ts';
import { pointers, RequestProblem, violations } from './problems.ts';

/** From what a client sent to a draft that can be issued. @throws {RequestProblem} with a pointer to every fault */
export const parseInvoice = (
  body: unknown,
  { templates, ...defaults }: SubmissionDefaults & { templates: PinnedTemplates },
): InvoiceDraft => {
  const draft = { ...defaults, ...readInvoice(body) };
  const template = pinFor(draft.template, templates);
  const found = checkDraft(draft);
  if (template === undefined) {
    const detail = `there is no template "${draft.template}" with a valid version in use; see GET /v1/templates`;
    found.push({ pointer: '/template', detail });
  }
  if (found.length > 0 || template === undefined) throw violations(found);
  return { ...draft, template };
};

/** Of one that is to be shown and not issued: it needs no number. @throws {RequestProblem} pointing into `/invoice` */
export const checkPreviewed = (draft: InvoiceDraft): InvoiceDraft => {
  const numbered = draft.number === undefined && draft.series === undefined ? { ...draft, number: 'PREVIEW' } : draft;
  const found = checkDraft(numbered).map((each) => ({ ...each, pointer: `/invoice${each.pointer}` }));
  if (found.length > 0) throw violations(found);
  return numbered;
};

/** By the shapes and bounds of its fields alone. @throws {RequestProblem} with a pointer to every fault */
export const readInvoice = (body: unknown): InvoiceDraft => {
  const parsed = SubmitInvoice.safeParse(body);
  if (parsed.success) return toDraft(parsed.data);
  throw new RequestProblem('invalid-invoice', 'see "errors" for each field', { errors: pointers(parsed.error) });
};
