import type { Adjustment, DateString, InvoiceDraft, IssuedInvoice, Line, Totals } from './model.ts';
import { completeAdjustment, completeLine, completeNote } from './complete.ts';
import { computeTotals } from './totals.ts';

/** A draft with its defaults filled in and its arithmetic done. */
export interface CompletedDraft {
  lines: Line[];
  allowances: Adjustment[];
  charges: Adjustment[];
  totals: Totals;
}

export const completeDraft = (draft: InvoiceDraft): CompletedDraft => {
  const { currency } = draft;
  const parts = {
    lines: draft.lines.map((line, index) => completeLine(line, index, currency)),
    allowances: (draft.allowances ?? []).map((allowance) => completeAdjustment(allowance, currency)),
    charges: (draft.charges ?? []).map((charge) => completeAdjustment(charge, currency)),
  };
  return { ...parts, totals: computeTotals(parts, draft) };
};

/**
 * Freezes a draft that `checkDraft` found nothing wrong with: defaults, totals, its number and its date.
 * From here on it is all that a document depends on; metadata, external ids and the template's name stay outside of it.
 */
export const issueInvoice = (draft: InvoiceDraft, number: string, today: DateString): IssuedInvoice => {
  const {
    series: _series,
    totals: _claimed,
    metadata: _metadata,
    externalId: _externalId,
    template: _template,
    taxShares: _taxShares,
    ...frozen
  } = draft;
  return {
    ...frozen,
    number,
    formats: draft.formats ?? ['pdf'],
    profiles: draft.profiles ?? ['en16931'],
    typeCode: draft.typeCode ?? '380',
    issueDate: draft.issueDate ?? today,
    language: draft.language ?? 'en',
    paperSize: draft.paperSize ?? 'A4',
    notes: (draft.notes ?? []).map(completeNote),
    ...completeDraft(draft),
  };
};
