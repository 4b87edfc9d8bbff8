import { canonicalJson, reportRules, type IssuedInvoice, type Profile } from '@invoicepress/invoice';
import type { Manifest } from '@invoicepress/proof';
import type { Finding } from './report.ts';

/** The rules once more, over the frozen invoice: each profile with the same result. */
export const checkRules = ({ rules }: Manifest, snapshot: IssuedInvoice): Finding[] => {
  const now = reportRules(snapshot);
  const names = Object.keys(now.profiles) as Profile[];
  return names.map((name): Finding => {
    const [said, found] = [rules.profiles[name], now.profiles[name]];
    const same = canonicalJson(said) === canonicalJson(found);
    const result = found.valid ? 'keeps them' : `breaks ${rulesIn(found.violations)}`;
    const detail = `${found.source}: ${found.held ? 'had to keep them, and ' : ''}${result}`;
    const finding = { check: 'rules', subject: name } as const;
    if (said?.held && !said.valid) return { ...finding, verdict: 'wrong', detail: 'had to hold and does not' };
    if (same && rules.ruleSet === now.ruleSet) return { ...finding, verdict: 'ok', detail };
    if (rules.ruleSet !== now.ruleSet)
      return {
        ...finding,
        verdict: 'unchecked',
        detail: `reported by ${rules.ruleSet}, this is ${now.ruleSet}, which ${same ? 'finds the same' : `finds otherwise: ${result}`}`,
      };
    return { ...finding, verdict: 'wrong', detail: `the report says otherwise; ${detail}` };
  });
};

const rulesIn = (violations: { rule?: string; pointer: string }[]): string =>
  [...new Set(violations.map(({ rule, pointer }) => rule ?? pointer))].slice(0, 5).join(', ');
