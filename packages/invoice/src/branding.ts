/** How a seller's documents look, and who sells: what a tenant sets once for all invoices of a legal entity. */
import type { Colour } from './colours.ts';
import type { Account, InvoiceDraft, PaperSize } from './model.ts';
import { isCreditNote } from './model.ts';
import type { Party } from './party.ts';

/** Families that documents can be set in; characters that one lacks come from others, glyph by glyph. */
export const brandFonts = ['Inter', 'IBM Plex Sans', 'Source Serif 4', 'Work Sans'] as const;
export type BrandFont = (typeof brandFonts)[number];

export const logoTypes = ['image/png', 'image/jpeg', 'image/svg+xml'] as const;
export type LogoType = (typeof logoTypes)[number];

/** An image by the SHA-256 of its bytes, in pixels or, for a drawing, in its own units. */
export interface Logo {
  sha256: string;
  mediaType: LogoType;
  width: number;
  height: number;
}

/** One text for all languages, or one for each BCP 47 tag: "de", "en-GB". */
export type LocalText = string | Record<string, string>;

interface Look {
  colours?: { accent?: Colour; text?: Colour };
  font?: BrandFont;
  /** Whether the seller's name stands beside the logo; where absent, the logo's shape decides. */
  nameBesideLogo?: boolean;
  /** In place of the columns that say who the seller is: up to four, of up to five lines each. */
  footer?: string[][];
}

/** As a profile holds it. */
export interface ProfileBranding extends Look {
  logo?: Logo;
  texts?: { introduction?: LocalText; closing?: LocalText };
}

/** As it is frozen in an invoice: the texts in its own language. */
export interface Branding extends Look {
  logo?: Logo;
  introduction?: string;
  closing?: string;
}

/** Where its customers pay, and on what terms. */
export interface PaymentDefaults extends Account {
  terms?: string;
}

export interface SellerProfile {
  /** The handle that a submission gives as `sellerProfile`; unique in its tenant. */
  name: string;
  isDefault: boolean;
  /** BG-4. */
  seller: Party;
  payment?: PaymentDefaults;
  paperSize?: PaperSize;
  branding?: ProfileBranding;
}

/**
 * A draft with what its seller's profile says: the seller, the branding, and what the draft itself leaves open. From
 * here on nothing refers to the profile, so that changing it changes no invoice.
 */
export const applyProfile = (
  draft: Omit<InvoiceDraft, 'seller'>,
  { seller, payment, paperSize, branding }: Omit<SellerProfile, 'name' | 'isDefault'>,
): InvoiceDraft => {
  const paying = payment && !isCreditNote(draft.typeCode ?? '380') ? withAccount(draft.payment, payment) : undefined;
  return {
    ...draft,
    seller,
    ...(paying && { payment: paying }),
    ...(paperSize && { paperSize: draft.paperSize ?? paperSize }),
    ...(branding && { branding: brandingFor(branding, draft.language ?? 'en') }),
  };
};

/** An account is taken as a whole, and only where the draft names no way to pay: a BIC must not meet another's IBAN. */
const withAccount = (
  given: InvoiceDraft['payment'] = {},
  { terms, ...account }: PaymentDefaults,
): InvoiceDraft['payment'] => {
  const { reference: _reference, terms: _terms, ...ways } = given;
  const own = Object.values(ways).some((value) => value !== undefined);
  return { ...(terms !== undefined && { terms }), ...(own ? undefined : account), ...given };
};

const brandingFor = (
  { texts: { introduction, closing } = {}, ...look }: ProfileBranding,
  language: string,
): Branding => {
  const [before, after] = [textIn(introduction, language), textIn(closing, language)];
  return {
    ...look,
    ...(before !== undefined && { introduction: before }),
    ...(after !== undefined && { closing: after }),
  };
};

/** The text of the very tag, or else of its language: "de" for "de-AT". None is better than one in another language. */
const textIn = (text: LocalText | undefined, language: string): string | undefined => {
  if (text === undefined || typeof text === 'string') return text;
  const [wanted = language] = Intl.getCanonicalLocales(language);
  const byTag = new Map(Object.entries(text).map(([tag, value]) => [Intl.getCanonicalLocales(tag)[0] ?? tag, value]));
  return byTag.get(wanted) ?? byTag.get(new Intl.Locale(wanted).language);
};
