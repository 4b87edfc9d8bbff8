import { brandFonts, faultInAccent, faultInTextColour, logoTypes, paperSizes } from '@invoicepress/invoice';
import { z } from 'zod';
import { freeText, label, language, uuid } from './fields.ts';
import { instant } from './invoice.ts';
import { Party } from './party.ts';
import { account } from './payment.ts';

/** Bounds of a logo: bytes of the file, pixels of an image. It is printed 80 mm wide at most: that is 600 dots an inch. */
export const MAX_LOGO_BYTES = 500_000;
export const MAX_LOGO_PIXELS = 1_000_000;
const BASE64_CHARACTERS = Math.ceil(MAX_LOGO_BYTES / 3) * 4;

/** Bounds of the texts, and of the languages that each is given in. */
const MAX_TEXT = 1_000;
const MAX_LANGUAGES = 30;
const MAX_FOOTER_COLUMNS = 4;
const MAX_FOOTER_LINES = 5;

const colour = (faultIn: (value: string) => string | undefined, example: string) =>
  z
    .string()
    .regex(/^#[0-9a-fA-F]{6}$/, { error: `is no colour such as "${example}"`, abort: true })
    .toLowerCase()
    .superRefine((value, context) => {
      const message = faultIn(value);
      if (message) context.addIssue({ code: 'custom', message });
    })
    .meta({ examples: [example] });

const localText = z
  .union(
    [
      freeText(MAX_TEXT),
      z.record(language, freeText(MAX_TEXT), {
        error: ({ code }) =>
          code === 'invalid_key' ? 'has a key that is no BCP 47 language tag, such as "de"' : undefined,
      }),
    ],
    {
      error: `is neither a text of up to ${MAX_TEXT} characters nor an object of such texts by language tag`,
    },
  )
  .refine((value) => typeof value === 'string' || Object.keys(value).length <= MAX_LANGUAGES, {
    error: `has more than ${MAX_LANGUAGES} languages`,
  })
  .meta({ examples: [{ de: 'Vielen Dank für Ihren Auftrag.', en: 'Thank you for your order.' }] });

/** Characters that are sure to fit side by side in one of so many columns; a longer line takes more than one row. */
const columnCharacters = [110, 52, 34, 25];

const footer = z
  .array(
    z
      .array(label(100))
      .min(1, 'is empty; leave the column out instead')
      .max(MAX_FOOTER_LINES, `has more than ${MAX_FOOTER_LINES} lines`),
  )
  .min(1, 'is empty; leave it out instead')
  .max(MAX_FOOTER_COLUMNS, `has more than ${MAX_FOOTER_COLUMNS} columns`)
  .superRefine((columns, context) => {
    const width = columnCharacters[columns.length - 1] ?? 0;
    for (const [index, lines] of columns.entries()) {
      const rows = lines.reduce((sum, line) => sum + Math.ceil(widthOf(line) / width), 0);
      if (rows <= MAX_FOOTER_LINES) continue;
      const message =
        `fills ${rows} rows and has room for ${MAX_FOOTER_LINES}: in ${columns.length} columns, a line of more than ` +
        `${width} characters takes several; shorten it, or have fewer columns`;
      context.addIssue({ code: 'custom', path: [index], message });
    }
  });

/** In Latin letters: ideographs and their like are twice as wide. */
const widthOf = (line: string): number =>
  [...line].reduce((sum, each) => sum + ((each.codePointAt(0) ?? 0) < 0x1100 ? 1 : 2), 0);

export const sha256 = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'is no SHA-256 of 64 small hexadecimal digits')
  .describe('of the bytes of the file, hexadecimal');

const Branding = z.strictObject({
  logo: sha256.optional().describe('the `sha256` of a logo that was uploaded with POST /v1/logos'),
  nameBesideLogo: z
    .boolean()
    .optional()
    .describe(
      "whether the seller's name stands beside the logo; when absent, unless the logo is wide, like a wordmark",
    ),
  colours: z
    .strictObject({
      accent: colour(faultInAccent, '#0b4f5c').optional().describe('amounts due, headings, the rule above them'),
      text: colour(faultInTextColour, '#15191e').optional().describe('text; small type takes a lighter shade of it'),
    })
    .optional()
    .describe('dark enough to be read: WCAG 2.2'),
  font: z.enum(brandFonts).optional().describe('Inter when absent; what it has no letters for comes from others'),
  texts: z
    .strictObject({
      introduction: localText.optional().describe('above the lines'),
      closing: localText.optional().describe('below the totals and the payment'),
    })
    .optional()
    .describe('for all languages, or by language: "de" stands for "de-AT" too; without a match there is none'),
  footer: footer
    .optional()
    .describe(
      'columns of lines, in place of those that say who the seller is; identifiers that they leave out stand in a note',
    ),
});

const PaymentDefaults = z.strictObject({
  ...account,
  terms: freeText(1_000).optional().describe('BT-20'),
});

const profile = {
  name: label(60).describe('the handle that invoices name it by as `sellerProfile`'),
  isDefault: z.boolean().describe('the profile of submissions that name neither `seller` nor `sellerProfile`'),
  seller: Party.describe('BG-4'),
  payment: PaymentDefaults.describe('the account and the terms of invoices that give none; never of credit notes'),
  paperSize: z.enum(paperSizes).describe('of invoices that give none'),
  branding: Branding.describe('how documents look'),
};

export const CreateSellerProfile = z
  .strictObject({
    ...profile,
    isDefault: profile.isDefault.optional(),
    payment: profile.payment.optional(),
    paperSize: profile.paperSize.optional(),
    branding: profile.branding.optional(),
  })
  .meta({ id: 'CreateSellerProfile' });
export type CreateSellerProfile = z.input<typeof CreateSellerProfile>;

export const UpdateSellerProfile = z
  .strictObject({
    name: profile.name.optional(),
    isDefault: profile.isDefault.optional(),
    seller: profile.seller.optional().describe('in place of the whole seller'),
    payment: profile.payment.nullable().optional().describe('in place of the whole; null removes it'),
    paperSize: profile.paperSize.nullable().optional().describe('null removes it'),
    branding: profile.branding.nullable().optional().describe('in place of the whole; null removes it'),
  })
  .meta({ id: 'UpdateSellerProfile' });
export type UpdateSellerProfile = z.input<typeof UpdateSellerProfile>;

export const SellerProfile = z
  .object({
    id: uuid,
    ...profile,
    payment: profile.payment.optional(),
    paperSize: profile.paperSize.optional(),
    branding: profile.branding.optional(),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: 'SellerProfile' });
export type SellerProfile = z.infer<typeof SellerProfile>;

export const SellerProfileList = z.object({ profiles: z.array(SellerProfile) }).meta({ id: 'SellerProfileList' });

export const UploadLogo = z
  .strictObject({
    base64: z
      .base64('is no Base64 of RFC 4648, in one piece and padded')
      .min(1, 'is empty')
      .max(BASE64_CHARACTERS, { error: `is a file of more than ${MAX_LOGO_BYTES} bytes; make it smaller`, abort: true })
      .describe(
        `the file: PNG or JPEG of up to ${MAX_LOGO_PIXELS} pixels, or SVG without scripts, text and references to elsewhere`,
      ),
  })
  .meta({ id: 'UploadLogo' });
export type UploadLogo = z.input<typeof UploadLogo>;

export const Logo = z
  .object({
    sha256,
    mediaType: z.enum(logoTypes),
    width: z.number().describe('in pixels; of a drawing in its own units'),
    height: z.number(),
    sizeBytes: z.int(),
    createdAt: instant,
  })
  .meta({ id: 'Logo' });
export type Logo = z.infer<typeof Logo>;

export const LogoList = z.object({ logos: z.array(Logo) }).meta({ id: 'LogoList' });
