import type { Account, Payment } from './model.ts';

/** All accounts that may be paid to (BG-17), with the place of each in the draft. */
export const accountsOf = (payment: Payment): { pointer: string; account: Account }[] => {
  const { iban, accountId, bic, accountName, moreAccounts = [] } = payment;
  const given = iban ?? accountId ?? bic ?? accountName;
  return [
    ...(given === undefined ? [] : [{ pointer: '/payment', account: payment }]),
    ...moreAccounts.map((account, i) => ({ pointer: `/payment/moreAccounts/${i}`, account })),
  ];
};

/**
 * Payment means type (BT-81, UNTDID 4461), as given or by what is given: 59 SEPA direct debit, 48 card, 58 SEPA credit
 * transfer, 30 credit transfer, 1 none of these. Undefined where there is nothing to pay by, only terms.
 */
export const paymentMeansCode = (payment: Payment, currency: string): string | undefined => {
  if (payment.meansCode) return payment.meansCode;
  if (payment.directDebit) return '59';
  if (payment.card) return '48';
  const accounts = accountsOf(payment);
  if (accounts.length > 0) return currency === 'EUR' && accounts.every(({ account }) => account.iban) ? '58' : '30';
  return (payment.reference ?? payment.meansText) ? '1' : undefined;
};
