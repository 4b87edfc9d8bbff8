/** Reads an invoice back from CII D16B, as CEN/TS 16931-3-3 maps it. Written from the standard, not from our writer. */
import { number, tidy, type Carried } from './carried.ts';
import { adjustments, date, identifier, invoicedObject, period, line } from './read-cii-line.ts';
import { all, first, textAt, type Element } from './tree.ts';

export const readCii = (root: Element): Carried => {
  const header = first(root, 'ExchangedDocument');
  const trade = first(root, 'SupplyChainTradeTransaction');
  const agreement = first(trade, 'ApplicableHeaderTradeAgreement');
  const delivery = first(trade, 'ApplicableHeaderTradeDelivery');
  const settlement = first(trade, 'ApplicableHeaderTradeSettlement');
  const context = (name: string) => textAt(root, `ExchangedDocumentContext/${name}/ID`);
  const documents = all(agreement, 'AdditionalReferencedDocument');
  const ofType = (code: string) => documents.filter((document) => textAt(document, 'TypeCode') === code);
  const breakdown = all(settlement, 'ApplicableTradeTax');
  return tidy({
    specification: context('GuidelineSpecifiedDocumentContextParameter'),
    businessProcess: context('BusinessProcessSpecifiedDocumentContextParameter'),
    number: textAt(header, 'ID'),
    issueDate: date(header, 'IssueDateTime'),
    typeCode: textAt(header, 'TypeCode'),
    notes: all(header, 'IncludedNote').map((each) => ({
      text: textAt(each, 'Content'),
      subjectCode: textAt(each, 'SubjectCode'),
    })),
    dueDate: date(settlement, 'SpecifiedTradePaymentTerms/DueDateDateTime'),
    taxPointDate: breakdown.map((each) => date(each, 'TaxPointDate')).find(Boolean),
    taxPointDateCode: taxPointDateCode(breakdown.map((each) => textAt(each, 'DueDateTypeCode')).find(Boolean)),
    currency: textAt(settlement, 'InvoiceCurrencyCode'),
    taxCurrency: textAt(settlement, 'TaxCurrencyCode'),
    buyerReference: textAt(agreement, 'BuyerReference'),
    projectReference: textAt(agreement, 'SpecifiedProcuringProject/ID'),
    contractReference: textAt(agreement, 'ContractReferencedDocument/IssuerAssignedID'),
    orderReference: textAt(agreement, 'BuyerOrderReferencedDocument/IssuerAssignedID'),
    salesOrderReference: textAt(agreement, 'SellerOrderReferencedDocument/IssuerAssignedID'),
    receivingAdviceReference: textAt(delivery, 'ReceivingAdviceReferencedDocument/IssuerAssignedID'),
    despatchAdviceReference: textAt(delivery, 'DespatchAdviceReferencedDocument/IssuerAssignedID'),
    tenderReference: textAt(ofType('50')[0], 'IssuerAssignedID'),
    accountingReference: textAt(settlement, 'ReceivableSpecifiedTradeAccountingAccount/ID'),
    invoicedObject: invoicedObject(ofType('130')[0]),
    precedingInvoices: all(settlement, 'InvoiceReferencedDocument').map((each) => ({
      number: textAt(each, 'IssuerAssignedID'),
      issueDate: date(each, 'FormattedIssueDateTime'),
    })),
    period: period(settlement),
    attachments: ofType('916').map(attachment),
    seller: party(first(agreement, 'SellerTradeParty')),
    buyer: party(first(agreement, 'BuyerTradeParty')),
    payee: someone(first(settlement, 'PayeeTradeParty')),
    taxRepresentative: representative(first(agreement, 'SellerTaxRepresentativeTradeParty')),
    delivery: {
      date: date(delivery, 'ActualDeliverySupplyChainEvent/OccurrenceDateTime'),
      name: textAt(delivery, 'ShipToTradeParty/Name'),
      location: identifiers(first(delivery, 'ShipToTradeParty'))[0],
      address: address(first(delivery, 'ShipToTradeParty/PostalTradeAddress')),
    },
    paymentTerms: textAt(settlement, 'SpecifiedTradePaymentTerms/Description'),
    payment: payment(settlement),
    lines: all(trade, 'IncludedSupplyChainTradeLineItem').map(line),
    ...adjustments(settlement),
    totals: totals(settlement),
  });
};

/** BT-8 is of UNTDID 2005; CII has the codes of UNTDID 2475. */
const taxPointDateCode = (code: string | undefined): string | undefined =>
  code === undefined ? undefined : ({ '5': '3', '29': '35', '72': '432' }[code] ?? code);

const attachment = (document: Element): Carried => {
  const file = first(document, 'AttachmentBinaryObject');
  return {
    id: textAt(document, 'IssuerAssignedID'),
    description: textAt(document, 'Name'),
    url: textAt(document, 'URIID'),
    file: { name: file?.attributes['filename'], mediaType: file?.attributes['mimeCode'], base64: file?.text },
  };
};

const identifiers = (party: Element | undefined): Carried[] =>
  ['ID', 'GlobalID'].flatMap((name) => all(party, name)).map(identifier);

const address = (element: Element | undefined): Carried => ({
  line1: textAt(element, 'LineOne'),
  line2: textAt(element, 'LineTwo'),
  line3: textAt(element, 'LineThree'),
  city: textAt(element, 'CityName'),
  postCode: textAt(element, 'PostcodeCode'),
  subdivision: textAt(element, 'CountrySubDivisionName'),
  country: textAt(element, 'CountryID'),
});

const registration = (party: Element | undefined) => ({
  registrationId: textAt(party, 'SpecifiedLegalOrganization/ID'),
  registrationScheme: first(party, 'SpecifiedLegalOrganization/ID')?.attributes['schemeID'],
});

const taxRegistration = (party: Element | undefined, scheme: string): string | undefined =>
  all(party, 'SpecifiedTaxRegistration/ID').find(({ attributes }) => attributes['schemeID'] === scheme)?.text;

const party = (element: Element | undefined): Carried => {
  const endpoint = first(element, 'URIUniversalCommunication/URIID');
  const contact = first(element, 'DefinedTradeContact');
  return {
    name: textAt(element, 'Name'),
    tradingName: textAt(element, 'SpecifiedLegalOrganization/TradingBusinessName'),
    identifiers: identifiers(element),
    ...registration(element),
    vatId: taxRegistration(element, 'VA'),
    taxNumber: taxRegistration(element, 'FC'),
    legalInformation: textAt(element, 'Description'),
    electronicAddress: endpoint && identifier(endpoint),
    address: address(first(element, 'PostalTradeAddress')),
    contact: {
      name: textAt(contact, 'PersonName'),
      phone: textAt(contact, 'TelephoneUniversalCommunication/CompleteNumber'),
      email: textAt(contact, 'EmailURIUniversalCommunication/URIID'),
    },
  };
};

const someone = (element: Element | undefined): Carried => ({
  name: textAt(element, 'Name'),
  identifier: identifiers(element)[0],
  ...registration(element),
});

const representative = (element: Element | undefined): Carried => ({
  name: textAt(element, 'Name'),
  vatId: taxRegistration(element, 'VA'),
  address: address(first(element, 'PostalTradeAddress')),
});

const payment = (settlement: Element | undefined): Carried => {
  const means = all(settlement, 'SpecifiedTradeSettlementPaymentMeans');
  const [once] = means;
  if (!once) return undefined;
  return {
    meansCode: textAt(once, 'TypeCode'),
    meansText: textAt(once, 'Information'),
    reference: textAt(settlement, 'PaymentReference'),
    card: {
      number: textAt(once, 'ApplicableTradeSettlementFinancialCard/ID'),
      holder: textAt(once, 'ApplicableTradeSettlementFinancialCard/CardholderName'),
    },
    directDebit: {
      mandateId: textAt(settlement, 'SpecifiedTradePaymentTerms/DirectDebitMandateID'),
      creditorId: textAt(settlement, 'CreditorReferenceID'),
      debitedIban: textAt(once, 'PayerPartyDebtorFinancialAccount/IBANID'),
    },
    accounts: means
      .filter((each) => first(each, 'PayeePartyCreditorFinancialAccount'))
      .map((each) => ({
        id:
          textAt(each, 'PayeePartyCreditorFinancialAccount/IBANID') ??
          textAt(each, 'PayeePartyCreditorFinancialAccount/ProprietaryID'),
        accountName: textAt(each, 'PayeePartyCreditorFinancialAccount/AccountName'),
        bic: textAt(each, 'PayeeSpecifiedCreditorFinancialInstitution/BICID'),
      })),
  };
};

const totals = (settlement: Element | undefined): Carried => {
  const summation = first(settlement, 'SpecifiedTradeSettlementHeaderMonetarySummation');
  const currency = textAt(settlement, 'InvoiceCurrencyCode');
  const sum = (name: string) => number(textAt(summation, name));
  const tax = (own: boolean) =>
    number(
      all(summation, 'TaxTotalAmount').find(({ attributes }) => (attributes['currencyID'] === currency) === own)?.text,
    );
  return {
    lineTotal: sum('LineTotalAmount'),
    allowanceTotal: sum('AllowanceTotalAmount') ?? '0',
    chargeTotal: sum('ChargeTotalAmount') ?? '0',
    taxExclusive: sum('TaxBasisTotalAmount'),
    tax: tax(true),
    taxInTaxCurrency: tax(false),
    taxInclusive: sum('GrandTotalAmount'),
    prepaid: sum('TotalPrepaidAmount') ?? '0',
    rounding: sum('RoundingAmount'),
    payable: sum('DuePayableAmount'),
    taxSubtotals: all(settlement, 'ApplicableTradeTax').map((each) => {
      const category = textAt(each, 'CategoryCode');
      return {
        category,
        rate: category === 'O' ? undefined : number(textAt(each, 'RateApplicablePercent')),
        taxable: number(textAt(each, 'BasisAmount')),
        tax: number(textAt(each, 'CalculatedAmount')),
        exemptionReason: textAt(each, 'ExemptionReason'),
        exemptionCode: textAt(each, 'ExemptionReasonCode'),
      };
    }),
  };
};
