import type { TaxCategory, TypeCode } from '@invoicepress/invoice';

/** The words of a document. Adding one here makes every language that lacks it fail to compile. */
export interface Words {
  /**
   * The document's title by UNTDID 1001 code. Those of 389 and 261 contain the mention of self-billing in the words that
   * the language's tax law has for it (Directive 2006/112/EC, Art. 226 (10a)).
   */
  titles: Record<TypeCode, string>;
  number: string;
  issueDate: string;
  dueDate: string;
  deliveryDate: string;
  period: string;
  /** Stands before a date or one of the events. */
  taxPoint: string;
  /** UNTDID 2005, by which event VAT falls due. */
  taxPointEvents: Record<'3' | '35' | '432', string>;
  deliveredTo: string;
  orderReference: string;
  buyerReference: string;
  contractReference: string;
  projectReference: string;
  precedingInvoice: string;
  /** The seller's own, where `orderReference` is the buyer's. */
  salesOrderReference: string;
  despatchAdvice: string;
  receivingAdvice: string;
  tenderReference: string;
  invoicedObject: string;
  accountingReference: string;
  buyerVatId: string;
  buyerTaxNumber: string;
  buyerRegistrationId: string;
  /** What the one knows the other by. */
  customerNumber: string;
  supplierNumber: string;
  buyerElectronicAddress: string;
  taxRepresentative: string;

  position: string;
  description: string;
  itemNumber: string;
  buyerItemNumber: string;
  classification: string;
  orderLine: string;
  originCountry: string;
  quantity: string;
  unitPrice: string;
  /** Before the discount on the price. */
  grossPrice: string;
  /** Stands before a price base quantity other than one: "per 100 pcs". */
  per: string;
  /** The head of the rate columns; short. */
  taxRate: string;
  netAmount: string;
  /** For allowances and charges that give no reason. */
  allowance: string;
  charge: string;
  carriedForward: string;
  broughtForward: string;

  lineTotal: string;
  taxExclusive: string;
  taxTotal: string;
  taxInclusive: string;
  prepaid: string;
  rounding: string;
  amountDue: string;
  amountCredited: string;
  taxSummary: string;
  taxable: string;
  tax: string;
  taxCategories: Record<TaxCategory, string>;

  payment: string;
  payee: string;
  paymentMethod: string;
  accountName: string;
  account: string;
  directDebit: string;
  mandateId: string;
  creditorId: string;
  debitedAccount: string;
  card: string;
  reference: string;
  terms: string;
  /** Stands beside the payment code. */
  scanToPay: string;
  notes: string;
  attachments: string;

  vatId: string;
  taxNumber: string;
  registrationId: string;
  electronicAddress: string;
  /** With the placeholders {page} and {pages}. */
  page: string;
}

/**
 * Names for unit codes (UN/ECE Recommendations 20 and 21) that have no plural in print: abbreviations.
 * Hours, metres, kilograms and their like come from the locale data with their proper plurals.
 */
export interface UnitNames {
  piece: string;
  set: string;
  box: string;
  package: string;
  pallet: string;
  pair: string;
  flatRate: string;
  page: string;
  person: string;
}

export interface Language {
  words: Words;
  units: UnitNames;
}
