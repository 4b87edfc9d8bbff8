/** What an invoice leaves open and both syntaxes fill in alike. */
import {
  accountsOf,
  billingProcess,
  decimal,
  paymentMeansCode,
  type Account,
  type IssuedInvoice,
  type Line,
  type Party,
  type Payment,
  type TaxCategory,
} from '@invoicepress/invoice';

/** BT-23: what the invoice says, or the usual process where a rule set demands one (PEPPOL-EN16931-R001). */
export const businessProcessOf = ({ businessProcess, profiles }: IssuedInvoice): string | undefined =>
  businessProcess ?? (profiles.includes('peppol') || profiles.includes('xrechnung') ? billingProcess : undefined);

/** BG-7. BT-32 and BT-33 are a seller's. */
export const buyerOf = ({ buyer }: IssuedInvoice): Party => {
  const { taxNumber: _taxNumber, legalInformation: _legalInformation, ...rest } = buyer;
  return rest;
};

/** BG-16, of which there is one for each account (BG-17). */
export interface PaymentMeans {
  code: string;
  account?: Account | undefined;
  /** What an invoice states once: it stands with the first account (UBL-SR-46, UBL-SR-54, UBL-SR-55). */
  once?: Pick<Payment, 'meansText' | 'card' | 'directDebit'>;
}

/** None where nothing says how to pay, only when. */
export function paymentMeansOf({ payment, currency }: IssuedInvoice): PaymentMeans[] {
  const code = payment && paymentMeansCode(payment, currency);
  if (!payment || !code) return [];
  const [first, ...others] = accountsOf(payment);
  return [{ code, account: first?.account, once: payment }, ...others.map(({ account }) => ({ code, account }))];
}

/** BT-83: what a payment says about itself; the invoice's number when the seller asks for nothing else. */
export const remittanceOf = ({ payment, number, currency }: IssuedInvoice): string | undefined =>
  payment && paymentMeansCode(payment, currency) && (payment.reference ?? number);

/** BT-20. A cash discount that XRechnung can read, "#SKONTO#TAGE=7#PROZENT=2.00#", ends with a line feed (BR-DE-18). */
export const paymentTermsOf = ({ payment }: IssuedInvoice): string | undefined =>
  payment?.terms?.endsWith('#') ? `${payment.terms}\n` : payment?.terms;

/** BT-148 and BT-147, each of which implies the other; neither where the price was given net alone. */
export function grossPriceOf({
  unitPrice,
  grossPrice,
  priceDiscount,
}: Line): { gross: string; discount: string } | undefined {
  if (grossPrice !== undefined)
    return { gross: grossPrice, discount: priceDiscount ?? decimal(grossPrice).minus(unitPrice).toFixed() };
  if (priceDiscount !== undefined)
    return { gross: decimal(unitPrice).plus(priceDiscount).toFixed(), discount: priceDiscount };
  return undefined;
}

/** BT-149, where the price is for anything but one unit. */
export const priceBaseOf = ({ priceBaseQuantity }: Line): string | undefined =>
  priceBaseQuantity === '1' ? undefined : priceBaseQuantity;

/** BG-22 without the totals of what is not there: BT-107 (BR-CO-11), BT-108 (BR-CO-12), BT-113. */
export const totalsOf = ({ totals, allowances, charges }: IssuedInvoice) => ({
  ...totals,
  allowanceTotal: allowances.length > 0 ? totals.allowanceTotal : undefined,
  chargeTotal: charges.length > 0 ? totals.chargeTotal : undefined,
  prepaid: /[1-9]/.test(totals.prepaid) ? totals.prepaid : undefined,
});

/**
 * BT-152, BT-96, BT-103: what is outside of VAT has no rate, not even 0 (BR-O-05 to BR-O-07). Only the breakdown states one
 * (BT-119), because XRechnung asks for it (BR-DE-14).
 */
export const rateOf = (category: TaxCategory, rate: string): string | undefined =>
  category === 'O' ? undefined : rate;
