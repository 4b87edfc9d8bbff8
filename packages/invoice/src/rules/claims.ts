import { decimal, formatAmount, zero } from '../money.ts';
import type { ClaimedTotals } from '../model.ts';
import type { Report, Rules } from './rule.ts';

const claimable: Record<keyof ClaimedTotals, [rule: string, term: string]> = {
  lineTotal: ['BR-CO-10', 'BT-106'],
  allowanceTotal: ['BR-CO-11', 'BT-107'],
  chargeTotal: ['BR-CO-12', 'BT-108'],
  taxExclusive: ['BR-CO-13', 'BT-109'],
  tax: ['BR-CO-14', 'BT-110'],
  taxInclusive: ['BR-CO-15', 'BT-112'],
  payable: ['BR-CO-16', 'BT-115'],
};

/** The system owns the math: a client's figures are compared with ours, and both are shown. */
export const claimRules: Rules = ({ draft, completed: { lines, totals } }, report) => {
  draft.lines.forEach(({ netAmount }, i) => {
    if (netAmount === undefined) return;
    const ours = lines[i]?.netAmount ?? formatAmount(zero, draft.currency);
    compare(netAmount, ours, 'BR-CO-10', 'BT-131', `/lines/${i}/netAmount`, report);
  });
  if (!draft.totals) return;
  for (const [name, [rule, term]] of Object.entries(claimable) as [keyof ClaimedTotals, [string, string]][]) {
    const claimed = draft.totals[name];
    if (claimed !== undefined) compare(claimed, totals[name], rule, term, `/totals/${name}`, report);
  }
};

const compare = (claimed: string, ours: string, rule: string, term: string, pointer: string, report: Report): void => {
  if (!decimal(claimed).eq(ours))
    report(rule, term, pointer, `you sent ${claimed}, it computes to ${ours}; correct it or leave it out`);
};
