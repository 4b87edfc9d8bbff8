import type { InvoiceDraft, TypeCode } from '../model.ts';
import type { Identifier } from '../party.ts';
import { completeNote } from '../complete.ts';
import type { Report, Rules } from './rule.ts';

/** ICD 0002 is the SIREN of a company, 0009 the SIRET of one of its sites, 0231 a VAT group; EAS 0225 the French directory. */
const siren = /^\d{9}$/;

/** Who is who in France: SIREN, SIRET, and addresses in the directory of the reform. */
export const franceParties: Rules = ({ draft, typeCode }, report) => {
  const { seller, buyer, payee, delivery } = draft;
  const sellerSiren = sirenOf(seller);
  if (!sellerSiren) report('BR-FR-10', 'BT-30', '/seller/registrationId', `the seller's ${sirenWords}`);
  if (!buyer.electronicAddress) report('BR-FR-12', 'BT-49', '/buyer/electronicAddress', addressWords);
  if (!seller.electronicAddress) report('BR-FR-13', 'BT-34', '/seller/electronicAddress', addressWords);
  const payeeIdentifiers = payee?.identifier ? [payee.identifier] : [];
  identifierRules(seller.identifiers ?? [], sellerSiren, 'BT-29', '/seller/identifiers', report);
  identifierRules(buyer.identifiers ?? [], sirenOf(buyer), 'BT-46', '/buyer/identifiers', report);
  identifierRules(payeeIdentifiers, payee && sirenOf(payee), 'BT-60', '/payee/identifier', report);
  if (delivery?.location?.scheme === '0009' && !/^\d{14}$/.test(delivery.location.id))
    report('BR-FR-09', 'BT-71', '/delivery/location/id', 'a SIRET (0009) has 14 digits');
  addressRules(draft, report);
  domesticRules(draft, typeCode, report);
  if (seller.identifiers?.some(({ scheme }) => scheme === '0231')) groupRules(draft, report);
};

const sirenWords = 'SIREN: nine digits, with registrationScheme 0002';
const addressWords = 'give where electronic invoices arrive; in the French directory the scheme is 0225';

const sirenOf = (party: { registrationId?: string; registrationScheme?: string }): string | undefined =>
  party.registrationScheme === '0002' && siren.test(party.registrationId ?? '') ? party.registrationId : undefined;

const identifierRules = (
  identifiers: Identifier[],
  owner: string | undefined,
  term: string,
  pointer: string,
  report: Report,
): void => {
  const siret = identifiers.find(({ scheme }) => scheme === '0009');
  if (siret && (!/^\d{14}$/.test(siret.id) || !owner || !siret.id.startsWith(owner)))
    report('BR-FR-09', term, pointer, 'a SIRET (0009) has 14 digits and begins with the SIREN in registrationId');
  const schemes = identifiers.flatMap(({ scheme }) => scheme ?? []);
  if (new Set(schemes).size < schemes.length)
    report('BR-FR-CO-10', term, pointer, 'one identifier at most is of each scheme');
  for (const { id, scheme } of identifiers) {
    if (scheme !== '0224') continue;
    if (!directoryForm.test(id)) report('BR-FR-24', term, pointer, `${id}: ${directoryWords}`);
    if (id.length > 100) report('BR-FR-26', term, pointer, 'an identifier of scheme 0224 has 100 characters at most');
  }
};

const directoryForm = /^[A-Za-z0-9+\-_/]+$/;
const directoryWords = 'letters, digits, "+", "-", "_" and "/" only';

const addressRules = ({ seller, buyer }: InvoiceDraft, report: Report): void => {
  const addresses = [
    { address: seller.electronicAddress, term: 'BT-34', pointer: '/seller/electronicAddress/id' },
    { address: buyer.electronicAddress, term: 'BT-49', pointer: '/buyer/electronicAddress/id' },
  ];
  for (const { address, term, pointer } of addresses) {
    if (address?.scheme === '0225' && !directoryForm.test(address.id))
      report('BR-FR-23', term, pointer, directoryWords);
    if (address && address.id.length > 125)
      report('BR-FR-25', term, pointer, 'an electronic address has 125 characters at most');
  }
};

/** What a note BAR with the text B2B declares to be domestic trade goes by the directory, to whoever has to process it. */
const domesticRules = ({ notes = [], seller, buyer }: InvoiceDraft, typeCode: TypeCode, report: Report): void => {
  const domestic = notes.map(completeNote).some(({ subjectCode, text }) => subjectCode === 'BAR' && text === 'B2B');
  if (!domestic) return;
  if (!sirenOf(buyer)) report('BR-FR-11', 'BT-47', '/buyer/registrationId', `the buyer's ${sirenWords}`);
  const selfBilled = typeCode === '389' || typeCode === '261';
  const [party, rule, term, pointer] = selfBilled
    ? ([seller, 'BR-FR-22', 'BT-34', '/seller/electronicAddress'] as const)
    : ([buyer, 'BR-FR-21', 'BT-49', '/buyer/electronicAddress'] as const);
  const { electronicAddress: address, registrationId = '' } = party;
  if (address && (address.scheme !== '0225' || !address.id.startsWith(registrationId)))
    report(
      rule,
      term,
      pointer,
      'domestic trade (BAR: B2B) goes to an address of scheme 0225 that begins with the SIREN',
    );
};

const groupRules = ({ notes = [], taxRepresentative }: InvoiceDraft, report: Report): void => {
  const declared = notes
    .map(completeNote)
    .some(({ subjectCode, text }) => subjectCode === 'TXD' && text === 'MEMBRE_ASSUJETTI_UNIQUE');
  if (!declared)
    report('BR-FR-CO-14', 'BT-22', '/notes', 'a member of a VAT group notes MEMBRE_ASSUJETTI_UNIQUE, subjectCode TXD');
  if (!taxRepresentative)
    report('BR-FR-CO-15', 'BG-11', '/taxRepresentative', 'a member of a VAT group names it, with its vatId');
};
