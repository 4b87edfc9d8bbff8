/**
 * How much room a text takes. Typst finds the sizes of cells by laying each of them out once more, which is a quarter of
 * an invoice's time; the sum of the characters' widths is the same to a fraction of a point, and costs nothing.
 */
import { western } from './fonts.ts';

/** For an invoice's own font, with tabular figures. Sizes and results are in points. */
export interface Ruler {
  /** Of a text on one line; NaN when another font draws one of its characters, or when it has a line break. */
  width(text: string, size: number): number;
  /** Whether a text is sure to stand on one line of this width. */
  fits(text: string, size: number, width: number): boolean;
  /** Of a line, from its baseline to its top edge. */
  height(size: number): number;
}

/** All that can be measured. The last of them, the minus sign, is the highest in `western`. */
export const measuredCharacters: string[] = Array.from({ length: 0x2213 }, (_, code) =>
  String.fromCharCode(code),
).filter((character) => western.test(character));

/** Kerning may widen a text by this much, in points; figures that are not tabular widen it by this part at most. */
export const slack = 0.5;
const stretch = 0.05;

/**
 * @param widths of characters, in em
 * @param lineHeight in em
 */
export function createRuler(widths: ReadonlyMap<string, number>, lineHeight: number): Ruler {
  const width = (text: string, size: number): number => {
    let em = 0;
    for (const character of text) em += widths.get(character) ?? Number.NaN;
    return em * size;
  };
  return {
    width,
    fits: (text, size, room) => width(text, size) * (1 + stretch) + slack <= room,
    height: (size) => lineHeight * size,
  };
}
