import type { InvoiceDraft } from '../model.ts';
import { completeDraft } from '../issue.ts';
import { profiles, type Profile } from '../profiles.ts';
import { amountRules } from './amounts.ts';
import { ciiRules } from './cii.ts';
import { claimRules } from './claims.ts';
import { codeListRules } from './code-lists.ts';
import { documentRules } from './document.ts';
import { frCtcRules } from './fr-ctc.ts';
import { partyRules } from './parties.ts';
import { paymentRules } from './payment.ts';
import { peppolRules } from './peppol.ts';
import { violationsOf, type Rules, type Subject, type Violation } from './rule.ts';
import { taxCategoryRules } from './tax-categories.ts';
import { xrechnungRules } from './xrechnung.ts';

/** What each profile demands beyond EN 16931. Factur-X, in its EN 16931 profile, is but CII in a PDF. */
const rulesOf: Record<Profile, Rules[]> = {
  en16931: [],
  xrechnung: xrechnungRules,
  peppol: peppolRules,
  facturx: [ciiRules],
  'fr-ctc': [ciiRules, ...frCtcRules],
};

const en16931 = [documentRules, partyRules, taxCategoryRules, amountRules, paymentRules, codeListRules, claimRules];

const subjectOf = (draft: InvoiceDraft): Subject => ({
  draft,
  typeCode: draft.typeCode ?? '380',
  completed: completeDraft(draft),
});

/**
 * All that is wrong with a draft: the rules of EN 16931, and of the profiles that it names. Shapes and bounds of single
 * fields are the contract's. An empty answer means that the draft can be issued.
 */
export const checkDraft = (draft: InvoiceDraft): Violation[] => {
  const { profiles: held = [], formats = [] } = draft;
  const sets = new Set([...en16931, ...held.flatMap((profile) => rulesOf[profile])]);
  if (formats.includes('cii') || formats.includes('facturx')) sets.add(ciiRules);
  return violationsOf(subjectOf(draft), ...sets);
};

/** What each profile, had the draft to keep it, would find wrong. */
export const checkProfiles = (draft: InvoiceDraft): Record<Profile, Violation[]> => {
  const subject = subjectOf(draft);
  const shared = violationsOf(subject, ...en16931);
  const answers = profiles.map((profile) => [profile, [...shared, ...violationsOf(subject, ...rulesOf[profile])]]);
  return Object.fromEntries(answers) as Record<Profile, Violation[]>;
};
