import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { InvoiceDraft } from '@invoicepress/invoice';
import { toCii, toUbl } from '../../src/xml/index.ts';
import { anIssuedInvoice } from '../an-issued-invoice.ts';
import { aCard, aDirectDebit, aMaximalInvoice } from './a-maximal-invoice.ts';
import { readXml, type Reader } from './reading.ts';

const settlement = 'SupplyChainTradeTransaction/ApplicableHeaderTradeSettlement';
const means = `${settlement}/SpecifiedTradeSettlementPaymentMeans`;
const agreement = 'SupplyChainTradeTransaction/ApplicableHeaderTradeAgreement';
const line = 'SupplyChainTradeTransaction/IncludedSupplyChainTradeLineItem';
const prices = `${line}/SpecifiedLineTradeAgreement`;

const both = (overrides: Partial<InvoiceDraft> = {}): { ubl: Reader; cii: Reader } => {
  const invoice = anIssuedInvoice(overrides);
  return { ubl: readXml(toUbl(invoice)), cii: readXml(toCii(invoice)) };
};
const aLine = (overrides: Partial<InvoiceDraft['lines'][number]>): Pick<InvoiceDraft, 'lines'> => ({
  lines: [{ name: 'Paper', quantity: '1', unitPrice: '10', taxRate: '19', ...overrides }],
});

for (const typeCode of ['381', '261', '396'] as const) {
  test(`type ${typeCode} is a CreditNote in UBL and keeps its code in CII`, () => {
    const invoice = aMaximalInvoice({ typeCode });
    const xml = toUbl(invoice);
    const ubl = readXml(xml);
    assert.match(xml, /<CreditNote xmlns="urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2"/);
    assert.deepEqual(ubl.all('CreditNoteTypeCode'), [typeCode]);
    assert.deepEqual(ubl.all('CreditNoteLine[1]/CreditedQuantity'), ['1000']);
    assert.deepEqual(readXml(toCii(invoice)).all('ExchangedDocument/TypeCode'), [typeCode]);
  });
}

test('a credit note has its due date with the means of payment and its project among the documents', () => {
  const ubl = readXml(toUbl(aMaximalInvoice({ typeCode: '381' })));
  assert.deepEqual(ubl.all('DueDate'), []);
  assert.deepEqual(ubl.all('PaymentMeans/PaymentDueDate'), ['2026-12-22']);
  assert.deepEqual(ubl.all('AdditionalDocumentReference[cbc:DocumentTypeCode=50]/ID'), ['BT-11']);
  assert.deepEqual(ubl.all('OriginatorDocumentReference/ID'), ['BT-17']);
  assert.deepEqual(ubl.all('TaxPointDate'), ['2026-11-21']);
});

test('a credit note that is due but says nothing of how it is paid has undefined means in UBL, none in CII', () => {
  const { ubl, cii } = both({ typeCode: '381', payment: { terms: 'Net.' } });
  assert.deepEqual(ubl.all('PaymentMeans/PaymentMeansCode'), ['1']);
  assert.deepEqual(cii.all(`${means}/TypeCode`), []);
});

for (const [code, ciiCode] of [
  ['3', '5'],
  ['35', '29'],
  ['432', '72'],
] as const) {
  test(`the tax point ${code} is ${code} in UBL and ${ciiCode} in CII`, () => {
    const { ubl, cii } = both({ taxPointDateCode: code });
    assert.deepEqual(ubl.all('InvoicePeriod/DescriptionCode'), [code]);
    assert.deepEqual(new Set(cii.all(`${settlement}/ApplicableTradeTax/DueDateTypeCode`)), new Set([ciiCode]));
  });
}

test('a direct debit names its mandate, its creditor with whoever is paid, and the account', () => {
  for (const [payee, party] of [
    [{ name: 'Factor AG' }, 'PayeeParty'],
    [undefined, 'AccountingSupplierParty/Party'],
  ] as const) {
    const { ubl, cii } = both({ payment: aDirectDebit, ...(payee && { payee }) });
    assert.deepEqual(ubl.all('PaymentMeans/PaymentMeansCode'), ['59']);
    assert.deepEqual(ubl.all('PaymentMeans/PaymentMandate/ID'), ['BT-89']);
    assert.deepEqual(ubl.all(`${party}/PartyIdentification/ID[@schemeID='SEPA']`), ['DE98ZZZ09999999999']);
    assert.deepEqual(ubl.all("//cbc:ID[@schemeID='SEPA']").length, 1);
    assert.deepEqual(ubl.all('PaymentMeans/PaymentMandate/PayerFinancialAccount/ID'), ['AT611904300234573201']);
    assert.deepEqual(cii.all(`${means}/TypeCode`), ['59']);
    assert.deepEqual(cii.all(`${settlement}/SpecifiedTradePaymentTerms/DirectDebitMandateID`), ['BT-89']);
    assert.deepEqual(cii.all(`${settlement}/CreditorReferenceID`), ['DE98ZZZ09999999999']);
    assert.deepEqual(cii.all(`${means}/PayerPartyDebtorFinancialAccount/IBANID`), ['AT611904300234573201']);
  }
});

test('a card has its last digits and its holder', () => {
  const { ubl, cii } = both({ payment: aCard });
  assert.deepEqual(ubl.all('PaymentMeans/PaymentMeansCode'), ['48']);
  assert.deepEqual(ubl.all('PaymentMeans/CardAccount/PrimaryAccountNumberID'), ['123456']);
  assert.deepEqual(ubl.all('PaymentMeans/CardAccount/HolderName'), ['BT-88']);
  assert.deepEqual(cii.all(`${means}/ApplicableTradeSettlementFinancialCard/ID`), ['123456']);
  assert.deepEqual(cii.all(`${means}/ApplicableTradeSettlementFinancialCard/CardholderName`), ['BT-88']);
});

test('each account has means of its own, of one kind; their text stands once', () => {
  const { ubl, cii } = both({
    payment: { meansText: 'Transfer', iban: 'DE89370400440532013000', moreAccounts: [{ accountId: '0532013000' }] },
  });
  assert.deepEqual(ubl.all('PaymentMeans/PaymentMeansCode'), ['30', '30']);
  assert.deepEqual(ubl.all('PaymentMeans/PaymentMeansCode/@name'), ['Transfer']);
  assert.deepEqual(ubl.all('PaymentMeans/PayeeFinancialAccount/ID'), ['DE89370400440532013000', '0532013000']);
  assert.deepEqual(cii.all(`${means}/TypeCode`), ['30', '30']);
  assert.deepEqual(cii.all(`${means}/PayeePartyCreditorFinancialAccount/IBANID`), ['DE89370400440532013000']);
  assert.deepEqual(cii.all(`${means}/PayeePartyCreditorFinancialAccount/ProprietaryID`), ['0532013000']);
});

test('a payment refers to the invoice by its number unless told otherwise', () => {
  const { ubl, cii } = both({ number: 'INV-9', payment: { iban: 'DE89370400440532013000' } });
  assert.deepEqual(ubl.all('PaymentMeans/PaymentID'), ['INV-9']);
  assert.deepEqual(cii.all(`${settlement}/PaymentReference`), ['INV-9']);
});

test('terms alone are no means of payment', () => {
  const { ubl, cii } = both({ payment: { terms: 'Net.' } });
  assert.deepEqual(ubl.all('//cac:PaymentMeans'), []);
  assert.deepEqual(ubl.all('PaymentTerms/Note'), ['Net.']);
  assert.deepEqual(cii.all(means), []);
  assert.deepEqual(cii.all(`${settlement}/PaymentReference`), []);
});

test('a cash discount in the form of XRechnung ends with a line feed', () => {
  const { ubl, cii } = both({ payment: { terms: '#SKONTO#TAGE=14#PROZENT=2.00#' } });
  assert.deepEqual(ubl.all('PaymentTerms/Note'), ['#SKONTO#TAGE=14#PROZENT=2.00#\n']);
  assert.deepEqual(cii.all(`${settlement}/SpecifiedTradePaymentTerms/Description`), [
    '#SKONTO#TAGE=14#PROZENT=2.00#\n',
  ]);
});

test('a document names the strictest rules that its recipients can check', () => {
  const named = (...profiles: NonNullable<InvoiceDraft['profiles']>) => {
    const { ubl, cii } = both({ profiles });
    return {
      ubl: [...ubl.all('CustomizationID'), ...ubl.all('ProfileID')],
      cii: [
        ...cii.all('ExchangedDocumentContext/GuidelineSpecifiedDocumentContextParameter/ID'),
        ...cii.all('ExchangedDocumentContext/BusinessProcessSpecifiedDocumentContextParameter/ID'),
      ],
    };
  };
  const plain = 'urn:cen.eu:en16931:2017';
  const peppol = `${plain}#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0`;
  const xrechnung = `${plain}#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0`;
  const process = 'urn:fdc:peppol.eu:2017:poacc:billing:01:1.0';
  assert.deepEqual(named('facturx'), { ubl: [plain], cii: [plain] });
  assert.deepEqual(named('peppol'), { ubl: [peppol, process], cii: [plain, process] });
  assert.deepEqual(named('peppol', 'xrechnung'), { ubl: [xrechnung, process], cii: [xrechnung, process] });
});

test('what is outside of VAT has no rate but the 0 of the breakdown', () => {
  const outside = { reason: 'x', amount: '1', taxCategory: 'O' } as const;
  const { ubl, cii } = both({
    ...aLine({ taxCategory: 'O', taxRate: '0' }),
    allowances: [outside],
    charges: [outside],
  });
  assert.deepEqual(ubl.all('//cbc:Percent'), ['0']);
  assert.deepEqual(ubl.all('TaxTotal/TaxSubtotal/TaxCategory/Percent'), ['0']);
  assert.deepEqual(cii.all('//ram:RateApplicablePercent'), ['0']);
  assert.deepEqual(cii.all(`${settlement}/ApplicableTradeTax/RateApplicablePercent`), ['0']);
});

test('the date of the tax point stands once in CII, however many rates there are', () => {
  const { cii } = both({ taxPointDate: '2026-11-21' });
  assert.equal(cii.all(`${settlement}/ApplicableTradeTax`).length, 2);
  assert.equal(cii.all(`${settlement}/ApplicableTradeTax/TaxPointDate`).length, 1);
});

test('a sales order without an order has the placeholder that UBL needs', () => {
  const { orderReference: _orderReference, ...invoice } = anIssuedInvoice({ salesOrderReference: 'SO-1' });
  assert.deepEqual(readXml(toUbl(invoice)).all('OrderReference/ID'), ['NA']);
  assert.deepEqual(readXml(toCii(invoice)).all(`${agreement}/BuyerOrderReferencedDocument`), []);
});

test('of a gross price and its discount, one implies the other', () => {
  for (const price of [
    { unitPrice: '9.5', grossPrice: '10' },
    { unitPrice: '9.5', priceDiscount: '0.5' },
  ]) {
    const { ubl, cii } = both(aLine(price));
    assert.deepEqual(ubl.all('InvoiceLine/Price/AllowanceCharge/Amount'), ['0.5']);
    assert.deepEqual(ubl.all('InvoiceLine/Price/AllowanceCharge/BaseAmount'), ['10']);
    assert.deepEqual(cii.all(`${prices}/GrossPriceProductTradePrice/ChargeAmount`), ['10']);
    assert.deepEqual(cii.all('//ram:AppliedTradeAllowanceCharge/ram:ActualAmount'), ['0.5']);
  }
});

test('a net price for one unit is all that is said of it', () => {
  const { ubl, cii } = both(aLine({}));
  assert.deepEqual(ubl.all('InvoiceLine/Price/*'), ['10']);
  assert.deepEqual(cii.all(`${prices}/*/*`), ['10']);
});

test('totals of nothing are left out', () => {
  const { ubl, cii } = both();
  for (const name of ['AllowanceTotalAmount', 'ChargeTotalAmount', 'PrepaidAmount', 'PayableRoundingAmount'])
    assert.deepEqual(ubl.all(`LegalMonetaryTotal/${name}`), []);
  for (const name of ['AllowanceTotalAmount', 'ChargeTotalAmount', 'TotalPrepaidAmount', 'RoundingAmount'])
    assert.deepEqual(cii.all(`//ram:${name}`), []);
});

test('a tax number and legal information are said of sellers only', () => {
  const { buyer } = anIssuedInvoice();
  const { ubl, cii } = both({ buyer: { ...buyer, taxNumber: '12/345', legalInformation: 'Verein' } });
  assert.deepEqual(ubl.all('AccountingCustomerParty/Party/PartyTaxScheme/CompanyID'), [buyer.vatId]);
  assert.deepEqual(ubl.all('AccountingCustomerParty/Party/PartyLegalEntity/CompanyLegalForm'), []);
  assert.deepEqual(cii.all(`${agreement}/BuyerTradeParty/SpecifiedTaxRegistration/ID`), [buyer.vatId]);
  assert.deepEqual(cii.all(`${agreement}/BuyerTradeParty/Description`), []);
});

test('CII has the delivery that its schema demands even when there was none', () => {
  const { delivery: _delivery, ...invoice } = anIssuedInvoice();
  assert.equal(readXml(toCii(invoice)).all('SupplyChainTradeTransaction/ApplicableHeaderTradeDelivery').length, 1);
});

test('identifiers without a scheme precede the others in CII', () => {
  const { seller } = anIssuedInvoice();
  const { cii } = both({
    seller: { ...seller, identifiers: [{ id: '4012345000009', scheme: '0088' }, { id: 'K-1' }] },
  });
  assert.deepEqual(cii.all(`${agreement}/SellerTradeParty/*[position()<3]`), ['K-1', '4012345000009']);
});
