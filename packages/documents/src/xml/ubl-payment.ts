/** How a UBL invoice is paid. */
import { isCreditNote, type Account, type IssuedInvoice, type Payment } from '@invoicepress/invoice';
import { paymentMeansOf, paymentTermsOf, remittanceOf } from './derived.ts';
import { cac, cbc } from './ubl-elements.ts';
import { each, type Xml } from './writer.ts';

/** BG-16 and BT-20. A credit note's due date has no other place than its means of payment: 1, not defined, if need be. */
export function payment(invoice: IssuedInvoice): Xml {
  const dueDate = isCreditNote(invoice.typeCode) ? invoice.dueDate : undefined;
  const means = paymentMeansOf(invoice);
  if (means.length === 0 && dueDate) means.push({ code: '1' });
  return (
    each(means, ({ code, account, once }, index) =>
      cac(
        'PaymentMeans',
        cbc('PaymentMeansCode', code, { name: once?.meansText }), // BT-81, BT-82
        cbc('PaymentDueDate', index === 0 ? dueDate : undefined), // BT-9
        cbc('PaymentID', remittanceOf(invoice)), // BT-83
        card(once?.card),
        creditTransfer(account),
        directDebit(once?.directDebit),
      ),
    ) + cac('PaymentTerms', cbc('Note', paymentTermsOf(invoice))) // BT-20
  );
}

/** BG-18. UBL wants the card's network, the standard does not know it: "NA", as Peppol recommends. */
const card = (value: Payment['card']): Xml =>
  value
    ? cac(
        'CardAccount',
        cbc('PrimaryAccountNumberID', value.number), // BT-87
        cbc('NetworkID', 'NA'),
        cbc('HolderName', value.holder), // BT-88
      )
    : '';

/** BG-17. */
const creditTransfer = (account: Account | undefined): Xml =>
  cac(
    'PayeeFinancialAccount',
    cbc('ID', account?.iban ?? account?.accountId), // BT-84
    cbc('Name', account?.accountName), // BT-85
    cac('FinancialInstitutionBranch', cbc('ID', account?.bic)), // BT-86
  );

/** BG-19; BT-90 stands with the seller or the payee. */
const directDebit = (value: Payment['directDebit']): Xml =>
  cac(
    'PaymentMandate',
    cbc('ID', value?.mandateId), // BT-89
    cac('PayerFinancialAccount', cbc('ID', value?.debitedIban)), // BT-91
  );
