import {
  isAustralianNumber,
  isBelgianNumber,
  isDanishNumber,
  isGln,
  isNorwegianNumber,
  isSwedishNumber,
} from '../check-digits.ts';
import { isCreditNote, type InvoiceDraft, type TaxCategory } from '../model.ts';
import { billingProcess } from '../profiles.ts';
import { germanRules } from './german.ts';
import { networkRules } from './network.ts';
import { greekRules } from './peppol-greece.ts';
import { nationalRules } from './peppol-countries.ts';
import type { Report, Rules, Subject } from './rule.ts';

const isGerman = ({ seller, buyer }: InvoiceDraft): boolean =>
  seller.address.country === 'DE' && buyer.address.country === 'DE';

/** Peppol BIS Billing 3.0 beyond what it shares with XRechnung. Warnings of the official rule set are left out. */
const billingRules: Rules = (subject, report) => {
  const { draft } = subject;
  processRules(subject, report);
  if ((draft.notes?.length ?? 0) > 1 && !isGerman(draft)) {
    const detail = 'Peppol carries one note, except between German parties; join them';
    report('PEPPOL-EN16931-R002', 'BT-22', '/notes/1', detail);
  }
  if (!draft.buyerReference && !draft.orderReference)
    report('PEPPOL-EN16931-R003', 'BT-10', '/buyerReference', 'give a buyerReference or an orderReference');
  if (draft.currency === 'XCG' || draft.taxCurrency?.currency === 'XCG') {
    const pointer = draft.currency === 'XCG' ? '/currency' : '/taxCurrency/currency';
    report('PEPPOL-EN16931-CL007', 'BT-5', pointer, 'the code list of Peppol has no XCG yet');
  }
  exemptionRules(subject, report);
  identifierRules(draft, report);
};

/** Which type codes the process for plain billing has; other processes are checked by their owners. */
const plainBilling: ReadonlySet<string> = new Set('326 380 381 383 384 386 393 396 875 876 877'.split(' '));

const processRules = ({ draft, typeCode }: Subject, report: Report): void => {
  const { businessProcess = billingProcess } = draft;
  const process = /^urn:fdc:peppol\.eu:2017:poacc:billing:(\d{2}):1\.0$/.exec(businessProcess)?.[1];
  if (process === undefined) {
    const detail = `a process of Peppol is called like ${billingProcess}; leave businessProcess out for that one`;
    report('PEPPOL-EN16931-R007', 'BT-23', '/businessProcess', detail);
  } else if (process === '01' && !plainBilling.has(typeCode)) {
    const rule = isCreditNote(typeCode) ? 'PEPPOL-EN16931-P0101' : 'PEPPOL-EN16931-P0100';
    report(rule, 'BT-3', '/typeCode', `${typeCode} is not sent in Peppol's billing process 01`);
  }
  if ((typeCode === '326' || typeCode === '384') && !isGerman(draft)) {
    const detail = `${typeCode} goes between German parties only; correct an invoice by a credit note (381) and a new one`;
    report('PEPPOL-EN16931-P0112', 'BT-3', '/typeCode', detail);
  }
};

/** VATEX codes that belong to one category. */
const categoryOf: Readonly<Record<string, [rule: string, category: TaxCategory]>> = {
  'VATEX-EU-G': ['PEPPOL-EN16931-P0104', 'G'],
  'VATEX-EU-O': ['PEPPOL-EN16931-P0105', 'O'],
  'VATEX-EU-IC': ['PEPPOL-EN16931-P0106', 'K'],
  'VATEX-EU-AE': ['PEPPOL-EN16931-P0107', 'AE'],
  'VATEX-EU-D': ['PEPPOL-EN16931-P0108', 'E'],
  'VATEX-EU-F': ['PEPPOL-EN16931-P0109', 'E'],
  'VATEX-EU-I': ['PEPPOL-EN16931-P0110', 'E'],
  'VATEX-EU-J': ['PEPPOL-EN16931-P0111', 'E'],
};

const exemptionRules = ({ draft, completed }: Subject, report: Report): void => {
  for (const { category, exemptionCode } of completed.totals.taxSubtotals) {
    const belongs = categoryOf[exemptionCode ?? ''];
    if (!belongs || belongs[1] === category) continue;
    const index = draft.lines.findIndex(({ taxExemptionCode }) => taxExemptionCode === exemptionCode);
    const pointer = index < 0 ? '/lines' : `/lines/${index}/taxExemptionCode`;
    report(belongs[0], 'BT-121', pointer, `${exemptionCode} goes with category ${belongs[1]}, not ${category}`);
  }
};

/** EAS codes that the network has no addresses for (PEPPOL-EN16931-CL008). */
const beyondPeppol: ReadonlySet<string> = new Set('AN AQ AS AU EM 0219 0220 0242 0244 0245 0246 0248'.split(' '));

/** Identifiers that are recognised by their check digits, by scheme. */
const wellFormed: Readonly<Record<string, [rule: string, what: string, isOne: (value: string) => boolean]>> = {
  '0088': ['PEPPOL-COMMON-R040', 'GLN', isGln],
  '0192': ['PEPPOL-COMMON-R041', 'Norwegian organisation number', isNorwegianNumber],
  '0184': ['PEPPOL-COMMON-R042', 'Danish CVR number', isDanishNumber],
  '0208': ['PEPPOL-COMMON-R043', 'Belgian enterprise number', isBelgianNumber],
  '0007': ['PEPPOL-COMMON-R049', 'Swedish organisation number', isSwedishNumber],
  '0151': ['PEPPOL-COMMON-R050', 'Australian Business Number', isAustralianNumber],
};

const identifierRules = ({ seller, buyer, payee }: InvoiceDraft, report: Report): void => {
  const check = (scheme: string | undefined, id: string | undefined, pointer: string, term: string) => {
    const known = wellFormed[scheme ?? ''];
    if (!known || id === undefined) return;
    const [rule, what, isOne] = known;
    if (!isOne(id)) report(rule, term, pointer, `${id} is no ${what}; its length or its check digits are wrong`);
  };
  const parties = [
    { party: seller, pointer: '/seller', terms: ['BT-34', 'BT-29', 'BT-30'] },
    { party: buyer, pointer: '/buyer', terms: ['BT-49', 'BT-46', 'BT-47'] },
  ] as const;
  for (const { party, pointer, terms } of parties) {
    const { electronicAddress: address, identifiers = [], registrationId, registrationScheme } = party;
    if (address && beyondPeppol.has(address.scheme)) {
      const detail = `the network has no addresses of scheme ${address.scheme}; give another one`;
      report('PEPPOL-EN16931-CL008', terms[0], `${pointer}/electronicAddress/scheme`, detail);
    }
    check(address?.scheme, address?.id, `${pointer}/electronicAddress/id`, terms[0]);
    identifiers.forEach(({ scheme, id }, i) => check(scheme, id, `${pointer}/identifiers/${i}/id`, terms[1]));
    check(registrationScheme, registrationId, `${pointer}/registrationId`, terms[2]);
  }
  check(payee?.identifier?.scheme, payee?.identifier?.id, '/payee/identifier/id', 'BT-60');
  check(payee?.registrationScheme, payee?.registrationId, '/payee/registrationId', 'BT-61');
};

const betweenGermans = germanRules(
  (number, part) => `DE-R-${String(number).padStart(3, '0')}${part ? `-${part === 'a' ? 1 : 2}` : ''}`,
);
const germanPeppolRules: Rules = (subject, report) => {
  if (isGerman(subject.draft)) betweenGermans(subject, report);
};

export const peppolRules: Rules[] = [networkRules, billingRules, germanPeppolRules, nationalRules, greekRules];
