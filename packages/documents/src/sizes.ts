/**
 * Sizes of the template's cells, where they are sure: Typst finds those that are null by laying out every cell once more.
 * All are in points, and those of paper and type are as templates/default has them.
 */
import type { LabelledText } from './labelled.ts';
import type { LineView } from './lines.ts';
import { slack, type Ruler } from './ruler.ts';
import type { InvoiceView } from './view.ts';

type Size = number | null;

export interface SizesView {
  /** Of the line table, insets included: position, quantity, unit, price, rate and net amount. The name has the rest. */
  columns: number[] | null;
  sizes: {
    /** Of the line table, below its head. */
    rows: Size[];
    /** The rows of facts of each kind. */
    details: Size;
    references: Size;
    payment: Size;
    attachments: Size;
    /** The column of amounts, and the rows. */
    totals: { amounts: Size; rows: Size };
    /** The columns of amounts, their insets included, and the rows, the table's head among them. */
    taxes: { columns: Size[]; rows: Size[] };
  };
}

type Texts = Omit<InvoiceView, keyof SizesView>;

const millimetre = 72 / 25.4;

// theme.typ
const bodySize = 8.8;
const denseSize = 6.6;
const detailSize = 8.4;
const smallSize = 7.4;

// letterhead.typ: facts have a top edge of their own, so that a label and its text share a baseline.
const factHeight = 6.4;
const factGutter = 4 * millimetre;
const besideRecipient = 92 * millimetre;
const betweenReferences = 8 * millimetre;

// lines.typ
const insetBetween = 6;
const insetAboveAndBelow = 2 * 4.4;
const aboveSmall = 4;
const leading = 0.58 * smallSize;
/** Leaves at least a quarter of the page's width to the names; beyond it Typst shares out the rest. */
const maxColumns = 350;

// summary.typ
/** The payment code, and what is between it and the facts. */
const codeWidth = (27 + 8) * millimetre;
const totalsWidth = 74 * millimetre;
const totalsGutter = 4 * millimetre;
const betweenSums = 12 * millimetre;
const taxInsetBetween = 10;
const taxInsetAboveAndBelow = 2 * 3.4;
const rateToLabel = 0.6 * smallSize;

export function sizesOf(texts: Texts, ruler: Ruler): SizesView {
  const columns = columnWidths(texts, ruler);
  const width = (texts.paper === 'a4' ? 165 : 172.9) * millimetre;
  const nameColumn = columns ? width - sum(columns) : Number.NaN;
  const { details, references, payment, attachments } = texts;
  const facts = (rows: LabelledText[], size: number, label: number, room: number): Size =>
    rows.every(
      ([name, text]) => ruler.fits(name, smallSize, label) && ruler.fits(text, size, room - label - factGutter),
    )
      ? factHeight
      : null;
  return {
    columns,
    sizes: {
      rows: texts.lines.flatMap((line) => rowsOf(line, texts.dense, nameColumn, ruler)),
      details: facts(details, detailSize, 26 * millimetre, width - besideRecipient),
      references: facts(references.flat(), detailSize, 30 * millimetre, (width - betweenReferences) / 2),
      payment: facts(payment?.facts ?? [], bodySize, 32 * millimetre, width - (payment?.code ? codeWidth : 0)),
      attachments: facts(attachments, bodySize, 32 * millimetre, width),
      totals: totalsSizes(texts, ruler),
      taxes: taxSizes(texts, width - totalsWidth - betweenSums, ruler),
    },
  };
}

function columnWidths({ lines, longIds, dense, words }: Texts, { width }: Ruler): number[] | null {
  if (longIds) return null;
  const size = dense ? denseSize : bodySize;
  const widest = (heading: string, cell: (line: LineView) => number): number =>
    Math.max(width(heading, smallSize), ...lines.map(cell)) + slack;

  const position = widest(words.position, ({ id }) => width(id, size)) + insetBetween;
  const quantity = widest('', (line) => width(line.quantity, size)) + 2 * insetBetween;
  const unitText = widest('', ({ unit }) => width(unit, size)) + 2 * insetBetween;
  const price = widest(words.unitPrice, (line) =>
    Math.max(width(line.price, size), width(line.priceBase ?? '', smallSize)),
  );
  const rate = widest(words.taxRate, (line) => width(line.rate, size));
  const netAmount =
    widest(words.netAmount, ({ netAmount: net, adjustments }) =>
      adjustments
        ? Math.max(width(net, size), ...amountsOf(adjustments).map((amount) => width(amount, smallSize)))
        : width(net, size),
    ) + insetBetween;
  // One heading stands above both; what it needs beyond them is the unit's, as with Typst.
  const above = width(words.quantity, smallSize) + slack + 2 * insetBetween;
  const unit = Math.max(unitText, above - quantity);

  const widths = [position, quantity, unit, price + 2 * insetBetween, rate + 2 * insetBetween, netAmount];
  return sum(widths) <= maxColumns ? widths : null; // a width that is not known makes the sum NaN
}

const amountsOf = ({ gross, rows }: NonNullable<LineView['adjustments']>): string[] => [
  gross,
  ...rows.map(([, amount]) => amount),
];

/** One row, or those of a line whose adjustments stand below it. */
function rowsOf(line: LineView, dense: boolean, nameColumn: number, { fits, height }: Ruler): Size[] {
  const { name, description, priceBase, adjustments, tall } = line;
  if (adjustments) return Array<null>(adjustments.rows.length + 2).fill(null);
  const size = dense ? denseSize : bodySize;
  const room = nameColumn - 2 * insetBetween;
  const small = description?.replace(/\n$/, '').split('\n') ?? []; // a line break at the end begins no line
  const sure = !tall && fits(name, size, room) && small.every((text) => fits(text, smallSize, room));
  const below = Math.max(small.length, priceBase ? 1 : 0);
  const belowHeight = below > 0 ? aboveSmall + below * height(smallSize) + (below - 1) * leading : 0;
  return [sure ? insetAboveAndBelow + height(size) + belowHeight : null];
}

function totalsSizes({ totals }: Texts, { width, fits, height }: Ruler): SizesView['sizes']['totals'] {
  const amounts = Math.max(...totals.map(([, amount]) => width(amount, bodySize))) + slack;
  const sure = totals.every(([name]) => fits(name, bodySize, totalsWidth - totalsGutter - amounts));
  return { amounts: known(amounts), rows: sure ? height(bodySize) : null };
}

function taxSizes({ taxes, words }: Texts, room: number, { width, fits, height }: Ruler): SizesView['sizes']['taxes'] {
  const widest = (texts: string[]) => Math.max(...texts.map((text) => width(text, smallSize))) + slack;
  const taxable = widest([words.taxable, ...taxes.map((tax) => tax.taxable)]) + 2 * taxInsetBetween;
  const tax = widest([words.tax, ...taxes.map((each) => each.tax)]);
  const name = room - taxable - tax;
  const row = height(smallSize) + taxInsetAboveAndBelow;
  const rows = taxes.map(({ rate, label, reason }) => !reason && fits(rate + label, smallSize, name - rateToLabel));
  return { columns: [taxable, tax].map(known), rows: [name > 0, ...rows].map((sure) => (sure ? row : null)) };
}

const known = (size: number): Size => (Number.isNaN(size) ? null : size);
const sum = (numbers: number[]): number => numbers.reduce((total, next) => total + next, 0);
