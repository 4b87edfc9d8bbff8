/** Reads an invoice back from UBL 2.1, as CEN/TS 16931-3-2 maps it. Written from the standard, not from our writer. */
import { number, tidy, type Carried } from './carried.ts';
import { adjustments, identifier, period, line } from './read-ubl-line.ts';
import { all, first, textAt, type Element } from './tree.ts';

export const readUbl = (root: Element): Carried => {
  const credit = root.name === 'CreditNote';
  const at = (path: string) => textAt(root, path);
  const documents = all(root, 'AdditionalDocumentReference');
  const ofType = (code: string) => documents.find((document) => textAt(document, 'DocumentTypeCode') === code);
  const orderReference = at('OrderReference/ID');
  return tidy({
    specification: at('CustomizationID'),
    businessProcess: at('ProfileID'),
    number: at('ID'),
    issueDate: at('IssueDate'),
    typeCode: at('InvoiceTypeCode') ?? at('CreditNoteTypeCode'),
    dueDate: credit ? at('PaymentMeans/PaymentDueDate') : at('DueDate'),
    taxPointDate: at('TaxPointDate'),
    taxPointDateCode: at('InvoicePeriod/DescriptionCode'),
    currency: at('DocumentCurrencyCode'),
    taxCurrency: at('TaxCurrencyCode'),
    buyerReference: at('BuyerReference'),
    projectReference: credit ? textAt(ofType('50'), 'ID') : at('ProjectReference/ID'),
    contractReference: at('ContractDocumentReference/ID'),
    orderReference: orderReference === 'NA' ? undefined : orderReference, // there for BT-14 alone
    salesOrderReference: at('OrderReference/SalesOrderID'),
    receivingAdviceReference: at('ReceiptDocumentReference/ID'),
    despatchAdviceReference: at('DespatchDocumentReference/ID'),
    tenderReference: at('OriginatorDocumentReference/ID'),
    accountingReference: at('AccountingCost'),
    invoicedObject: identifier(first(ofType('130'), 'ID')),
    precedingInvoices: all(root, 'BillingReference/InvoiceDocumentReference').map((each) => ({
      number: textAt(each, 'ID'),
      issueDate: textAt(each, 'IssueDate'),
    })),
    notes: all(root, 'Note').map(({ text }) => note(text)),
    period: period(first(root, 'InvoicePeriod')),
    attachments: documents.filter((each) => !first(each, 'DocumentTypeCode')).map(attachment),
    seller: party(first(root, 'AccountingSupplierParty/Party')),
    buyer: party(first(root, 'AccountingCustomerParty/Party')),
    payee: payee(first(root, 'PayeeParty')),
    taxRepresentative: {
      name: at('TaxRepresentativeParty/PartyName/Name'),
      vatId: at('TaxRepresentativeParty/PartyTaxScheme/CompanyID'),
      address: address(first(root, 'TaxRepresentativeParty/PostalAddress')),
    },
    delivery: {
      date: at('Delivery/ActualDeliveryDate'),
      name: at('Delivery/DeliveryParty/PartyName/Name'),
      location: identifier(first(root, 'Delivery/DeliveryLocation/ID')),
      address: address(first(root, 'Delivery/DeliveryLocation/Address')),
    },
    paymentTerms: at('PaymentTerms/Note'),
    payment: payment(root),
    lines: all(root, `${root.name}Line`).map(line),
    ...adjustments(root),
    totals: totals(root),
  });
};

const note = (text: string): Carried => {
  const [, subjectCode, rest] = /^#([A-Z]{3})#([^]*)$/.exec(text) ?? [];
  return { subjectCode, text: rest ?? text };
};

const attachment = (element: Element): Carried => {
  const file = first(element, 'Attachment/EmbeddedDocumentBinaryObject');
  return {
    id: textAt(element, 'ID'),
    description: textAt(element, 'DocumentDescription'),
    url: textAt(element, 'Attachment/ExternalReference/URI'),
    file: { name: file?.attributes['filename'], mediaType: file?.attributes['mimeCode'], base64: file?.text },
  };
};

const address = (element: Element | undefined): Carried => ({
  line1: textAt(element, 'StreetName'),
  line2: textAt(element, 'AdditionalStreetName'),
  line3: textAt(element, 'AddressLine/Line'),
  city: textAt(element, 'CityName'),
  postCode: textAt(element, 'PostalZone'),
  subdivision: textAt(element, 'CountrySubentity'),
  country: textAt(element, 'Country/IdentificationCode'),
});

const party = (element: Element | undefined): Carried => {
  const identifiers = all(element, 'PartyIdentification/ID').filter(
    ({ attributes }) => attributes['schemeID'] !== 'SEPA',
  );
  const registered = (vat: boolean) =>
    all(element, 'PartyTaxScheme').find((each) => (textAt(each, 'TaxScheme/ID') === 'VAT') === vat);
  const registration = first(element, 'PartyLegalEntity/CompanyID');
  return {
    name: textAt(element, 'PartyLegalEntity/RegistrationName'),
    tradingName: textAt(element, 'PartyName/Name'),
    identifiers: identifiers
      .toSorted((a, b) => Object.keys(a.attributes).length - Object.keys(b.attributes).length)
      .map(identifier),
    registrationId: registration?.text,
    registrationScheme: registration?.attributes['schemeID'],
    vatId: textAt(registered(true), 'CompanyID'),
    taxNumber: textAt(registered(false), 'CompanyID'),
    legalInformation: textAt(element, 'PartyLegalEntity/CompanyLegalForm'),
    electronicAddress: identifier(first(element, 'EndpointID')),
    address: address(first(element, 'PostalAddress')),
    contact: {
      name: textAt(element, 'Contact/Name'),
      phone: textAt(element, 'Contact/Telephone'),
      email: textAt(element, 'Contact/ElectronicMail'),
    },
  };
};

const payee = (element: Element | undefined): Carried => {
  const own = all(element, 'PartyIdentification/ID').find(({ attributes }) => attributes['schemeID'] !== 'SEPA');
  const registration = first(element, 'PartyLegalEntity/CompanyID');
  return {
    name: textAt(element, 'PartyName/Name'),
    identifier: identifier(own),
    registrationId: registration?.text,
    registrationScheme: registration?.attributes['schemeID'],
  };
};

const payment = (root: Element): Carried => {
  const means = all(root, 'PaymentMeans');
  const [once] = means;
  // In a credit note one may be there for the due date alone, which has no other place.
  if (!once || (first(once, 'PaymentDueDate') && !first(once, 'PaymentID'))) return undefined;
  const code = first(once, 'PaymentMeansCode');
  const creditors = ['AccountingSupplierParty/Party', 'PayeeParty'].flatMap((path) =>
    all(root, `${path}/PartyIdentification/ID`),
  );
  return {
    meansCode: code?.text,
    meansText: code?.attributes['name'],
    reference: textAt(once, 'PaymentID'),
    card: {
      number: textAt(once, 'CardAccount/PrimaryAccountNumberID'),
      holder: textAt(once, 'CardAccount/HolderName'),
    },
    directDebit: {
      mandateId: textAt(once, 'PaymentMandate/ID'),
      creditorId: creditors.find(({ attributes }) => attributes['schemeID'] === 'SEPA')?.text,
      debitedIban: textAt(once, 'PaymentMandate/PayerFinancialAccount/ID'),
    },
    accounts: means
      .flatMap((each) => all(each, 'PayeeFinancialAccount'))
      .map((account) => ({
        id: textAt(account, 'ID'),
        accountName: textAt(account, 'Name'),
        bic: textAt(account, 'FinancialInstitutionBranch/ID'),
      })),
  };
};

const totals = (root: Element): Carried => {
  const sum = (name: string) => number(textAt(root, `LegalMonetaryTotal/${name}`));
  const taxTotals = all(root, 'TaxTotal');
  const main = taxTotals.find((each) => first(each, 'TaxSubtotal'));
  const second = taxTotals.find((each) => each !== main);
  return {
    lineTotal: sum('LineExtensionAmount'),
    allowanceTotal: sum('AllowanceTotalAmount') ?? '0',
    chargeTotal: sum('ChargeTotalAmount') ?? '0',
    taxExclusive: sum('TaxExclusiveAmount'),
    tax: number(textAt(main, 'TaxAmount')),
    taxInTaxCurrency: number(textAt(second, 'TaxAmount')),
    taxInclusive: sum('TaxInclusiveAmount'),
    prepaid: sum('PrepaidAmount') ?? '0',
    rounding: sum('PayableRoundingAmount'),
    payable: sum('PayableAmount'),
    taxSubtotals: all(main, 'TaxSubtotal').map((each) => {
      const category = textAt(each, 'TaxCategory/ID');
      return {
        category,
        rate: category === 'O' ? undefined : number(textAt(each, 'TaxCategory/Percent')),
        taxable: number(textAt(each, 'TaxableAmount')),
        tax: number(textAt(each, 'TaxAmount')),
        exemptionReason: textAt(each, 'TaxCategory/TaxExemptionReason'),
        exemptionCode: textAt(each, 'TaxCategory/TaxExemptionReasonCode'),
      };
    }),
  };
};
