import { isCreditNote, type DraftLineAdjustment, type InvoiceDraft } from '../model.ts';
import { accountsOf, paymentMeansCode } from '../payment.ts';
import type { Report, Rules } from './rule.ts';

/** Denmark's rules for Peppol (DK-R), for sellers whose address is Danish. */
export const danishRules: Rules = ({ draft, typeCode }, report) => {
  const { seller, buyer } = draft;
  if (!seller.registrationId) report('DK-R-002', 'BT-30', '/seller/registrationId', 'give the CVR number');
  else if (seller.registrationScheme !== '0184')
    report('DK-R-014', 'BT-30', '/seller/registrationScheme', 'the scheme of a CVR number is 0184');
  if (buyer.address.country !== 'DK') return;
  for (const [party, pointer, term] of [
    [seller, '/seller', 'BT-29'],
    [buyer, '/buyer', 'BT-46'],
  ] as const) {
    party.identifiers?.forEach(({ scheme }, i) => {
      if (!scheme) report('DK-R-013', term, `${pointer}/identifiers/${i}/scheme`, 'say which scheme it is of');
    });
  }
  if (!isCreditNote(typeCode)) paymentRules(draft, report);
  taxRules(draft.allowances, '/allowances', report);
  taxRules(draft.charges, '/charges', report);
  draft.lines.forEach((line, i) => {
    taxRules(line.allowances, `/lines/${i}/allowances`, report);
    taxRules(line.charges, `/lines/${i}/charges`, report);
  });
};

const allowed: ReadonlySet<string> = new Set('1 10 31 42 48 49 50 58 59 93 97'.split(' '));

/** Giro (50) and FIK (93) have payment references of a form of their own: a card type and, for most, an instruction id. */
const paymentRules = ({ payment, currency, number = '' }: InvoiceDraft, report: Report): void => {
  const code = payment && paymentMeansCode(payment, currency);
  if (!payment || !code) return;
  const accounts = accountsOf(payment).map(({ account }) => account);
  const account = accounts[0]?.iban ?? accounts[0]?.accountId ?? '';
  const reference = payment.reference ?? number;
  if (!allowed.has(code)) report('DK-R-005', 'BT-81', '/payment/meansCode', `choose one of ${[...allowed].join(', ')}`);
  if ((code === '31' || code === '42') && !accounts.every((each) => each.bic && (each.iban ?? each.accountId)))
    report('DK-R-006', 'BT-86', '/payment/bic', `payment means ${code} needs an account and its bic`);
  if (code === '49' && !payment.directDebit)
    report('DK-R-007', 'BT-89', '/payment/directDebit', 'payment means 49 needs a mandate and the debited account');
  if (code === '50' && !(/^(01|04|15)#/.test(reference) && /^\d{7,8}$/.test(account)))
    report(
      'DK-R-008',
      'BT-83',
      '/payment/reference',
      'giro (50): begin with 01#, 04# or 15#, to an account of 7 or 8 digits',
    );
  else if (code === '50' && /^(04|15)#/.test(reference) && reference.length !== 19)
    report('DK-R-009', 'BT-83', '/payment/reference', 'giro (50): 16 digits follow 04# or 15#');
  if (code === '93' && !(/^(71|73|75)#/.test(reference) && account.length === 8))
    report(
      'DK-R-010',
      'BT-83',
      '/payment/reference',
      'FIK (93): begin with 71#, 73# or 75#, to an account of 8 digits',
    );
  else if (code === '93' && /^(71|75)#/.test(reference) && reference.length !== 18 && reference.length !== 19)
    report('DK-R-011', 'BT-83', '/payment/reference', 'FIK (93): 15 or 16 digits follow 71# or 75#');
};

/** Taxes that are no VAT: a category of four digits, or words around a "#". */
const taxRules = (adjustments: DraftLineAdjustment[] | undefined, pointer: string, report: Report): void =>
  adjustments?.forEach(({ reasonCode, reason = '' }, i) => {
    if (reasonCode !== 'ZZZ' || /^\d{4}$/.test(reason) || /^[^#]+#.*[^#]$/s.test(reason)) return;
    const detail = 'the reason of a tax (ZZZ) is its category of 4 digits, or has a "#" between its words';
    report('DK-R-004', 'BT-104', `${pointer}/${i}/reason`, detail);
  });
