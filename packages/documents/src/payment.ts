import type { Account, IssuedInvoice } from '@invoicepress/invoice';
import type { Format } from './format.ts';
import { labelled, type LabelledText } from './labelled.ts';
import type { Words } from './languages/index.ts';
import { identifierText, registrationText, texts } from './parties.ts';
import { epcPayload, paymentCodeSvg } from './payment-code.ts';

export interface PaymentView {
  facts: LabelledText[];
  /** An SVG. */
  code: string | null;
}

export function paymentOf(invoice: IssuedInvoice, words: Words, format: Format): PaymentView | null {
  const { payment, number, payee, seller } = invoice;
  const { directDebit, card, moreAccounts = [] } = payment ?? {};
  const account = payment?.iban ?? payment?.accountId;
  const payload = epcPayload(invoice);
  const facts = labelled(
    [words.payee, payee && texts(payee.name, ...payeeIds(payee)).join('\n')],
    [words.paymentMethod, payment?.meansText ?? (directDebit && words.directDebit)],
    [words.accountName, account && (payment?.accountName ?? (payee ? undefined : seller.name))],
    ['IBAN', payment?.iban && inFours(payment.iban)],
    [words.account, payment?.accountId],
    ['BIC', payment?.bic],
    ...moreAccounts.map((more): LabelledText => [more.iban ? 'IBAN' : words.account, accountText(more)]),
    [words.mandateId, directDebit?.mandateId],
    [words.creditorId, directDebit?.creditorId],
    [words.debitedAccount, directDebit && inFours(directDebit.debitedIban)],
    [words.card, card && texts(`•••• ${card.number}`, card.holder).join(' · ')],
    [words.reference, payment?.reference ?? (account && number)],
    [words.terms, payment?.terms],
  ).map(([label, text]): LabelledText => [label, format.verbatim(text)]);
  return facts.length > 0 ? { facts, code: payload ? paymentCodeSvg(payload) : null } : null;
}

const payeeIds = ({ identifier, ...payee }: NonNullable<IssuedInvoice['payee']>) => [
  identifier && identifierText(identifier),
  registrationText(payee),
];

const accountText = ({ iban, accountId, bic, accountName }: Account): string =>
  texts(iban && inFours(iban), accountId, bic, accountName).join(' · ');

const inFours = (iban: string): string => iban.replace(/\s/g, '').replace(/.{4}(?=.)/g, '$&\u00a0');

/** BG-24: what goes with the invoice, by the name that it is sent under, and where to find it. */
export const attachmentsOf = ({ attachments = [] }: IssuedInvoice, format: Format): LabelledText[] =>
  labelled(
    ...attachments.map(({ id, description, file, url }): LabelledText => [
      format.verbatim(id),
      format.verbatim(texts(description, file?.name, url).join('\n')),
    ]),
  );
