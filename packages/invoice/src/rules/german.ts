import { isIban } from '../codes/iban.ts';
import type { InvoiceDraft } from '../model.ts';
import { accountsOf, paymentMeansCode } from '../payment.ts';
import type { Report, Rules } from './rule.ts';

/**
 * Germany's rules, which XRechnung calls BR-DE-1 and Peppol, between German parties, DE-R-001. Warnings of the official
 * rule set count too, except BR-DE-TMP-32, which merely informs.
 */
export const germanRules =
  (rule: (number: number, part?: 'a' | 'b') => string): Rules =>
  ({ draft, typeCode }, report) => {
    if (!draft.buyerReference)
      report(rule(15), 'BT-10', '/buyerReference', "give the buyer's reference; authorities have a Leitweg-ID");
    if (!typeCodes.has(typeCode))
      report(
        rule(17),
        'BT-3',
        '/typeCode',
        `${typeCode} is not used in Germany; choose one of ${[...typeCodes].join(', ')}`,
      );
    if (typeCode === '384' && !draft.precedingInvoices?.length)
      report(rule(26), 'BG-3', '/precedingInvoices', 'a corrected invoice (384) names the invoice that it corrects');
    addressRules(draft, rule, report);
    contactRules(draft, rule, report);
    paymentRules(draft, rule, report);
    attachmentRules(draft, rule, report);
  };

type Naming = Parameters<typeof germanRules>[0];

const typeCodes: ReadonlySet<string> = new Set(['326', '380', '384', '389', '381', '875', '876', '877']);

const addressRules = ({ seller, buyer, delivery }: InvoiceDraft, rule: Naming, report: Report): void => {
  const places = [
    { address: seller.address, pointer: '/seller/address', rules: [3, 4], terms: ['BT-37', 'BT-38'] },
    { address: buyer.address, pointer: '/buyer/address', rules: [8, 9], terms: ['BT-52', 'BT-53'] },
    { address: delivery?.address, pointer: '/delivery/address', rules: [10, 11], terms: ['BT-77', 'BT-78'] },
  ] as const;
  for (const { address, pointer, rules, terms } of places) {
    if (!address) continue;
    if (!address.city) report(rule(rules[0]), terms[0], `${pointer}/city`, 'give the city');
    if (!address.postCode) report(rule(rules[1]), terms[1], `${pointer}/postCode`, 'give the post code');
  }
};

const contactRules = ({ seller: { contact } }: InvoiceDraft, rule: Naming, report: Report): void => {
  if (!contact) {
    report(rule(2), 'BG-6', '/seller/contact', 'give a contact of the seller: name, phone and email');
    return;
  }
  const { name, phone, email } = contact;
  if (!name) report(rule(5), 'BT-41', '/seller/contact/name', 'give the name of a person or a department');
  if (!phone) report(rule(6), 'BT-42', '/seller/contact/phone', 'give a telephone number');
  else if (!/(\d.*){3}/.test(phone))
    report(rule(27), 'BT-42', '/seller/contact/phone', 'a telephone number has three digits at least');
  if (!email) report(rule(7), 'BT-43', '/seller/contact/email', 'give an e-mail address');
  else if (!/^[^@\s]+@([^@.\s]+\.)+[^@.\s]+$/.test(email))
    report(rule(28), 'BT-43', '/seller/contact/email', `${email} is no e-mail address`);
};

const paymentRules = ({ payment, currency }: InvoiceDraft, rule: Naming, report: Report): void => {
  const code = payment && paymentMeansCode(payment, currency);
  if (!payment || !code) {
    report(rule(1), 'BG-16', '/payment', 'say how to pay: an iban, a card or a directDebit, or a meansCode');
    return;
  }
  const accounts = accountsOf(payment);
  const given = { account: accounts.length > 0, card: !!payment.card, directDebit: !!payment.directDebit };
  const expected = expectedOf(code);
  if (expected) {
    const { number, means, term } = expected;
    const needless = (['account', 'card', 'directDebit'] as const).filter((each) => each !== means && given[each]);
    if (!given[means]) report(rule(number, 'a'), term, '/payment', `payment means ${code} needs ${wording[means]}`);
    for (const other of needless) {
      const detail = `payment means ${code} goes without ${wording[other]}; leave it out, or choose another meansCode`;
      report(rule(number, 'b'), term, other === 'account' ? '/payment/iban' : `/payment/${other}`, detail);
    }
  }
  for (const { account, pointer } of accounts) {
    if (code === '58' && !isIban(account.iban ?? account.accountId ?? ''))
      report(rule(19), 'BT-84', `${pointer}/iban`, 'a SEPA transfer (58) goes to an IBAN');
  }
  if (payment.directDebit && !isIban(payment.directDebit.debitedIban))
    report(rule(20), 'BT-91', '/payment/directDebit/debitedIban', 'a SEPA direct debit (59) comes from an IBAN');
  if (payment.terms !== undefined) cashDiscountRule(payment.terms, rule, report);
};

const wording = { account: 'an account', card: 'a card', directDebit: 'a directDebit' };
const expectedOf = (code: string) => {
  if (code === '30' || code === '58') return { number: 23, means: 'account', term: 'BG-17' } as const;
  if (code === '48' || code === '54' || code === '55') return { number: 24, means: 'card', term: 'BG-18' } as const;
  if (code === '59') return { number: 25, means: 'directDebit', term: 'BG-19' } as const;
  return undefined;
};

/** Cash discounts (Skonto) are written for machines, one in a line; writers end the last with the line break it needs. */
const cashDiscount = /^#SKONTO#TAGE=\d+#PROZENT=\d+\.\d{2}(#BASISBETRAG=-?\d+\.\d{2})?#$/;
const cashDiscountRule = (terms: string, rule: Naming, report: Report): void => {
  const discounts = terms.split(/\r?\n/).filter((line) => line.trim().startsWith('#'));
  if (discounts.length === 0) return;
  const ended = /^(\s*\n|$)/.test(terms.slice(terms.lastIndexOf('#') + 1));
  if (ended && discounts.every((line) => cashDiscount.test(line.trim()))) return;
  const detail = 'write a cash discount as a line of its own: #SKONTO#TAGE=14#PROZENT=2.00#';
  report(rule(18), 'BT-20', '/payment/terms', detail);
};

const attachmentRules = ({ attachments }: InvoiceDraft, rule: Naming, report: Report): void => {
  const names = new Set<string>();
  attachments?.forEach(({ file }, i) => {
    if (!file) return;
    const name = file.name.toLowerCase();
    if (names.has(name))
      report(rule(22), 'BT-125', `/attachments/${i}/file/name`, `another file is called ${file.name} too`);
    names.add(name);
  });
};
