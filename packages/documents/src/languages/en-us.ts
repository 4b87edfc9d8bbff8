import type { Language } from './language.ts';
import { en } from './en.ts';

/** English where sales tax stands in the place of VAT. */
export const enUs: Language = {
  ...en,
  words: {
    ...en.words,
    buyerVatId: 'Your tax ID',
    taxRate: 'Tax',
    taxExclusive: 'Subtotal',
    taxTotal: 'Tax',
    taxInclusive: 'Total',
    taxSummary: 'Tax summary',
    tax: 'Tax',
    taxCategories: { ...en.words.taxCategories, S: 'Taxable', G: 'Export', O: 'Not subject to tax' },
    vatId: 'Tax ID',
  },
};
