import { countries, currencies, holdsCardNumber, isIban } from '@invoicepress/invoice';
import { z } from 'zod';

/** Characters that no document may contain: controls other than tab and newline, and halves of surrogate pairs. */
// eslint-disable-next-line no-control-regex -- refusing control characters is its purpose
const unprintable = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\uFFFE\uFFFF]/;

/** Text of 1 to `max` UTF-16 units. */
export const text = (max: number) =>
  z
    .string()
    .min(1, { error: 'is empty; leave the field out instead', abort: true })
    .max(max, `is longer than ${max} characters`)
    .refine((value) => !unprintable.test(value), 'contains control characters; only tab and newline are allowed')
    .refine((value) => value.isWellFormed(), 'contains half a surrogate pair; send well-formed Unicode')
    .refine((value) => value.trim() !== '', { error: 'is blank; leave the field out instead', abort: true });

/** A name or a code that stands on one line, without spaces at its ends. */
export const label = (max: number) =>
  text(max).refine(
    (value) => value === value.trim() && !/[\n\t\u2028\u2029]/.test(value),
    'has line breaks, or spaces at its ends; remove them',
  );

/** Never repeats the number. */
const cardNumber =
  'contains what looks like a payment card number, which must not be kept here (PCI DSS 3.3); remove it, or leave its last four digits';
const holdsNone = (value: string): boolean => !holdsCardNumber(value);

/** Text that people write, in which card numbers turn up by mistake. */
export const freeText = (max: number) => text(max).refine(holdsNone, cardNumber);
/** The same on one line. */
export const freeLabel = (max: number) => label(max).refine(holdsNone, cardNumber);

const decimalString = (pattern: RegExp, description: string) =>
  z
    .string({ error: ({ input }) => notAString(input) })
    .regex(pattern, description)
    .meta({ examples: ['19.90'] });

const notAString = (input: unknown) => {
  if (input === undefined) return 'is missing';
  return typeof input === 'number' ? `is a JSON number; send decimals as strings: "${input}"` : 'is not a string';
};

/** Up to 13 digits and 2 decimals, not negative. */
export const amount = decimalString(
  /^\d{1,13}(\.\d{1,2})?$/,
  'is not an amount such as "1234.50" (13 digits and 2 decimals at most, not negative)',
);
/** What a client claims may be wrong in sign too, and a rounding (BT-114) goes either way. */
export const signedAmount = decimalString(
  /^-?\d{1,13}(\.\d{1,2})?$/,
  'is not an amount such as "1234.50" (13 digits and 2 decimals at most)',
);
/** BT-146: net price, never negative (BR-27). */
export const unitPrice = decimalString(
  /^\d{1,9}(\.\d{1,6})?$/,
  'is not a price such as "12.5" (9 digits and 6 decimals at most, not negative: BR-27)',
);
export const quantity = decimalString(
  /^-?\d{1,9}(\.\d{1,6})?$/,
  'is not a quantity such as "3" or "-0.25" (9 digits and 6 decimals at most)',
);
export const positiveQuantity = decimalString(
  /^(?=.*[1-9])\d{1,9}(\.\d{1,6})?$/,
  'is not a quantity above 0 such as "100" (9 digits and 6 decimals at most)',
);
export const taxRate = decimalString(
  /^(100(\.0{1,4})?|\d{1,2}(\.\d{1,4})?)$/,
  'is not a percentage from "0" to "100" (4 decimals at most)',
);
/** Of a base amount; a charge may be more than its base. */
export const percentage = decimalString(
  /^\d{1,4}(\.\d{1,4})?$/,
  'is not a percentage such as "2.5" (4 digits and 4 decimals at most, not negative)',
);
export const exchangeRate = decimalString(
  /^(?=.*[1-9])\d{1,9}(\.\d{1,10})?$/,
  'is not a rate above 0 such as "4.2567" (9 digits and 10 decimals at most)',
);

/** A real calendar day of the years 1900 to 2199. */
export const date = z
  .string()
  .regex(/^(19|20|21)\d{2}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, {
    error: 'is not a date such as "2026-11-22" (1900 to 2199)',
    abort: true,
  })
  .refine((value) => new Date(`${value}T00:00:00Z`).toISOString().startsWith(value), 'is no day of the calendar')
  .meta({ format: 'date', examples: ['2026-11-22'] });

export const currency = z
  .string()
  .refine((value) => currencies.has(value), 'is no ISO 4217 currency in use, such as "EUR"')
  .meta({ examples: ['EUR'], pattern: '^[A-Z]{3}$' });

export const country = z
  .string()
  .refine((value) => countries.has(value), 'is no ISO 3166-1 alpha-2 country, such as "DE"')
  .meta({ examples: ['DE'], pattern: '^[A-Z0-9]{2}$' });

/** Whitespace is how people write IBANs; it is removed. */
export const iban = z
  .string()
  .max(50, { error: 'is too long for an IBAN', abort: true })
  .overwrite((value) => value.replaceAll(' ', '').toUpperCase())
  .refine(isIban, 'is no IBAN: length or check digits are wrong');

export const bic = z.string().regex(/^[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?$/, 'is no BIC of 8 or 11 characters');

/** BT-31: a country prefix ("EL" for Greece) and the national number (BR-CO-09). */
export const vatId = z
  .string()
  .regex(/^[A-Z]{2}[A-Z0-9+*.]{2,18}$/, { error: 'is no VAT identifier such as "DE123456789"', abort: true })
  .refine(
    (value) => countries.has(value.slice(0, 2)) || value.startsWith('EL'),
    'does not begin with a country code (BR-CO-09)',
  );

export const language = z
  .string()
  .max(35, { error: 'is too long for a language tag', abort: true })
  .refine((value) => isLanguageTag(value), 'is no BCP 47 language tag, such as "de" or "en-GB"')
  .meta({ examples: ['en'] });

const isLanguageTag = (value: string) => {
  try {
    return Intl.getCanonicalLocales(value).length === 1;
  } catch {
    return false;
  }
};

/** UN/ECE Recommendations 20 and 21. */
export const unitCode = z.string().regex(/^[A-Z0-9]{2,3}$/, 'is no UN/ECE unit code such as "C62", "HUR" or "KGM"');

/** A code of a UNTDID, ICD or EAS list; which ones there are is for the rules of EN 16931 (BR-CL) to say. */
export const code = (max: number) =>
  z.string().regex(new RegExp(`^[A-Z0-9]{1,${max}}$`), `is no code of 1 to ${max} capital letters and digits`);

export const webAddress = z
  .url({ protocol: /^https?$/, error: 'is no http:// or https:// address' })
  .max(2_000, 'is longer than 2000 characters');

/** At most `max` of a kind. */
export const several = <T extends z.ZodType>(item: T, max: number, what = 'entries') =>
  z.array(item).max(max, `has more than ${max} ${what}`);

export const uuid = z.guid('is no UUID').meta({ format: 'uuid' });

/** Bounds of `metadata`: depth, keys, and bytes of its JSON. */
export const METADATA_MAX_DEPTH = 5;
export const METADATA_MAX_BYTES = 16_384;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Not z.record(), which drops a key named "__proto__" without a word. */
export const metadata = z
  .custom<Record<string, unknown>>(isObject, { error: 'is not a JSON object', abort: true })
  .superRefine((value, context) => {
    // Depth comes first: JSON.stringify overflows the stack on what is nested too deep.
    const fault = faultIn(value, METADATA_MAX_DEPTH) ?? faultInSize(value);
    if (fault) context.addIssue({ code: 'custom', message: fault });
  })
  .meta({ type: 'object' });

const faultInSize = (value: unknown): string | undefined =>
  new TextEncoder().encode(JSON.stringify(value)).length > METADATA_MAX_BYTES
    ? `is larger than ${METADATA_MAX_BYTES} bytes`
    : undefined;

const faultIn = (value: unknown, depth: number): string | undefined => {
  if (typeof value === 'string') return faultInString(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) return 'has a number too large for JSON; send it as a string';
    return Number.isInteger(value) && holdsCardNumber(String(value)) ? cardNumber : undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth === 0) return `is nested more than ${METADATA_MAX_DEPTH} levels deep`;
  for (const [key, member] of Object.entries(value)) {
    if (['__proto__', 'constructor', 'prototype'].includes(key)) return `has a key named "${key}"; choose another name`;
    const fault = faultInString(key) ?? faultIn(member, depth - 1);
    if (fault) return fault;
  }
  return undefined;
};

const faultInString = (value: string): string | undefined => {
  if (value.includes('\u0000')) return 'contains a NUL character';
  if (!value.isWellFormed()) return 'contains half a surrogate pair; send well-formed Unicode';
  return holdsCardNumber(value) ? cardNumber : undefined;
};
