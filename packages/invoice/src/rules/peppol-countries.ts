import { isNorwegianNumber, isSwedishNumber } from '../check-digits.ts';
import { decimal } from '../money.ts';
import { isCreditNote, type InvoiceDraft } from '../model.ts';
import type { Address } from '../party.ts';
import { accountsOf, paymentMeansCode } from '../payment.ts';
import { danishRules } from './peppol-denmark.ts';
import type { Report, Rules, Subject } from './rule.ts';

/** The country that Peppol takes a seller for: that of the VAT identifier, or else that of the address. */
export const supplierCountry = ({ seller, taxRepresentative }: InvoiceDraft): string =>
  (seller.vatId ?? taxRepresentative?.vatId ?? seller.address.country).slice(0, 2);

/** Likewise for a buyer. */
export const customerCountry = ({ buyer }: InvoiceDraft): string => (buyer.vatId ?? buyer.address.country).slice(0, 2);

/** National rules of Peppol BIS Billing 3.0, by the country of the seller; Germany's and Greece's have their own files. */
export const nationalRules: Rules = (subject, report) => {
  const { draft } = subject;
  const supplier = supplierCountry(draft);
  if (supplier === 'NO') norwegianRules(draft, report);
  if (supplier === 'IT') italianRules(draft, report);
  const byAddress = rulesOf[draft.seller.address.country];
  byAddress?.(subject, report);
};

const norwegianRules = ({ seller: { vatId } }: InvoiceDraft, report: Report): void => {
  if (!vatId?.startsWith('NO')) return;
  if (!/^NO\d{9}MVA$/.test(vatId) || !isNorwegianNumber(vatId.slice(2, 11)))
    report('NO-R-001', 'BT-31', '/seller/vatId', 'it is NO, an organisation number and MVA: NO123456785MVA');
};

const italianRules = ({ seller: { taxNumber, address } }: InvoiceDraft, report: Report): void => {
  if (taxNumber !== undefined && !/^[A-Z0-9]{11,16}$/.test(taxNumber))
    report('IT-R-001', 'BT-32', '/seller/taxNumber', 'an Italian tax number has 11 to 16 capital letters and digits');
  if (!address.line1) report('IT-R-002', 'BT-35', '/seller/address/line1', 'give the street');
  if (!address.city) report('IT-R-003', 'BT-37', '/seller/address/city', 'give the city');
  if (!address.postCode) report('IT-R-004', 'BT-38', '/seller/address/postCode', 'give the post code');
};

const swedishRules = ({ draft: { seller }, completed }: Subject, report: Report): void => {
  const { vatId, registrationId, taxNumber } = seller;
  if (registrationId !== undefined && !isSwedishNumber(registrationId)) {
    const rule = !/^\d+$/.test(registrationId) ? 'SE-R-003' : registrationId.length !== 10 ? 'SE-R-004' : 'SE-R-013';
    const detail = 'a Swedish organisation number has ten digits, of which the last is a check digit';
    report(rule, 'BT-30', '/seller/registrationId', detail);
  }
  if (registrationId !== undefined && taxNumber !== undefined && taxNumber.toUpperCase() !== 'GODKÄND FÖR F-SKATT')
    report('SE-R-005', 'BT-32', '/seller/taxNumber', 'a Swedish seller states "Godkänd för F-skatt" here');
  if (!vatId?.startsWith('SE')) return;
  if (!/^SE\d{12}$/.test(vatId)) {
    const rule = vatId.length === 14 ? 'SE-R-002' : 'SE-R-001';
    report(rule, 'BT-31', '/seller/vatId', 'a Swedish VAT identifier is SE and twelve digits');
  }
  const foreign = completed.totals.taxSubtotals.find(
    ({ category, rate }) => category === 'S' && !['25', '12', '6'].includes(rate),
  );
  if (foreign) report('SE-R-006', 'BT-152', '/lines', `Sweden has rates of 25, 12 and 6 per cent, not ${foreign.rate}`);
};

const icelandicRules = ({ draft }: Subject, report: Report): void => {
  const { seller, buyer, payment, attachments, dueDate } = draft;
  const parties = [
    { party: seller, pointer: '/seller', rules: ['IS-R-002', 'IS-R-003'], terms: ['BT-30', 'BT-35'] },
    { party: buyer, pointer: '/buyer', rules: ['IS-R-004', 'IS-R-005'], terms: ['BT-47', 'BT-50'] },
  ] as const;
  for (const { party, pointer, rules, terms } of parties) {
    if (party.address.country !== 'IS') continue;
    const identified = party.registrationId !== undefined && party.registrationScheme === '0196';
    const kennitala = 'give the kennitala, with registrationScheme 0196';
    if (!identified) report(rules[0], terms[0], `${pointer}/registrationId`, kennitala);
    if (!party.address.line1 || !party.address.postCode)
      report(rules[1], terms[1], `${pointer}/address`, 'give the street and the post code');
  }
  const code = payment && paymentMeansCode(payment, draft.currency);
  if (payment && (code === '9' || code === '42') && !accountsOf(payment).some(({ account }) => hasTwelve(account))) {
    const rule = code === '9' ? 'IS-R-006' : 'IS-R-007';
    report(rule, 'BT-84', '/payment/accountId', `payment means ${code} needs an account of 12 digits`);
  }
  attachments?.forEach(({ id, description }, i) => {
    if (description !== 'EINDAGI') return;
    const pointer = `/attachments/${i}/id`;
    if (!/^\d{4}-\d{2}-\d{2}$/.test(id)) report('IS-R-008', 'BT-122', pointer, 'EINDAGI is a date: 2026-11-22');
    if (dueDate === undefined) report('IS-R-009', 'BT-9', '/dueDate', 'an invoice with EINDAGI has a dueDate');
    else if (dueDate > id) report('IS-R-010', 'BT-122', pointer, `EINDAGI is not before the dueDate, ${dueDate}`);
  });
};
const hasTwelve = ({ iban, accountId }: { iban?: string; accountId?: string }): boolean =>
  (iban ?? accountId)?.length === 12;

const dutchRules = ({ draft, typeCode, completed }: Subject, report: Report): void => {
  const { seller, buyer, taxRepresentative, payment } = draft;
  const domestic = buyer.address.country === 'NL';
  const credit = isCreditNote(typeCode);
  if (credit && !draft.precedingInvoices?.length)
    report('NL-R-001', 'BG-3', '/precedingInvoices', 'a credit note names the invoice that it credits');
  dutchAddress(seller.address, 'NL-R-002', 'BT-35', '/seller/address', report);
  dutchNumber(seller, 'NL-R-003', 'BT-30', '/seller/registrationScheme', report);
  if (domestic) {
    dutchAddress(buyer.address, 'NL-R-004', 'BT-50', '/buyer/address', report);
    dutchNumber(buyer, 'NL-R-005', 'BT-47', '/buyer/registrationScheme', report);
  }
  if (taxRepresentative?.address.country === 'NL')
    dutchAddress(taxRepresentative.address, 'NL-R-006', 'BT-64', '/taxRepresentative/address', report);
  const code = payment && paymentMeansCode(payment, draft.currency);
  if (!credit && !code && decimal(completed.totals.payable).gt(0))
    report('NL-R-007', 'BG-16', '/payment', 'say how to pay: an iban, a card or a directDebit');
  if (domestic && code && !['30', '48', '49', '57', '58', '59'].includes(code))
    report('NL-R-008', 'BT-81', '/payment/meansCode', 'choose 30, 48, 49, 57, 58 or 59');
  const line = draft.lines.findIndex(({ orderLineReference }) => orderLineReference !== undefined);
  if (line >= 0 && !draft.orderReference) {
    const detail = `line ${line + 1} refers to a line of an order; give the order too`;
    report('NL-R-009', 'BT-13', '/orderReference', detail);
  }
};

const dutchAddress = (address: Address, rule: string, term: string, pointer: string, report: Report): void => {
  if (!address.line1 || !address.city || !address.postCode)
    report(rule, term, pointer, 'give the street, the city and the post code');
};
const dutchNumber = (
  { registrationId, registrationScheme = '' }: { registrationId?: string; registrationScheme?: string },
  rule: string,
  term: string,
  pointer: string,
  report: Report,
): void => {
  if (registrationId !== undefined && registrationScheme !== '0106' && registrationScheme !== '0190')
    report(rule, term, pointer, 'a Dutch registrationId is a KVK number (0106) or an OIN (0190)');
};

const rulesOf: Readonly<Record<string, Rules>> = {
  DK: danishRules,
  SE: swedishRules,
  IS: icelandicRules,
  NL: dutchRules,
};
