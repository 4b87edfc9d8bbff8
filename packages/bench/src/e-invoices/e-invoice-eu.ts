/** @e-invoice-eu/core, which takes an invoice in the shape of UBL; only measured here (WTFPL). */
import { InvoiceService, type Invoice } from '@e-invoice-eu/core';
import type { IssuedInvoice, Line } from '@invoicepress/invoice';
import type { Rival } from './rival.ts';

/** It announces on each call what it will change; that is no part of the work. */
const silent = { log: () => {}, warn: () => {}, error: () => {} };

export const createEInvoiceEu = (): Required<Rival> => {
  const service = new InvoiceService(silent);
  const generate = (invoice: IssuedInvoice, format: string, pdf?: Uint8Array) => {
    const input = toUblShape(invoice);
    const file = pdf && { buffer: pdf, filename: 'invoice.pdf', mimetype: 'application/pdf' };
    return () => service.generate(input, { format, lang: 'en', noWarnings: true, ...(file && { pdf: file }) });
  };
  return {
    ubl: (invoice) => generate(invoice, 'UBL'),
    cii: (invoice) => generate(invoice, 'CII'),
    facturx: (invoice, pdf) => generate(invoice, 'Factur-X-EN16931', pdf),
  };
};

const vat = { 'cbc:ID': 'VAT' };

const toUblShape = (invoice: IssuedInvoice): Invoice => {
  const { seller, buyer, totals, currency } = invoice;
  const amount = (name: string, value: string) => ({ [name]: value, [`${name}@currencyID`]: currency });
  const party = ({ name, registrationId, vatId, electronicAddress, address, contact }: typeof seller) => ({
    'cbc:EndpointID': electronicAddress?.id,
    'cbc:EndpointID@schemeID': electronicAddress?.scheme,
    'cac:PostalAddress': {
      'cbc:StreetName': address.line1,
      'cbc:CityName': address.city,
      'cbc:PostalZone': address.postCode,
      'cac:Country': { 'cbc:IdentificationCode': address.country },
    },
    'cac:PartyLegalEntity': {
      'cbc:RegistrationName': name,
      ...(registrationId && { 'cbc:CompanyID': registrationId }),
    },
    'cac:Contact': {
      'cbc:Name': contact?.name,
      ...(contact?.phone && { 'cbc:Telephone': contact.phone }),
      ...(contact?.email && { 'cbc:ElectronicMail': contact.email }),
    },
    vat: { 'cbc:CompanyID': vatId, 'cac:TaxScheme': vat },
  });
  const { vat: sellerVat, ...supplier } = party(seller);
  const { vat: buyerVat, ...customer } = party(buyer);
  const shape = {
    'ubl:Invoice': {
      'cbc:ID': invoice.number,
      'cbc:IssueDate': invoice.issueDate,
      'cbc:DueDate': invoice.dueDate,
      'cbc:InvoiceTypeCode': invoice.typeCode,
      'cbc:DocumentCurrencyCode': currency,
      'cbc:BuyerReference': invoice.buyerReference,
      'cac:OrderReference': { 'cbc:ID': invoice.orderReference },
      'cac:AccountingSupplierParty': { 'cac:Party': { ...supplier, 'cac:PartyTaxScheme': [sellerVat] } },
      'cac:AccountingCustomerParty': { 'cac:Party': { ...customer, 'cac:PartyTaxScheme': buyerVat } },
      'cac:Delivery': { 'cbc:ActualDeliveryDate': invoice.delivery?.date },
      'cac:PaymentMeans': [
        {
          'cbc:PaymentMeansCode': '58',
          'cbc:PaymentID': invoice.number,
          'cac:PayeeFinancialAccount': {
            'cbc:ID': invoice.payment?.iban,
            'cac:FinancialInstitutionBranch': { 'cbc:ID': invoice.payment?.bic },
          },
        },
      ],
      'cac:PaymentTerms': { 'cbc:Note': invoice.payment?.terms },
      'cac:TaxTotal': [
        {
          ...amount('cbc:TaxAmount', totals.tax),
          'cac:TaxSubtotal': totals.taxSubtotals.map(({ taxable, tax, category, rate }) => ({
            ...amount('cbc:TaxableAmount', taxable),
            ...amount('cbc:TaxAmount', tax),
            'cac:TaxCategory': { 'cbc:ID': category, 'cbc:Percent': rate, 'cac:TaxScheme': vat },
          })),
        },
      ],
      'cac:LegalMonetaryTotal': {
        ...amount('cbc:LineExtensionAmount', totals.lineTotal),
        ...amount('cbc:TaxExclusiveAmount', totals.taxExclusive),
        ...amount('cbc:TaxInclusiveAmount', totals.taxInclusive),
        ...amount('cbc:PayableAmount', totals.payable),
      },
      'cac:InvoiceLine': invoice.lines.map((line) => lineShape(line, amount)),
    },
  };
  // Its types list every code of every code list; it checks them itself before it begins.
  return shape as unknown as Invoice;
};

const lineShape = (line: Line, amount: (name: string, value: string) => object) => ({
  'cbc:ID': line.id,
  'cbc:InvoicedQuantity': line.quantity,
  'cbc:InvoicedQuantity@unitCode': line.unit,
  ...amount('cbc:LineExtensionAmount', line.netAmount),
  'cac:Item': {
    ...(line.description && { 'cbc:Description': line.description }),
    'cbc:Name': line.name,
    ...(line.sellerItemId && { 'cac:SellersItemIdentification': { 'cbc:ID': line.sellerItemId } }),
    'cac:ClassifiedTaxCategory': { 'cbc:ID': line.taxCategory, 'cbc:Percent': line.taxRate, 'cac:TaxScheme': vat },
  },
  'cac:Price': {
    ...amount('cbc:PriceAmount', line.unitPrice),
    'cbc:BaseQuantity': line.priceBaseQuantity,
    'cbc:BaseQuantity@unitCode': line.unit,
  },
});
