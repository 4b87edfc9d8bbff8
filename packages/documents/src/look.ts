/** What is the same for all invoices of one brand: the template reads it apart from the invoice (see main.typ). */
import { contrast, onWhite, tintOf, type Branding, type Logo } from '@invoicepress/invoice';

export interface LookView {
  /** sRGB, as "#0b4f5c". */
  accent: string;
  tint: string;
  ink: string;
  muted: string;
  logo: LogoView | null;
}

export interface LogoView {
  format: 'png' | 'jpg' | 'svg';
  /** In millimetres. */
  width: number;
  height: number;
  /** Whether the seller's name stands beside it. */
  withName: boolean;
}

const unbranded: LookView = { accent: '#0b4f5c', tint: '#eef4f5', ink: '#15191e', muted: '#5d6670', logo: null };

/** WCAG 2.2, 1.4.3: small type has to reach it on the tint too. */
const legible = 4.5;

export function lookOf({ colours: { accent, text } = {}, logo, nameBesideLogo }: Branding = {}): LookView {
  const colours = {
    ...unbranded,
    ...(accent && { accent, tint: tintOf(accent) }),
    ...(text && { ink: text }),
  };
  return {
    ...colours,
    muted: text || accent ? mutedOf(colours) : colours.muted,
    logo: logo ? logoView(logo, nameBesideLogo) : null,
  };
}

/** The lightest shade of the text's colour, from seven tenths on, that is legible on the tint. */
function mutedOf({ ink, tint }: Pick<LookView, 'ink' | 'tint'>): string {
  for (let percent = 70; percent < 100; percent += 2) {
    const shade = onWhite(ink, percent);
    if (contrast(shade, tint) >= legible) return shade;
  }
  return ink;
}

/** In millimetres and square millimetres. Logos of one area look equally large, whatever their shape. */
const area = 380;
const widest = 80;
const highest = 19;
/** Pixels that are printed larger than this look coarse; but a logo has to be seen. */
const pixelsPerInch = 96;
const smallest = 8;

/** A logo at least this much wider than high is taken for a wordmark, which says the name itself. */
const wordmark = 2.2;

function logoView({ width, height, mediaType }: Logo, nameBesideLogo = width < wordmark * height): LogoView {
  const even = Math.sqrt(area / (width * height));
  const sharp =
    mediaType === 'image/svg+xml' ? even : Math.max(25.4 / pixelsPerInch, smallest / Math.max(width, height));
  const scale = Math.min(even, sharp, widest / width, highest / height);
  return {
    format: ({ 'image/png': 'png', 'image/jpeg': 'jpg', 'image/svg+xml': 'svg' } as const)[mediaType],
    width: round(width * scale),
    height: round(height * scale),
    withName: nameBesideLogo,
  };
}

/** Thousandths are finer than any printer, and print no floating dust. */
const round = (millimetres: number): number => Math.max(0.1, Math.round(millimetres * 1_000) / 1_000);
