import { accountsOf, paymentMeansCode } from '../payment.ts';
import type { Rules } from './rule.ts';

/** How the invoice is paid. */
export const paymentRules: Rules = ({ draft: { payment, currency } }, report) => {
  if (!payment) return;
  const accounts = accountsOf(payment);
  for (const { pointer, account } of accounts) {
    if (account.iban === undefined && account.accountId === undefined)
      report('BR-50', 'BT-84', `${pointer}/iban`, 'an account has an iban or an accountId');
  }
  const code = paymentMeansCode(payment, currency);
  if ((code === '30' || code === '58') && accounts.length === 0)
    report('BR-61', 'BT-84', '/payment/iban', `a credit transfer (${code}) needs an account: an iban or an accountId`);
  if (payment.card && !/^\d{4,6}$/.test(payment.card.number))
    report('BR-51', 'BT-87', '/payment/card/number', 'give the last 4 to 6 digits of the card, never more');
};
