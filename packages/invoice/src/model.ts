/**
 * The invoice as Invoicepress understands it. Names are EN 16931's; BT and BG numbers stand beside them.
 * Amounts, quantities, prices and rates are decimal strings ("1234.50"), dates are "YYYY-MM-DD".
 * A draft is what a client submits, an issued invoice is what is frozen and rendered.
 */

/** UNTDID 1001, the subset that can be submitted (BT-3): invoice, credit note, corrected invoice. */
export const typeCodes = ['380', '381', '384'] as const;
export type TypeCode = (typeof typeCodes)[number];

/** UNCL 5305 duty or tax or fee category (BT-151): standard, zero, exempt, reverse charge, intra-community, export, outside scope. */
export const taxCategories = ['S', 'Z', 'E', 'AE', 'K', 'G', 'O'] as const;
export type TaxCategory = (typeof taxCategories)[number];

export const paperSizes = ['A4', 'Letter'] as const;
export type PaperSize = (typeof paperSizes)[number];

/** A decimal number as a string, such as "-12.5"; no exponent, no thousands separator. */
export type DecimalString = string;
/** A calendar date, "YYYY-MM-DD", without time or zone. */
export type DateString = string;

/** BG-5, BG-8. */
export interface Address {
  line1?: string;
  line2?: string;
  line3?: string;
  city?: string;
  postCode?: string;
  subdivision?: string;
  /** ISO 3166-1 alpha-2 (BT-40, BT-55). */
  country: string;
}

/** BG-6, BG-9. */
export interface Contact {
  name?: string;
  phone?: string;
  email?: string;
}

/** BG-4 seller, BG-7 buyer. */
export interface Party {
  name: string;
  tradingName?: string;
  /** BT-30, BT-47: a legal registration, such as a company number. */
  registrationId?: string;
  /** BT-31, BT-48, with its country prefix: "DE123456789". */
  vatId?: string;
  /** BT-32: a local tax number without a country prefix. */
  taxNumber?: string;
  address: Address;
  contact?: Contact;
}

/** BG-25. */
export interface DraftLine {
  /** BT-126; the line's ordinal when absent. */
  id?: string;
  name: string;
  description?: string;
  /** BT-155. */
  sellerItemId?: string;
  /** BT-129; negative for a return. */
  quantity: DecimalString;
  /** UN/ECE Recommendation 20 or 21 (BT-130); "C62" (one) when absent. */
  unit?: string;
  /** BT-146, net, never negative (BR-27). */
  unitPrice: DecimalString;
  /** BT-149: how many units the price is for; 1 when absent. */
  priceBaseQuantity?: DecimalString;
  /** BT-131: checked against ours when given. */
  netAmount?: DecimalString;
  taxCategory?: TaxCategory;
  /** BT-152, per cent. */
  taxRate?: DecimalString;
  /** BT-120: needed for category E. */
  taxExemptionReason?: string;
}

/** BG-20 allowances and BG-21 charges at document level; `amount` is positive in both. */
export interface DraftAdjustment {
  reason: string;
  amount: DecimalString;
  taxCategory?: TaxCategory;
  taxRate?: DecimalString;
  taxExemptionReason?: string;
}

/** BG-16, BG-17. */
export interface Payment {
  iban?: string;
  bic?: string;
  accountName?: string;
  /** BT-83 remittance information; the invoice number when absent. */
  reference?: string;
  /** BT-20. */
  terms?: string;
}

/** BG-22: what a client may send to have its own arithmetic checked against ours. */
export interface ClaimedTotals {
  lineTotal?: DecimalString;
  allowanceTotal?: DecimalString;
  chargeTotal?: DecimalString;
  taxExclusive?: DecimalString;
  tax?: DecimalString;
  taxInclusive?: DecimalString;
  payable?: DecimalString;
}

export interface InvoiceDraft {
  /** BT-1, the client's own number; exactly one of `number` and `series`. */
  number?: string;
  /** The name of a number series that the tenant has defined. */
  series?: string;
  externalId?: string;
  typeCode?: TypeCode;
  /** BT-2; the day of acceptance (UTC) when absent. */
  issueDate?: DateString;
  /** BT-9. */
  dueDate?: DateString;
  /** BT-5, ISO 4217. */
  currency: string;
  /** BCP 47; decides the document's words, dates and amounts. "en" when absent. */
  language?: string;
  paperSize?: PaperSize;
  buyerReference?: string;
  orderReference?: string;
  contractReference?: string;
  /** BT-25: the invoice that a credit note or correction refers to. */
  precedingInvoice?: { number: string; issueDate?: DateString };
  notes?: string[];
  seller: Party;
  buyer: Party;
  delivery?: { date?: DateString; name?: string; address?: Address };
  /** BG-14. */
  period?: { start: DateString; end: DateString };
  lines: DraftLine[];
  allowances?: DraftAdjustment[];
  charges?: DraftAdjustment[];
  /** BT-113. */
  prepaidAmount?: DecimalString;
  payment?: Payment;
  totals?: ClaimedTotals;
  /** The client's own labels; searchable, never printed. */
  metadata?: Record<string, unknown>;
}

export interface Line extends DraftLine {
  id: string;
  unit: string;
  priceBaseQuantity: DecimalString;
  netAmount: DecimalString;
  taxCategory: TaxCategory;
  taxRate: DecimalString;
}

export interface Adjustment extends DraftAdjustment {
  taxCategory: TaxCategory;
  taxRate: DecimalString;
}

/** BG-23: one row per category and rate. */
export interface TaxSubtotal {
  category: TaxCategory;
  rate: DecimalString;
  taxable: DecimalString;
  tax: DecimalString;
  exemptionReason?: string;
}

/** BG-22, each with the currency's decimals (at most two). */
export interface Totals {
  lineTotal: DecimalString;
  allowanceTotal: DecimalString;
  chargeTotal: DecimalString;
  taxExclusive: DecimalString;
  tax: DecimalString;
  taxInclusive: DecimalString;
  prepaid: DecimalString;
  payable: DecimalString;
  taxSubtotals: TaxSubtotal[];
}

/** What is frozen when an invoice is accepted, and all that a document may depend on. */
export interface IssuedInvoice extends Omit<
  InvoiceDraft,
  'series' | 'totals' | 'metadata' | 'externalId' | 'lines' | 'allowances' | 'charges'
> {
  number: string;
  typeCode: TypeCode;
  issueDate: DateString;
  language: string;
  paperSize: PaperSize;
  lines: Line[];
  allowances: Adjustment[];
  charges: Adjustment[];
  totals: Totals;
}
