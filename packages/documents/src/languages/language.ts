import type { TaxCategory, TypeCode } from '@invoicepress/invoice';

/** The words of a document. Adding one here makes every language that lacks it fail to compile. */
export interface Words {
  /** The document's title by UNTDID 1001 code. */
  titles: Record<TypeCode, string>;
  number: string;
  issueDate: string;
  dueDate: string;
  deliveryDate: string;
  period: string;
  deliveredTo: string;
  orderReference: string;
  buyerReference: string;
  contractReference: string;
  precedingInvoice: string;
  buyerVatId: string;
  buyerTaxNumber: string;
  buyerRegistrationId: string;

  position: string;
  description: string;
  itemNumber: string;
  quantity: string;
  unitPrice: string;
  /** Stands before a price base quantity other than one: "per 100 pcs". */
  per: string;
  /** The head of the rate columns; short. */
  taxRate: string;
  netAmount: string;
  carriedForward: string;
  broughtForward: string;

  lineTotal: string;
  taxExclusive: string;
  taxTotal: string;
  taxInclusive: string;
  prepaid: string;
  amountDue: string;
  amountCredited: string;
  taxSummary: string;
  taxable: string;
  tax: string;
  taxCategories: Record<TaxCategory, string>;

  payment: string;
  accountName: string;
  reference: string;
  terms: string;
  /** Stands beside the payment code. */
  scanToPay: string;
  notes: string;

  vatId: string;
  taxNumber: string;
  registrationId: string;
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
