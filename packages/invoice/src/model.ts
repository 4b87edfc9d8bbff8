/**
 * The invoice as Invoicepress understands it: the semantic model of EN 16931-1. Names are the norm's; BT and BG numbers
 * stand beside them. Amounts, quantities, prices and rates are decimal strings ("1234.50"), dates are "YYYY-MM-DD".
 * A draft is what a client submits, an issued invoice is what is frozen and rendered.
 */
import type { Branding } from './branding.ts';
import type { Address, Identifier, Party, Payee, TaxRepresentative } from './party.ts';
import type { Format, Profile } from './profiles.ts';

/**
 * UNTDID 1001, what can be submitted (BT-3): 380 invoice, 326 partial, 384 corrected, 386 prepayment, 389 self-billed,
 * 383 debit note, 393 factored, 875 to 877 the construction invoices of XRechnung; 381 credit note, 261 self-billed,
 * 396 factored.
 */
export const typeCodes = [
  '380',
  '381',
  '384',
  '389',
  '326',
  '386',
  '383',
  '393',
  '261',
  '396',
  '875',
  '876',
  '877',
] as const;
export type TypeCode = (typeof typeCodes)[number];

/** Money flows the other way: UBL has a document of its own for these, and no SEPA transfer pays them. */
export const isCreditNote = (typeCode: TypeCode): boolean => ['381', '261', '396'].includes(typeCode);

/**
 * UNCL 5305 duty or tax or fee category (BT-151): standard, zero, exempt, reverse charge, intra-community, export, outside
 * scope, IGIC (Canary Islands), IPSI (Ceuta and Melilla).
 */
export const taxCategories = ['S', 'Z', 'E', 'AE', 'K', 'G', 'O', 'L', 'M'] as const;
export type TaxCategory = (typeof taxCategories)[number];

export const paperSizes = ['A4', 'Letter'] as const;
export type PaperSize = (typeof paperSizes)[number];

/** A decimal number as a string, such as "-12.5"; no exponent, no thousands separator. */
export type DecimalString = string;
/** A calendar date, "YYYY-MM-DD", without time or zone. */
export type DateString = string;

/** BG-14, BG-26: at least one of the two. */
export interface Period {
  start?: DateString;
  end?: DateString;
}

/** What decides how something is taxed. */
interface Taxed {
  taxCategory?: TaxCategory;
  /** Per cent (BT-152, BT-96, BT-103). */
  taxRate?: DecimalString;
  /** BT-120: needed for category E, unless there is a code. */
  taxExemptionReason?: string;
  /** BT-121, of the VATEX code list: "VATEX-EU-132". */
  taxExemptionCode?: string;
}

/**
 * An allowance or a charge: a reason or its code, and an amount, which is positive in both. Instead of the amount there
 * may be a percentage of a base.
 */
interface Adjusting {
  /** BT-97, BT-104, BT-139, BT-144. */
  reason?: string;
  /** UNTDID 5189 for allowances ("95" discount), UNTDID 7161 for charges ("FC" freight). */
  reasonCode?: string;
  amount?: DecimalString;
  /** BT-93, BT-100, BT-137, BT-142. */
  baseAmount?: DecimalString;
  /** BT-94, BT-101, BT-138, BT-143, in per cent of `baseAmount`. */
  percent?: DecimalString;
}

/** BG-27 allowances and BG-28 charges of a line, taxed like the line. */
export interface DraftLineAdjustment extends Adjusting {}

/** BG-20 allowances and BG-21 charges at document level. */
export interface DraftAdjustment extends Adjusting, Taxed {}

/** BG-25. */
export interface DraftLine extends Taxed {
  /** BT-126; the line's ordinal when absent. */
  id?: string;
  name: string;
  description?: string;
  /** BT-127. */
  note?: string;
  /** BT-128, an object that the line is about: a meter, a subscription. The scheme is of UNTDID 1153. */
  invoicedObject?: Identifier;
  /** BT-132: the line of the buyer's order. */
  orderLineReference?: string;
  /** BT-133: where the buyer books it. */
  accountingReference?: string;
  /** BG-26. */
  period?: Period;
  /** BT-155. */
  sellerItemId?: string;
  /** BT-156. */
  buyerItemId?: string;
  /** BT-157: the scheme is an ICD, "0160" for a GTIN. */
  standardItemId?: Required<Identifier>;
  /** BT-158: the scheme is of UNTDID 7143, "STI" for CPV. */
  classifications?: { code: string; scheme: string; version?: string }[];
  /** BT-159. */
  originCountry?: string;
  /** BG-32: what the item is like, "Colour": "black". */
  attributes?: { name: string; value: string }[];
  /** BT-129; negative for a return. */
  quantity: DecimalString;
  /** UN/ECE Recommendation 20 or 21 (BT-130); "C62" (one) when absent. */
  unit?: string;
  /** BT-146, net, never negative (BR-27); left out, it is `grossPrice` less `priceDiscount`. */
  unitPrice?: DecimalString;
  /** BT-148, before the discount; of the three prices, any two give the third. */
  grossPrice?: DecimalString;
  /** BT-147, for the same quantity as the price. */
  priceDiscount?: DecimalString;
  /** BT-149: how many units the price is for; 1 when absent. */
  priceBaseQuantity?: DecimalString;
  allowances?: DraftLineAdjustment[];
  charges?: DraftLineAdjustment[];
  /** BT-131: checked against ours when given. */
  netAmount?: DecimalString;
}

/** BG-17. */
export interface Account {
  iban?: string;
  /** BT-84 where there is no IBAN: a local account number. */
  accountId?: string;
  bic?: string;
  accountName?: string;
}

/** BG-16 to BG-19. The first account stands here, others in `moreAccounts`. */
export interface Payment extends Account {
  /** BT-81, UNTDID 4461; chosen by what is given when absent: 59 direct debit, 48 card, 58 SEPA transfer, 30 transfer. */
  meansCode?: string;
  /** BT-82. */
  meansText?: string;
  moreAccounts?: Account[];
  /** BG-18: the last four to six digits of the card. */
  card?: { number: string; holder?: string };
  /** BG-19. */
  directDebit?: { mandateId: string; creditorId: string; debitedIban: string };
  /** BT-83 remittance information; the invoice number when absent. */
  reference?: string;
  /** BT-20. */
  terms?: string;
}

/** BG-1: a text, with a subject of UNTDID 4451 ("AAI" general, "REG" regulatory) where a recipient asks for one. */
export interface Note {
  text: string;
  subjectCode?: string;
}

/** BG-24: a link, or a file of its own. */
export interface Attachment {
  /** BT-122. */
  id: string;
  /** BT-123. */
  description?: string;
  /** BT-124. */
  url?: string;
  /** BT-125. */
  file?: { name: string; mediaType: string; base64: string };
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
  /** `['pdf']` when absent. */
  formats?: Format[];
  /** Which template lays it out: as its client named it, and once it is accepted with its version, "letterhead@3". */
  template?: string;
  /** Whose rules it keeps; `['en16931']` when absent, which every profile contains. */
  profiles?: Profile[];
  typeCode?: TypeCode;
  /** BT-2; the day of acceptance (UTC) when absent. */
  issueDate?: DateString;
  /** BT-9. */
  dueDate?: DateString;
  /** BT-7: when VAT falls due; or BT-8 says by which event. */
  taxPointDate?: DateString;
  /** BT-8, UNTDID 2005: "3" date of issue, "35" delivery, "432" payment. */
  taxPointDateCode?: string;
  /** BT-5, ISO 4217. */
  currency: string;
  /** BT-6: VAT is also stated in this currency, of which `rate` units make one of the invoice's. */
  taxCurrency?: { currency: string; rate: DecimalString };
  /** BCP 47; decides the document's words, dates and amounts. "en" when absent. */
  language?: string;
  paperSize?: PaperSize;
  /** Of the seller's profile, never of a submission. */
  branding?: Branding;
  /** BT-23; needed where a network or a law defines processes. */
  businessProcess?: string;
  /** BT-10; a Leitweg-ID for German authorities. */
  buyerReference?: string;
  /** BT-11. */
  projectReference?: string;
  /** BT-12. */
  contractReference?: string;
  /** BT-13. */
  orderReference?: string;
  /** BT-14. */
  salesOrderReference?: string;
  /** BT-15. */
  receivingAdviceReference?: string;
  /** BT-16. */
  despatchAdviceReference?: string;
  /** BT-17. */
  tenderReference?: string;
  /** BT-18; the scheme is of UNTDID 1153. */
  invoicedObject?: Identifier;
  /** BT-19: where the buyer books it. */
  accountingReference?: string;
  /** BG-3: what a credit note or a correction refers to. */
  precedingInvoices?: { number: string; issueDate?: DateString }[];
  notes?: (string | Note)[];
  seller: Party;
  buyer: Party;
  payee?: Payee;
  taxRepresentative?: TaxRepresentative;
  /** BG-13: BT-72, BT-70, BT-71 and BG-15. */
  delivery?: { date?: DateString; name?: string; location?: Identifier; address?: Address };
  /** BG-14. */
  period?: Period;
  lines: DraftLine[];
  allowances?: DraftAdjustment[];
  charges?: DraftAdjustment[];
  /** BT-113. */
  prepaidAmount?: DecimalString;
  /** BT-114: added to what is to be paid; may be negative. */
  roundingAmount?: DecimalString;
  payment?: Payment;
  /** BG-24. */
  attachments?: Attachment[];
  totals?: ClaimedTotals;
  /** The client's own labels; searchable, never printed. */
  metadata?: Record<string, unknown>;
  /** Of a credit note that takes its part of an invoice's VAT; no client can send it. */
  taxShares?: TaxShares;
}

/** VAT that was shared out between credit notes, in place of the product of sum and rate (docs/credit-notes.md). */
export interface TaxShares {
  /** BT-117 by category and rate: "S 19". */
  byKey: Record<string, DecimalString>;
  /** BT-111. */
  inTaxCurrency?: DecimalString;
}

/** With its amount computed. */
export type LineAdjustment = DraftLineAdjustment & { amount: DecimalString };

export interface Line extends DraftLine {
  id: string;
  unit: string;
  unitPrice: DecimalString;
  priceBaseQuantity: DecimalString;
  allowances: LineAdjustment[];
  charges: LineAdjustment[];
  netAmount: DecimalString;
  taxCategory: TaxCategory;
  taxRate: DecimalString;
}

export interface Adjustment extends DraftAdjustment {
  amount: DecimalString;
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
  exemptionCode?: string;
}

/** BG-22, each with the currency's decimals (at most two). */
export interface Totals {
  lineTotal: DecimalString;
  allowanceTotal: DecimalString;
  chargeTotal: DecimalString;
  taxExclusive: DecimalString;
  tax: DecimalString;
  /** BT-111, in the tax currency. */
  taxInTaxCurrency?: DecimalString;
  taxInclusive: DecimalString;
  prepaid: DecimalString;
  /** BT-114, where there is one. */
  rounding?: DecimalString;
  payable: DecimalString;
  taxSubtotals: TaxSubtotal[];
}

/** What is frozen when an invoice is accepted, and all that a document may depend on. */
export interface IssuedInvoice extends Omit<
  InvoiceDraft,
  'series' | 'totals' | 'metadata' | 'externalId' | 'taxShares' | 'lines' | 'allowances' | 'charges' | 'notes'
> {
  number: string;
  formats: Format[];
  profiles: Profile[];
  typeCode: TypeCode;
  issueDate: DateString;
  language: string;
  paperSize: PaperSize;
  notes: Note[];
  lines: Line[];
  allowances: Adjustment[];
  charges: Adjustment[];
  totals: Totals;
}
