import { decimal, type DraftLine, type IssuedInvoice, type Line, type LineAdjustment } from '@invoicepress/invoice';
import type { Format } from './format.ts';
import type { LabelledText } from './labelled.ts';
import type { Words } from './languages/index.ts';
import { breakable } from './line-breaks.ts';
import { identifierText, texts } from './parties.ts';
import { adjustmentRows } from './sums.ts';

export interface LinesView {
  lines: LineView[];
  /** Line ids that would take too much of the width; figures that need smaller type to leave room for the names. */
  longIds: boolean;
  dense: boolean;
}

export interface LineView {
  id: string;
  name: string;
  description: string | null;
  quantity: string;
  unit: string;
  price: string;
  /** "per 100 pcs" when the price is for more than one. */
  priceBase: string | null;
  rate: string;
  /** What the quantity at its price comes to, and what is taken off or added: together the net amount. */
  adjustments: { gross: string; rows: LabelledText[] } | null;
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

export function linesOf(invoice: IssuedInvoice, words: Words, format: Format): LinesView {
  const lines = invoice.lines.map((line) => lineView(line, words, format));
  const longest = (column: (line: LineView) => string) => Math.max(...lines.map((line) => column(line).length));
  const figures = longest((line) => line.quantity) + longest((line) => line.price) + longest((line) => line.netAmount);
  return { lines, longIds: longest((line) => line.id) > longId, dense: figures > wideFigures };
}

/** For each line, the sum of it and those before. */
export function runningSums(invoice: IssuedInvoice, format: Format): string[] {
  let sum = decimal(0);
  return invoice.lines.map(({ netAmount }) => {
    sum = sum.plus(netAmount);
    return format.amount(sum.toFixed());
  });
}

function lineView(line: Line, words: Words, format: Format): LineView {
  const per = `${format.quantity(line.priceBaseQuantity)} ${format.unit(line.unit, line.priceBaseQuantity)}`;
  const description = descriptionOf(line, words, format);
  const adjustments = adjustmentsOf(line, words, format);
  const length = line.name.length + description.length;
  const height = description.split('\n').length + (adjustments?.rows.length ?? 0);
  return {
    id: breakable(line.id, longId),
    name: breakable(format.verbatim(line.name)),
    description: breakable(description) || null,
    quantity: format.quantity(line.quantity),
    unit: format.unit(line.unit, line.quantity),
    price: format.amount(line.unitPrice),
    priceBase: Number(line.priceBaseQuantity) === 1 ? null : `${words.per} ${per}`,
    rate: format.percent(line.taxRate),
    adjustments,
    netAmount: format.amount(line.netAmount),
    tall: length > tallCharacters || height > tallLines,
  };
}

/** In small type below the name: which item it is, what it is like, whose order it belongs to. */
function descriptionOf(line: DraftLine, words: Words, format: Format): string {
  const { period, invoicedObject, originCountry: origin, grossPrice, priceDiscount } = line;
  const fact = (label: string, value: string | undefined) => value && `${label} ${format.verbatim(value)}`;
  const rows = [
    [
      fact(words.itemNumber, line.sellerItemId),
      fact(words.buyerItemNumber, line.buyerItemId),
      line.standardItemId && format.verbatim(identifierText(line.standardItemId)),
      ...(line.classifications ?? []).map(({ code, scheme }) =>
        fact(words.classification, `${classificationNames[scheme] ?? scheme} ${code}`),
      ),
    ],
    [line.description],
    (line.attributes ?? []).map(({ name, value }) => format.verbatim(`${name}: ${value}`)),
    [
      period && format.dateRange(period.start, period.end),
      fact(words.orderLine, line.orderLineReference),
      fact(words.invoicedObject, invoicedObject?.id),
      fact(words.accountingReference, line.accountingReference),
      origin && `${words.originCountry} ${format.country(origin)}`,
    ],
    [
      grossPrice && `${words.grossPrice} ${format.amount(grossPrice)}`,
      priceDiscount && Number(priceDiscount) !== 0 && `${words.allowance} ${format.amount(`-${priceDiscount}`)}`,
    ],
    [line.note],
  ];
  return texts(...rows.map((row) => format.verbatim(format.list(texts(...row))))).join('\n');
}

/** UNTDID 7143 codes of lists that people know by another name. */
const classificationNames: Readonly<Record<string, string>> = { STI: 'CPV' };

/** BG-27 and BG-28. The gross amount follows from the net one, so that the column adds up to the cent. */
function adjustmentsOf(line: Line, words: Words, format: Format): LineView['adjustments'] {
  const { allowances, charges, netAmount } = line;
  if (allowances.length + charges.length === 0) return null;
  const total = (adjustments: LineAdjustment[]) =>
    adjustments.reduce((sum, { amount }) => sum.plus(amount), decimal(0));
  const gross = decimal(netAmount).plus(total(allowances)).minus(total(charges));
  return {
    gross: format.amount(gross.toFixed()),
    rows: adjustmentRows(line, words, format, (amount) => format.amount(amount)),
  };
}
