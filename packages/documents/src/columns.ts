/**
 * Widths of the line table's columns. Typst finds them by laying out every cell once more, which is a tenth of an
 * invoice's time; the sum of the characters' widths is the same to a fraction of a point, and costs nothing.
 */
import { western } from './fonts.ts';
import type { InvoiceView } from './view.ts';

/** The width of a character in em, with tabular figures, in the invoice's own font. Nothing for those that others draw. */
export type CharacterWidths = ReadonlyMap<string, number>;

/** All that can be measured. The last of them, the minus sign, is the highest in `western`. */
export const measuredCharacters: string[] = Array.from({ length: 0x2213 }, (_, code) =>
  String.fromCharCode(code),
).filter((character) => western.test(character));

/** In points, as templates/default has them: theme.typ, and the inset of lines.typ. */
const bodySize = 8.8;
const denseSize = 6.6;
const smallSize = 7.4;
const insetBetween = 6;

/** Kerning and ligatures may widen a text by this much, in points. */
const slack = 0.5;

/** Leaves at least a quarter of the page's width to the names; beyond it Typst shares out the rest. */
const maxTotal = 350;

type Columns = Pick<InvoiceView, 'lines' | 'longIds' | 'dense' | 'words'>;

/**
 * In points: position, quantity, unit, price, rate and net amount, insets included. Null when Typst has to find the
 * widths itself: for characters of other fonts, or when the columns would not leave enough room for the names.
 */
export function columnWidths({ lines, longIds, dense, words }: Columns, characters: CharacterWidths): number[] | null {
  if (longIds) return null;
  const width = (text: string, size: number): number => {
    let em = 0;
    for (const character of text) em += characters.get(character) ?? Number.NaN;
    return em * size;
  };
  const size = dense ? denseSize : bodySize;
  const widest = (heading: string, cell: (line: Columns['lines'][number]) => number): number =>
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
  const total = widths.reduce((sum, next) => sum + next, 0);
  return total <= maxTotal ? widths : null; // a width that is not known makes the sum NaN
}

const amountsOf = ({ gross, rows }: NonNullable<Columns['lines'][number]['adjustments']>): string[] => [
  gross,
  ...rows.map(([, amount]) => amount),
];
