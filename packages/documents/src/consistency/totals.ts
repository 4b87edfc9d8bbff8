import { decimal, type DecimalString, type IssuedInvoice } from '@invoicepress/invoice';

/** Of BG-22, what every reader acts on. */
export const totalNames = [
  'lineTotal',
  'taxExclusive',
  'tax',
  'taxInclusive',
  'prepaid',
  'rounding',
  'payable',
] as const;
export type TotalName = (typeof totalNames)[number];

/** What a document states, in whatever form. */
export interface Stated {
  number: string;
  currency: string;
  totals: Record<TotalName, DecimalString>;
}

export const statedBy = ({ number, currency, totals }: IssuedInvoice): Stated => ({
  number,
  currency,
  totals: { ...totals, rounding: totals.rounding ?? '0' },
});

export const sameAmount = (a: DecimalString, b: DecimalString): boolean => decimal(a).eq(b);
