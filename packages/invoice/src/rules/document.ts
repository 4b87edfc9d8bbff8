import type { Period } from '../model.ts';
import type { Report, Rules } from './rule.ts';

/** The head of the document: its number, its dates and periods, its second currency. */
export const documentRules: Rules = ({ draft }, report) => {
  const { number, series, currency, taxCurrency } = draft;
  if ((number === undefined) === (series === undefined))
    report('BR-02', 'BT-1', '/number', 'give exactly one of "number" (your own) and "series" (ours, gapless)');
  if (draft.lines.length === 0) report('BR-16', 'BG-25', '/lines', 'an invoice has at least one line');
  if (draft.taxPointDate !== undefined && draft.taxPointDateCode !== undefined) {
    const detail = 'say when VAT falls due by taxPointDate or by taxPointDateCode, not by both';
    report('BR-CO-03', 'BT-8', '/taxPointDateCode', detail);
  }
  if (taxCurrency?.currency === currency)
    report('BR-CO-15', 'BT-6', '/taxCurrency/currency', `VAT is stated in ${currency} anyway; leave taxCurrency out`);
  periodRules(draft.period, '/period', 'BG-14', ['BR-CO-19', 'BR-29'], report);
  draft.lines.forEach(({ period }, i) => {
    if (period) periodRules(period, `/lines/${i}/period`, 'BG-26', ['BR-CO-20', 'BR-30'], report);
  });
};

const periodRules = (
  period: Period | undefined,
  pointer: string,
  term: string,
  [empty, reversed]: [empty: string, reversed: string],
  report: Report,
): void => {
  if (!period) return;
  const { start, end } = period;
  if (start === undefined && end === undefined) report(empty, term, pointer, 'a period has a start, an end or both');
  if (start !== undefined && end !== undefined && start > end)
    report(reversed, term, `${pointer}/end`, 'the period ends before it starts');
};
