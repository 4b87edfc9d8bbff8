import type { IssuedInvoice } from '@invoicepress/invoice';
import { formatFor, type Format } from './format.ts';
import { headOf, type HeadView } from './head.ts';
import { localeFor, type Words } from './languages/index.ts';
import { breakable, longestNarrowWord } from './line-breaks.ts';
import { linesOf, runningSums, type LinesView } from './lines.ts';
import { footOf, notInFoot, recipientOf, sellerView, shortened, type SellerView } from './parties.ts';
import { attachmentsOf, paymentOf, type PaymentView } from './payment.ts';
import type { LabelledText } from './labelled.ts';
import type { Ruler } from './ruler.ts';
import { sizesOf, type SizesView } from './sizes.ts';
import { sumsOf, type SumsView } from './sums.ts';

/** An invoice as the template places it: every text final, in reading order; nothing is computed after this. */
export interface InvoiceView extends HeadView, LinesView, SumsView, SizesView {
  language: string;
  region: string | null;
  rightToLeft: boolean;
  /** ISO 15924, for the choice among fonts of one coverage. */
  script: string;
  paper: string;
  date: { year: number; month: number; day: number };
  title: string;
  number: string;
  /** The file's own title and author, as a viewer shows them. */
  documentTitle: string;
  author: string;
  /** For the head of the later pages and the foot of all; `page` has the placeholders {page} and {pages}. */
  running: {
    seller: string;
    title: string;
    foot: string[][];
    page: string;
    broughtForward: string;
    carriedForward: string;
    /** For each line, the sum of it and those before. */
    sums: string[];
  };
  seller: SellerView;
  recipient: string[];
  /** The seller's own words, a paragraph each, above the lines and below the payment. */
  introduction: string[] | null;
  closing: string[] | null;
  payment: PaymentView | null;
  notes: string[];
  attachments: LabelledText[];
  words: Words;
}

/** @param ruler of the invoice's own font */
export function viewOf(invoice: IssuedInvoice, ruler: Ruler): InvoiceView {
  const locale = localeFor(invoice.language);
  const format = formatFor(locale, invoice.currency);
  const { words } = locale;
  const title = words.titles[invoice.typeCode];
  const [year = 0, month = 0, day = 0] = invoice.issueDate.split('-').map(Number);
  const texts = {
    language: locale.language,
    region: locale.region ?? null,
    rightToLeft: locale.rightToLeft,
    script: locale.script,
    paper: invoice.paperSize === 'Letter' ? 'us-letter' : 'a4',
    date: { year, month, day },
    title,
    number: format.verbatim(breakable(invoice.number, longestNarrowWord)),
    documentTitle: `${title} ${invoice.number}`,
    author: invoice.seller.name,
    running: {
      seller: shortened(invoice.seller.tradingName ?? invoice.seller.name, 40),
      title: shortened(`${title} ${invoice.number}`, 40),
      foot: footOf(invoice, words, format),
      page: words.page,
      broughtForward: words.broughtForward,
      carriedForward: words.carriedForward,
      sums: runningSums(invoice, format),
    },
    seller: sellerView(invoice.seller),
    recipient: recipientOf(invoice, format),
    ...headOf(invoice, words, format),
    ...linesOf(invoice, words, format),
    ...sumsOf(invoice, words, format),
    introduction: paragraphsOf(invoice.branding?.introduction, format),
    closing: paragraphsOf(invoice.branding?.closing, format),
    payment: paymentOf(invoice, words, format),
    notes: [...invoice.notes.map(({ text }) => text), ...notInFoot(invoice, words, format)].map((text) =>
      breakable(format.verbatim(text)),
    ),
    attachments: attachmentsOf(invoice, format),
    words,
  };
  return { ...texts, ...sizesOf(texts, ruler) };
}

const paragraphsOf = (text: string | undefined, format: Format): string[] | null =>
  text?.split(/\n{2,}/).map((paragraph) => breakable(format.verbatim(paragraph))) ?? null;
