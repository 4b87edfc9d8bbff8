/** Whether an official rule set raises the rule by which a draft is refused, once the document is made all the same. */
import type { InvoiceDraft, IssuedInvoice, Violation } from '@invoicepress/invoice';
import { issued, judgeInvoice, type Subject, type Workbench } from './documents.ts';

const check = 'Refusals confirmed';

/**
 * Rules whose breach no document of ours shows, for it is gone by then: amounts that are missing are computed, sums are
 * our own, amounts are rounded to their currency (the official rules know two decimals alone), an empty period and a rate
 * outside of VAT are not written. BR-DE-19 is beyond the whole numbers of SaxonJS.
 */
const unwritable = /^BR-(31|36|41|43|CO-1[0-6]|CO-19|CO-20|O-0[567]|DE-19|DEC-\d\d)$/;

/** We keep some of Peppol's rules always, its rule set is asked where it holds; XRechnung has taken them over. */
const isShown = (rule: string, { profiles = [] }: InvoiceDraft): boolean =>
  !unwritable.test(rule) &&
  (!rule.startsWith('PEPPOL-') || profiles.includes('peppol') || profiles.includes('xrechnung'));

export const checkRefusal = async (
  draft: InvoiceDraft,
  refusals: readonly Violation[],
  subject: Subject,
  { tally, judge }: Workbench,
): Promise<void> => {
  tally.asked('Faults refused');
  const rules = new Set(refusals.flatMap(({ rule }) => (rule !== undefined && isShown(rule, draft) ? [rule] : [])));
  if (!judge || rules.size === 0) return;
  const invoice = forced(draft);
  if (!invoice) return;
  tally.asked(check);
  const raised = (await judgeInvoice(invoice, judge)).flatMap(({ fault }) => (fault ? [fault.rule] : []));
  for (const rule of rules) {
    if (raised.some((each) => each === rule || each.startsWith(`${rule}_`) || each.startsWith(`${rule}-`))) continue;
    tally.failed({
      check,
      rule,
      detail: `not raised; instead: ${raised.join(', ') || 'nothing'}`,
      subject: subject.name,
      draft,
    });
  }
};

/** Some faults leave nothing to write: what is no number, for one. */
const forced = (draft: InvoiceDraft): IssuedInvoice | undefined => {
  try {
    return issued(draft);
  } catch {
    return undefined;
  }
};
