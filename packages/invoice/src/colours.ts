/** Colours of a document, and whether they can be read. */

/** "#0b4f5c": sRGB, six hexadecimal digits. */
export type Colour = string;

/** WCAG 2.2, success criterion 1.4.3 (level AA): the contrast of a text of ordinary size. */
export const MIN_CONTRAST = 4.5;
/** WCAG 2.2, success criterion 1.4.6 (level AAA): so that a text stays legible when it is printed small and lighter. */
export const MIN_TEXT_CONTRAST = 7;

const WHITE = '#ffffff';
/** Of the accent in the tint behind the amount due; the rest is white. */
const TINT_PERCENT = 7;

const channels = (colour: Colour): number[] => [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));

/** `percent` of a colour on white. */
export const onWhite = (colour: Colour, percent: number): Colour =>
  `#${channels(colour)
    .map((value) => Math.round(255 - ((255 - value) * percent) / 100))
    .map((value) => value.toString(16).padStart(2, '0'))
    .join('')}`;

/** The light surface behind the amount due. */
export const tintOf = (accent: Colour): Colour => onWhite(accent, TINT_PERCENT);

/** WCAG 2.2, "relative luminance" of an sRGB colour: 0 is black, 1 is white. */
const luminance = (colour: Colour): number => {
  const [red = 0, green = 0, blue = 0] = channels(colour).map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};

/** WCAG 2.2, "contrast ratio": 1 of equal colours to 21 of black on white. */
export const contrast = (one: Colour, other: Colour): number => {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
};

/** What an accent colour may not be, in words for the one who chose it; undefined when it is legible. */
export const faultInAccent = (accent: Colour): string | undefined => {
  const tint = tintOf(accent);
  return (
    tooFaint(`white on ${accent}`, contrast(WHITE, accent), MIN_CONTRAST, '1.4.3') ??
    tooFaint(`${accent} on its tint ${tint}`, contrast(accent, tint), MIN_CONTRAST, '1.4.3')
  );
};

/** The same of a text colour, which also has a lighter shade for small type. */
export const faultInTextColour = (text: Colour): string | undefined =>
  tooFaint(`${text} on white`, contrast(text, WHITE), MIN_TEXT_CONTRAST, '1.4.6');

/** Rounded down, so that no figure looks as if it were enough. */
const tooFaint = (what: string, ratio: number, least: number, criterion: string): string | undefined =>
  ratio >= least
    ? undefined
    : `is too light: the contrast of ${what} is ${(Math.floor(ratio * 100) / 100).toFixed(2)}:1, ` +
      `and WCAG 2.2 (${criterion}) wants ${least}:1; choose a darker shade`;
