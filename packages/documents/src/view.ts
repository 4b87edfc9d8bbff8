import { decimal, type IssuedInvoice, type Line } from '@invoicepress/invoice';
import { columnWidths, type CharacterWidths } from './columns.ts';
import { formatFor, type Format } from './format.ts';
import { languages, localeFor, type Words } from './languages/index.ts';
import { breakable, longestNarrowWord } from './line-breaks.ts';
import { addressLines, footOf, recipientOf, sellerView, shortened, texts, type SellerView } from './parties.ts';
import { epcPayload, paymentCodeSvg } from './payment-code.ts';

type LabelledText = [label: string, text: string];

/** An invoice as the template places it: every text final, in reading order; nothing is computed after this. */
export interface InvoiceView {
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
  /** What a reader looks for first: the amount and when it is due. */
  highlights: LabelledText[];
  details: LabelledText[];
  lines: LineView[];
  /** In points, all but the name's, when they could be computed. */
  columns: number[] | null;
  /** Line ids that would take too much of the width; figures that need smaller type to leave room for the names. */
  longIds: boolean;
  dense: boolean;
  totals: LabelledText[];
  payable: LabelledText;
  taxes: { label: string; reason: string | null; rate: string; taxable: string; tax: string }[];
  payment: { facts: LabelledText[]; code: string | null } | null;
  notes: string[];
  words: Words;
}

interface LineView {
  id: string;
  name: string;
  description: string | null;
  quantity: string;
  unit: string;
  price: string;
  /** "per 100 pcs" when the price is for more than one. */
  priceBase: string | null;
  rate: string;
  netAmount: string;
  /** Tall enough to need more than a page; all others are kept whole. */
  tall: boolean;
}

/** A description of about this many characters or lines may not fit on one page. */
const tallCharacters = 1500;
const tallLines = 25;

/** In characters: a line's id, and quantity, price and net amount together. */
const longId = 6;
const wideFigures = 36;

/** @param characters for the widths of columns */
export function viewOf(invoice: IssuedInvoice, characters: CharacterWidths): InvoiceView {
  const locale = localeFor(invoice.language);
  const format = formatFor(locale, invoice.currency);
  const { words } = locale;
  const title = words.titles[invoice.typeCode];
  const [year = 0, month = 0, day = 0] = invoice.issueDate.split('-').map(Number);
  return {
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
      foot: footOf(invoice.seller, words, format),
      page: words.page,
      broughtForward: words.broughtForward,
      carriedForward: words.carriedForward,
      sums: runningSums(invoice, format),
    },
    seller: sellerView(invoice.seller),
    recipient: recipientOf(invoice, format),
    ...headOf(invoice, words, format),
    ...linesOf(invoice, words, format, characters),
    ...sumsOf(invoice, words, format),
    payment: paymentOf(invoice, words, format),
    notes: (invoice.notes ?? []).map((note) => breakable(note)),
    words,
  };
}

function headOf(invoice: IssuedInvoice, words: Words, format: Format): Pick<InvoiceView, 'highlights' | 'details'> {
  const { buyer, delivery, period, precedingInvoice: preceding, totals } = invoice;
  const date = (value: string | undefined) => value && format.date(value);
  const amountLabel = invoice.typeCode === '381' ? words.amountCredited : words.amountDue;
  const precedingDate = date(preceding?.issueDate);
  return {
    highlights: labelled([amountLabel, format.money(totals.payable)], [words.dueDate, date(invoice.dueDate)]),
    details: labelled(
      [words.number, invoice.number],
      [words.issueDate, date(invoice.issueDate)],
      [words.deliveryDate, date(delivery?.date)],
      [words.period, period && format.dateRange(period.start, period.end)],
      [words.orderReference, invoice.orderReference],
      [words.buyerReference, invoice.buyerReference],
      [words.contractReference, invoice.contractReference],
      [words.precedingInvoice, preceding && texts(preceding.number, precedingDate).join('\n')],
      [words.buyerVatId, buyer.vatId],
      [words.buyerTaxNumber, buyer.taxNumber],
      [words.buyerRegistrationId, buyer.registrationId],
      [
        words.deliveredTo,
        texts(delivery?.name, ...(delivery?.address ? addressLines(delivery.address) : [])).join('\n'),
      ],
    ).map(([label, text]) => [label, format.verbatim(text)]),
  };
}

function runningSums(invoice: IssuedInvoice, format: Format): string[] {
  let sum = decimal(0);
  return invoice.lines.map(({ netAmount }) => {
    sum = sum.plus(netAmount);
    return format.amount(sum.toFixed());
  });
}

function linesOf(
  invoice: IssuedInvoice,
  words: Words,
  format: Format,
  characters: CharacterWidths,
): Pick<InvoiceView, 'lines' | 'columns' | 'longIds' | 'dense'> {
  const lines = invoice.lines.map((line) => lineView(line, words, format));
  const longest = (column: (line: LineView) => string) => Math.max(...lines.map((line) => column(line).length));
  const figures = longest((line) => line.quantity) + longest((line) => line.price) + longest((line) => line.netAmount);
  const table = { lines, longIds: longest((line) => line.id) > longId, dense: figures > wideFigures };
  return { ...table, columns: columnWidths({ ...table, words }, characters) };
}

function lineView(line: Line, words: Words, format: Format): LineView {
  const per = `${format.quantity(line.priceBaseQuantity)} ${format.unit(line.unit, line.priceBaseQuantity)}`;
  const itemNumber = line.sellerItemId && `${words.itemNumber} ${line.sellerItemId}`;
  const description = texts(itemNumber, line.description).join('\n');
  const length = line.name.length + description.length;
  return {
    id: breakable(line.id, longId),
    name: breakable(line.name),
    description: breakable(description) || null,
    quantity: format.quantity(line.quantity),
    unit: format.unit(line.unit, line.quantity),
    price: format.amount(line.unitPrice),
    priceBase: Number(line.priceBaseQuantity) === 1 ? null : `${words.per} ${per}`,
    rate: format.percent(line.taxRate),
    netAmount: format.amount(line.netAmount),
    tall: length > tallCharacters || description.split('\n').length > tallLines,
  };
}

function sumsOf(
  invoice: IssuedInvoice,
  words: Words,
  format: Format,
): Pick<InvoiceView, 'totals' | 'payable' | 'taxes'> {
  const { totals, allowances, charges } = invoice;
  const money = (value: string) => format.money(value);
  const adjustments = [
    ...allowances.map(({ reason, amount }): LabelledText => [reason, money(decimal(amount).neg().toFixed())]),
    ...charges.map(({ reason, amount }): LabelledText => [reason, money(amount)]),
  ];
  const prepaid = decimal(totals.prepaid);
  return {
    totals: labelled(
      ...(adjustments.length > 0
        ? [[words.lineTotal, money(totals.lineTotal)] satisfies LabelledText, ...adjustments]
        : []),
      [words.taxExclusive, money(totals.taxExclusive)],
      [words.taxTotal, money(totals.tax)],
      [words.taxInclusive, money(totals.taxInclusive)],
      [words.prepaid, prepaid.eq(0) ? undefined : money(prepaid.neg().toFixed())],
    ),
    payable: [invoice.typeCode === '381' ? words.amountCredited : words.amountDue, money(totals.payable)],
    taxes: totals.taxSubtotals.map(({ category, rate, taxable, tax, exemptionReason }) => ({
      label: words.taxCategories[category],
      // The reason that a category implies is its own name, which stands there already, in the invoice's language.
      reason: exemptionReason && exemptionReason !== impliedReasons?.[category] ? breakable(exemptionReason) : null,
      rate: format.percent(rate),
      taxable: format.amount(taxable),
      tax: format.amount(tax),
    })),
  };
}

const impliedReasons = languages.get('en')?.words.taxCategories;

function paymentOf(invoice: IssuedInvoice, words: Words, format: Format): InvoiceView['payment'] {
  const { payment, number, seller } = invoice;
  const payload = epcPayload(invoice);
  const facts = labelled(
    [words.accountName, payment?.iban && (payment.accountName ?? seller.name)],
    ['IBAN', payment?.iban && inFours(payment.iban)],
    ['BIC', payment?.bic],
    [words.reference, payment?.reference ?? (payment?.iban && number)],
    [words.terms, payment?.terms],
  ).map(([label, text]): LabelledText => [label, format.verbatim(text)]);
  return facts.length > 0 ? { facts, code: payload ? paymentCodeSvg(payload) : null } : null;
}

const inFours = (iban: string): string => iban.replace(/\s/g, '').replace(/.{4}(?=.)/g, '$&\u00a0');

const labelled = (...candidates: [label: string, text: string | undefined][]): LabelledText[] =>
  candidates.flatMap(([label, text]) =>
    text ? [[breakable(label, longestNarrowWord), breakable(text, longestNarrowWord)] satisfies LabelledText] : [],
  );
