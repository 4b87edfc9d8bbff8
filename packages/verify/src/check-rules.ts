import {
  canonicalJson,
  reportRules,
  type IssuedInvoice,
  type Profile,
  type ProfileReport,
} from '@invoicepress/invoice';
import type { Manifest } from '@invoicepress/proof';
import type { Finding } from './report.ts';

/** The rules once more, over the frozen invoice: each profile with the same result. */
export const checkRules = (manifest: Manifest, snapshot: IssuedInvoice): Finding[] => {
  const { ruleSet, profiles } = reportRules(snapshot);
  return (Object.keys(profiles) as Profile[]).flatMap((name): Finding[] => {
    const [said, found] = [manifest.rules.profiles[name], profiles[name]];
    const finding = { check: 'rules', subject: name } as const;
    if (manifest.rules.ruleSet === ruleSet) return [{ ...finding, ...compare(manifest, said, found) }];
    if (said === undefined) return []; // a profile that there was not yet
    const otherwise = isSame(said, found) ? 'finds the same' : `finds otherwise: ${resultOf(found)}`;
    const detail = `reported by ${manifest.rules.ruleSet}, this is ${ruleSet}, which ${otherwise}`;
    return [{ ...finding, verdict: 'unchecked', detail }];
  });
};

const compare = (
  { acceptedUnder, rules }: Manifest,
  said: Manifest['rules']['profiles'][Profile],
  found: ProfileReport,
): Pick<Finding, 'verdict' | 'detail'> => {
  const detail = `${found.source}: ${resultOf(found)}`;
  if (!isSame(said, found)) return { verdict: 'wrong', detail: `the report says otherwise; ${detail}` };
  // What was accepted under other rules may break those of the report: then they are newer.
  if (found.held && !found.valid && acceptedUnder === rules.ruleSet)
    return { verdict: 'wrong', detail: `an invoice that breaks them is not accepted; ${detail}` };
  return { verdict: 'ok', detail };
};

const isSame = (said: unknown, found: ProfileReport): boolean =>
  said !== undefined && canonicalJson(said) === canonicalJson(found);

const resultOf = ({ held, valid, violations }: ProfileReport): string => {
  const broken = [...new Set(violations.map(({ rule, pointer }) => rule ?? pointer))].slice(0, 5).join(', ');
  return `${held ? 'had to keep them, and ' : ''}${valid ? 'keeps them' : `breaks ${broken}`}`;
};
