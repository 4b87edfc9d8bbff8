import { decimal, type IssuedInvoice, type LineAdjustment, type TaxSubtotal } from '@invoicepress/invoice';
import type { Format } from './format.ts';
import { amountLabel } from './head.ts';
import { labelled, type LabelledText } from './labelled.ts';
import { languages, type Words } from './languages/index.ts';
import { breakable } from './line-breaks.ts';

export interface SumsView {
  totals: LabelledText[];
  payable: LabelledText;
  taxes: { label: string; reason: string | null; rate: string; taxable: string; tax: string }[];
}

export function sumsOf(invoice: IssuedInvoice, words: Words, format: Format): SumsView {
  const { totals } = invoice;
  const money = (value: string) => format.money(value);
  const adjustments = adjustmentRows(invoice, words, format, money);
  const prepaid = decimal(totals.prepaid);
  return {
    totals: labelled(
      ...(adjustments.length > 0
        ? [[words.lineTotal, money(totals.lineTotal)] satisfies LabelledText, ...adjustments]
        : []),
      [words.taxExclusive, money(totals.taxExclusive)],
      [words.taxTotal, money(totals.tax)],
      ...taxInTaxCurrency(invoice, words, format),
      [words.taxInclusive, money(totals.taxInclusive)],
      [words.prepaid, !prepaid.eq(0) && money(prepaid.neg().toFixed())],
      [words.rounding, totals.rounding && Number(totals.rounding) !== 0 && money(totals.rounding)],
    ),
    payable: [amountLabel(invoice, words), money(totals.payable)],
    taxes: totals.taxSubtotals.map((subtotal) => ({
      label: words.taxCategories[subtotal.category],
      reason: reasonOf(subtotal),
      rate: format.percent(subtotal.rate),
      taxable: format.amount(subtotal.taxable),
      tax: format.amount(subtotal.tax),
    })),
  };
}

/** A row for each: what is taken off, as negative amounts, then what is added. */
export function adjustmentRows(
  { allowances, charges }: { allowances: LineAdjustment[]; charges: LineAdjustment[] },
  words: Words,
  format: Format,
  write: (amount: string) => string,
): LabelledText[] {
  return [
    ...allowances.map((allowance): LabelledText => [
      adjustmentLabel(allowance, words.allowance, format),
      write(decimal(allowance.amount).neg().toFixed()),
    ]),
    ...charges.map((charge): LabelledText => [adjustmentLabel(charge, words.charge, format), write(charge.amount)]),
  ];
}

/** "Discount 10 % × 1,200.00": the reason, or the word for what has none, and how the amount came about. */
function adjustmentLabel({ reason, percent, baseAmount }: LineAdjustment, word: string, format: Format): string {
  const rate = percent && format.percent(percent);
  const base = baseAmount && format.amount(baseAmount);
  return [breakable(reason ?? word), [rate, base].filter(Boolean).join(' × ')].filter(Boolean).join(' ');
}

/** BT-111, with the rate that it was exchanged at. */
function taxInTaxCurrency({ currency, taxCurrency, totals }: IssuedInvoice, words: Words, format: Format) {
  if (!taxCurrency || !totals.taxInTaxCurrency) return [];
  const rate = `1 ${currency} = ${format.quantity(taxCurrency.rate)} ${taxCurrency.currency}`.replaceAll(' ', '\u00a0');
  const amount = `${format.amount(totals.taxInTaxCurrency)} ${taxCurrency.currency}`;
  return [[`${words.taxTotal} (${format.verbatim(rate)})`, format.verbatim(amount)] satisfies LabelledText];
}

/** What a category implies is its own name, which stands there already, in the invoice's language. */
function reasonOf({ category, exemptionReason, exemptionCode }: TaxSubtotal): string | null {
  const reason = exemptionReason ?? exemptionCode;
  return reason && reason !== impliedReasons?.[category] ? breakable(reason) : null;
}

const impliedReasons = languages.get('en')?.words.taxCategories;
