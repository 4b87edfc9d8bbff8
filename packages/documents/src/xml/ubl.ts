import { isCreditNote, specificationOf, type Attachment, type IssuedInvoice, type Note } from '@invoicepress/invoice';
import { businessProcessOf, totalsOf } from './derived.ts';
import { address, allowanceCharge, amount, cac, cbc, identifier, period, taxCategory } from './ubl-elements.ts';
import { invoiceLine } from './ubl-line.ts';
import { parties } from './ubl-party.ts';
import { payment } from './ubl-payment.ts';
import { each, xmlDocument, type Xml } from './writer.ts';

const oasis = 'urn:oasis:names:specification:ubl:schema:xsd';

/**
 * UBL 2.1 (ISO/IEC 19845) as CEN/TS 16931-3-2 binds the standard to it: an Invoice, or a CreditNote, whose schema has some
 * elements in another place or not at all. Expects what `checkDraft` has accepted.
 */
export function toUbl(invoice: IssuedInvoice): string {
  const { currency, taxCurrency } = invoice;
  const kind = isCreditNote(invoice.typeCode) ? 'CreditNote' : 'Invoice';
  const only = (document: typeof kind, content: Xml) => (document === kind ? content : '');
  return xmlDocument(
    kind,
    {
      xmlns: `${oasis}:${kind}-2`,
      'xmlns:cac': `${oasis}:CommonAggregateComponents-2`,
      'xmlns:cbc': `${oasis}:CommonBasicComponents-2`,
    },
    cbc('CustomizationID', specificationOf(invoice.profiles)), // BT-24
    cbc('ProfileID', businessProcessOf(invoice)), // BT-23
    cbc('ID', invoice.number), // BT-1
    cbc('IssueDate', invoice.issueDate), // BT-2
    only('Invoice', cbc('DueDate', invoice.dueDate)), // BT-9
    only('CreditNote', cbc('TaxPointDate', invoice.taxPointDate)), // BT-7
    cbc(`${kind}TypeCode`, invoice.typeCode), // BT-3
    each(invoice.notes, note), // BG-1
    only('Invoice', cbc('TaxPointDate', invoice.taxPointDate)), // BT-7
    cbc('DocumentCurrencyCode', currency), // BT-5
    cbc('TaxCurrencyCode', taxCurrency?.currency), // BT-6
    cbc('AccountingCost', invoice.accountingReference), // BT-19
    cbc('BuyerReference', invoice.buyerReference), // BT-10
    period(invoice.period, invoice.taxPointDateCode), // BG-14, BT-8
    orderReference(invoice),
    each(invoice.precedingInvoices, ({ number, issueDate }) =>
      cac('BillingReference', cac('InvoiceDocumentReference', cbc('ID', number), cbc('IssueDate', issueDate))),
    ), // BT-25, BT-26
    reference('DespatchDocumentReference', invoice.despatchAdviceReference), // BT-16
    reference('ReceiptDocumentReference', invoice.receivingAdviceReference), // BT-15
    only('Invoice', reference('OriginatorDocumentReference', invoice.tenderReference)), // BT-17
    reference('ContractDocumentReference', invoice.contractReference), // BT-12
    object(invoice),
    only('CreditNote', project(invoice)),
    each(invoice.attachments, attachment), // BG-24
    only('CreditNote', reference('OriginatorDocumentReference', invoice.tenderReference)), // BT-17
    only('Invoice', reference('ProjectReference', invoice.projectReference)), // BT-11
    parties(invoice), // BG-4, BG-7, BG-10, BG-11
    delivery(invoice),
    payment(invoice), // BG-16
    each(invoice.allowances, (item) => allowanceCharge(false, item, currency)), // BG-20
    each(invoice.charges, (item) => allowanceCharge(true, item, currency)), // BG-21
    taxTotals(invoice),
    monetaryTotal(invoice),
    each(invoice.lines, (line) => invoiceLine(kind, line, currency)), // BG-25
  );
}

/** BT-22, preceded by BT-21 as "#AAI#". */
const note = ({ text, subjectCode }: Note): Xml => cbc('Note', subjectCode ? `#${subjectCode}#${text}` : text);

/** BT-13 and BT-14. UBL wants an order wherever there is a sales order: "NA" then, as Peppol recommends. */
const orderReference = ({ orderReference: order, salesOrderReference: salesOrder }: IssuedInvoice): Xml =>
  cac('OrderReference', cbc('ID', order ?? (salesOrder && 'NA')), cbc('SalesOrderID', salesOrder));

const reference = (name: string, id: string | undefined): Xml => cac(name, cbc('ID', id));

/** BT-18. */
const object = ({ invoicedObject }: IssuedInvoice): Xml =>
  invoicedObject
    ? cac('AdditionalDocumentReference', identifier('ID', invoicedObject), cbc('DocumentTypeCode', '130'))
    : '';

/** BT-11 in a credit note, which has no ProjectReference. */
const project = ({ projectReference }: IssuedInvoice): Xml =>
  projectReference
    ? cac('AdditionalDocumentReference', cbc('ID', projectReference), cbc('DocumentTypeCode', '50'))
    : '';

/** BG-24. */
const attachment = ({ id, description, url, file }: Attachment): Xml =>
  cac(
    'AdditionalDocumentReference',
    cbc('ID', id), // BT-122
    cbc('DocumentDescription', description), // BT-123
    cac(
      'Attachment',
      cbc('EmbeddedDocumentBinaryObject', file?.base64, { mimeCode: file?.mediaType, filename: file?.name }), // BT-125
      cac('ExternalReference', cbc('URI', url)), // BT-124
    ),
  );

/** BG-13. */
const delivery = ({ delivery: value }: IssuedInvoice): Xml =>
  cac(
    'Delivery',
    cbc('ActualDeliveryDate', value?.date), // BT-72
    cac('DeliveryLocation', identifier('ID', value?.location), address('Address', value?.address)), // BT-71, BG-15
    cac('DeliveryParty', cac('PartyName', cbc('Name', value?.name))), // BT-70
  );

/** BT-110 with BG-23, and BT-111 on its own. */
const taxTotals = ({ totals, currency, taxCurrency }: IssuedInvoice): Xml =>
  cac(
    'TaxTotal',
    amount('TaxAmount', totals.tax, currency), // BT-110
    each(totals.taxSubtotals, (subtotal) =>
      cac(
        'TaxSubtotal',
        amount('TaxableAmount', subtotal.taxable, currency), // BT-116
        amount('TaxAmount', subtotal.tax, currency), // BT-117
        taxCategory('TaxCategory', subtotal.category, subtotal.rate, subtotal), // BT-118 to BT-121
      ),
    ),
  ) + (taxCurrency ? cac('TaxTotal', amount('TaxAmount', totals.taxInTaxCurrency, taxCurrency.currency)) : ''); // BT-111

/** BG-22. */
const monetaryTotal = (invoice: IssuedInvoice): Xml => {
  const { currency } = invoice;
  const totals = totalsOf(invoice);
  return cac(
    'LegalMonetaryTotal',
    amount('LineExtensionAmount', totals.lineTotal, currency), // BT-106
    amount('TaxExclusiveAmount', totals.taxExclusive, currency), // BT-109
    amount('TaxInclusiveAmount', totals.taxInclusive, currency), // BT-112
    amount('AllowanceTotalAmount', totals.allowanceTotal, currency), // BT-107
    amount('ChargeTotalAmount', totals.chargeTotal, currency), // BT-108
    amount('PrepaidAmount', totals.prepaid, currency), // BT-113
    amount('PayableRoundingAmount', totals.rounding, currency), // BT-114
    amount('PayableAmount', totals.payable, currency), // BT-115
  );
};
