/** How a CII invoice is taxed, summed up and paid. */
import type { IssuedInvoice, TaxSubtotal } from '@invoicepress/invoice';
import { allowanceCharge, date, dateTime, formattedDateTime, period, ram, text } from './cii-elements.ts';
import { payee } from './cii-party.ts';
import { paymentMeansOf, paymentTermsOf, remittanceOf, totalsOf, type PaymentMeans } from './derived.ts';
import { each, type Xml } from './writer.ts';

export const settlement = (invoice: IssuedInvoice): Xml =>
  ram(
    'ApplicableHeaderTradeSettlement',
    text('CreditorReferenceID', invoice.payment?.directDebit?.creditorId), // BT-90
    text('PaymentReference', remittanceOf(invoice)), // BT-83
    text('TaxCurrencyCode', invoice.taxCurrency?.currency), // BT-6
    text('InvoiceCurrencyCode', invoice.currency), // BT-5
    payee(invoice), // BG-10
    each(paymentMeansOf(invoice), paymentMeans), // BG-16
    each(invoice.totals.taxSubtotals, (subtotal, index) => taxSubtotal(invoice, subtotal, index)), // BG-23
    period(invoice.period), // BG-14
    each(invoice.allowances, (item) => allowanceCharge(false, item)), // BG-20
    each(invoice.charges, (item) => allowanceCharge(true, item)), // BG-21
    ram(
      'SpecifiedTradePaymentTerms',
      text('Description', paymentTermsOf(invoice)), // BT-20
      dateTime('DueDateDateTime', invoice.dueDate), // BT-9
      text('DirectDebitMandateID', invoice.payment?.directDebit?.mandateId), // BT-89
    ),
    monetarySummation(invoice),
    each(invoice.precedingInvoices, ({ number, issueDate }) =>
      ram(
        'InvoiceReferencedDocument',
        text('IssuerAssignedID', number), // BT-25
        formattedDateTime('FormattedIssueDateTime', issueDate), // BT-26
      ),
    ),
    ram('ReceivableSpecifiedTradeAccountingAccount', text('ID', invoice.accountingReference)), // BT-19
  );

/** BG-16. */
const paymentMeans = ({ code, account, once }: PaymentMeans): Xml =>
  ram(
    'SpecifiedTradeSettlementPaymentMeans',
    text('TypeCode', code), // BT-81
    text('Information', once?.meansText), // BT-82
    ram(
      'ApplicableTradeSettlementFinancialCard',
      text('ID', once?.card?.number), // BT-87
      text('CardholderName', once?.card?.holder), // BT-88
    ),
    ram('PayerPartyDebtorFinancialAccount', text('IBANID', once?.directDebit?.debitedIban)), // BT-91
    ram(
      'PayeePartyCreditorFinancialAccount',
      text('IBANID', account?.iban), // BT-84
      text('AccountName', account?.accountName), // BT-85
      text('ProprietaryID', account?.iban ? undefined : account?.accountId), // BT-84
    ),
    ram('PayeeSpecifiedCreditorFinancialInstitution', text('BICID', account?.bic)), // BT-86
  );

/** BT-8 in UNTDID 2475, which CII uses where UBL and the standard have UNTDID 2005: issue, delivery, payment. */
const timeReference: Readonly<Record<string, string>> = { '3': '5', '35': '29', '432': '72' };

/** BG-23. The tax point is the whole invoice's: its date stands once (CII-SR-461), its code in every row. */
const taxSubtotal = ({ taxPointDate, taxPointDateCode }: IssuedInvoice, row: TaxSubtotal, index: number): Xml =>
  ram(
    'ApplicableTradeTax',
    text('CalculatedAmount', row.tax), // BT-117
    text('TypeCode', 'VAT'),
    text('ExemptionReason', row.exemptionReason), // BT-120
    text('BasisAmount', row.taxable), // BT-116
    text('CategoryCode', row.category), // BT-118
    text('ExemptionReasonCode', row.exemptionCode), // BT-121
    date('TaxPointDate', index === 0 ? taxPointDate : undefined), // BT-7
    text('DueDateTypeCode', taxPointDateCode && timeReference[taxPointDateCode]), // BT-8
    text('RateApplicablePercent', row.rate), // BT-119
  );

/** BG-22. */
const monetarySummation = (invoice: IssuedInvoice): Xml => {
  const { currency, taxCurrency } = invoice;
  const totals = totalsOf(invoice);
  return ram(
    'SpecifiedTradeSettlementHeaderMonetarySummation',
    text('LineTotalAmount', totals.lineTotal), // BT-106
    text('ChargeTotalAmount', totals.chargeTotal), // BT-108
    text('AllowanceTotalAmount', totals.allowanceTotal), // BT-107
    text('TaxBasisTotalAmount', totals.taxExclusive), // BT-109
    text('TaxTotalAmount', totals.tax, { currencyID: currency }), // BT-110
    text('TaxTotalAmount', totals.taxInTaxCurrency, { currencyID: taxCurrency?.currency }), // BT-111
    text('RoundingAmount', totals.rounding), // BT-114
    text('GrandTotalAmount', totals.taxInclusive), // BT-112
    text('TotalPrepaidAmount', totals.prepaid), // BT-113
    text('DuePayableAmount', totals.payable), // BT-115
  );
};
