import type { IssuedInvoice } from '../model.ts';
import { profiles, type Profile } from '../profiles.ts';
import { checkProfiles } from './index.ts';
import type { Violation } from './rule.ts';

/**
 * The name of our checks as they are now. It changes whenever the same invoice could get another verdict, so that a
 * report of years ago is not compared with rules that did not exist then. What is accepted is stored with it.
 */
export const ruleSet = 'rules@1';

/** The published rules that our checks keep; RULES.md says how each is kept, docs/conformance.md who publishes them. */
export const ruleSources: Readonly<Record<Profile, string>> = {
  en16931: 'EN 16931-1, validation artefacts 1.3.16',
  xrechnung: 'XRechnung 3.0',
  peppol: 'Peppol BIS Billing 3.0',
  facturx: 'Factur-X 1.0, profile EN 16931',
  'fr-ctc': 'XP Z12-012 (BR-FR)',
};

/** As many violations of one profile as a report lists; it counts all of them. */
export const maxReported = 50;

export interface ProfileReport {
  /** Which published rules, and which version of them. */
  source: string;
  /** Whether the invoice had to keep it; EN 16931 holds in any case. */
  held: boolean;
  valid: boolean;
  violations: Violation[];
  violationCount: number;
}

export interface RuleReport {
  ruleSet: string;
  profiles: Record<Profile, ProfileReport>;
}

/** What each profile finds wrong with an issued invoice. A profile that it had to keep finds nothing. */
export const reportRules = (invoice: IssuedInvoice): RuleReport => {
  const found = checkProfiles(invoice);
  const reports = profiles.map((profile): [Profile, ProfileReport] => [
    profile,
    {
      source: ruleSources[profile],
      held: profile === 'en16931' || invoice.profiles.includes(profile),
      valid: found[profile].length === 0,
      violations: found[profile].slice(0, maxReported),
      violationCount: found[profile].length,
    },
  ]);
  return { ruleSet, profiles: Object.fromEntries(reports) as Record<Profile, ProfileReport> };
};
