import { amountDecimals, type DateString, type DecimalString } from '@invoicepress/invoice';
import type { Locale, UnitNames } from './languages/index.ts';

/** Formatters are costly to make (about 1 ms) and cheap to use; keep those of this many locale-currency pairs. */
const keptFormats = 64;

/** More than any amount has, so that nothing printed is ever rounded. */
const maximumFractionDigits = 20;

/** Decimal strings, never floats, go in; text as the invoice's locale writes it comes out. */
export interface Format {
  /** An amount without its currency: "1.234,50". */
  amount(value: DecimalString): string;
  /** An amount with its currency: "1.234,50 €". */
  money(value: DecimalString): string;
  quantity(value: DecimalString): string;
  /** The unit's name in the plural that the quantity asks for; the code itself when it has no name here. */
  unit(code: string, quantity: DecimalString): string;
  /** A rate in per cent: "7.5" is 7.5 %. */
  percent(value: DecimalString): string;
  date(value: DateString): string;
  /** From one day to another, or an open end: "1 November 2026 –". */
  dateRange(start: DateString | undefined, end: DateString | undefined): string;
  /** A phone number, a reference, a name: each line kept in its own left-to-right order on a right-to-left page. */
  verbatim(text: string): string;
  /** Facts side by side; on a right-to-left page the first stands on the right, whatever script they are in. */
  list(texts: string[]): string;
  /** An ISO 3166 country's name. */
  country(code: string): string;
}

/** EN 16931's own code for Kosovo; the locale data knows it by another. */
const kosovo = '1A';

const kept = new Map<string, Format>();

export function formatFor(locale: Locale, currency: string): Format {
  const key = `${locale.tag} ${currency}`;
  const found = kept.get(key);
  if (found) return found;
  const made = makeFormat(locale, currency);
  if (kept.size >= keptFormats) kept.delete(kept.keys().next().value ?? '');
  kept.set(key, made);
  return made;
}

function makeFormat({ tag, units, rightToLeft }: Locale, currency: string): Format {
  const minimumFractionDigits = amountDecimals(currency);
  const money = new Intl.NumberFormat(tag, {
    style: 'currency',
    currency,
    minimumFractionDigits,
    maximumFractionDigits,
  });
  const amount = new Intl.NumberFormat(tag, { minimumFractionDigits, maximumFractionDigits });
  const quantity = new Intl.NumberFormat(tag, { maximumFractionDigits });
  const percent = new Intl.NumberFormat(tag, { style: 'unit', unit: 'percent', maximumFractionDigits });
  // Some locales default to another calendar (Thailand, Saudi Arabia); tax authorities everywhere read this one.
  const date = new Intl.DateTimeFormat(tag, { dateStyle: 'long', timeZone: 'UTC', calendar: 'gregory' });
  const countries = new Intl.DisplayNames(tag, { type: 'region', fallback: 'code' });
  return {
    amount: (value) => withMinus(amount.format(exact(value))),
    money: (value) => withMinus(money.format(exact(value))),
    quantity: (value) => withMinus(quantity.format(exact(value))),
    unit: (code, count) => unitName(tag, units, code, count),
    percent: (value) => withMinus(percent.format(exact(value))),
    date: (value) => date.format(new Date(value)),
    dateRange: (start, end) => {
      if (start && end) return date.formatRange(new Date(start), new Date(end));
      return `${start ? date.format(new Date(start)) : ''} – ${end ? date.format(new Date(end)) : ''}`.trim();
    },
    verbatim: (text) => (rightToLeft ? text.replace(/.+/g, leftToRight) : text),
    list: (texts) => texts.join(rightToLeft ? '\u00a0\u200f·\u200f ' : '\u00a0· '),
    country: (code) => countries.of(code === kosovo ? 'XK' : code) ?? code,
  };
}

/** Intl takes a decimal string as it is, digit for digit, though its type asks for proof. */
const exact = (value: DecimalString): Intl.StringNumericLiteral => value as Intl.StringNumericLiteral;

/** A real minus sign is as wide as a digit, so columns stay aligned. */
const withMinus = (text: string): string => text.replace('-', '\u2212');

const rightToLeftText = /[\p{sc=Arab}\p{sc=Hebr}\u200f\u061c]/u;
const leftToRight = (line: string): string => (rightToLeftText.test(line) ? line : `\u200e${line}\u200e`);

/** Units that the locale data can name in every language, with plurals. */
const localeUnits: Readonly<Record<string, [unit: string, display: 'long' | 'short']>> = {
  SEC: ['second', 'long'],
  MIN: ['minute', 'long'],
  HUR: ['hour', 'long'],
  DAY: ['day', 'long'],
  WEE: ['week', 'long'],
  MON: ['month', 'long'],
  ANN: ['year', 'long'],
  GRM: ['gram', 'short'],
  KGM: ['kilogram', 'short'],
  MMT: ['millimeter', 'short'],
  CMT: ['centimeter', 'short'],
  MTR: ['meter', 'short'],
  KMT: ['kilometer', 'short'],
  SMI: ['mile', 'short'],
  FOT: ['foot', 'short'],
  HAR: ['hectare', 'short'],
  MLT: ['milliliter', 'short'],
  LTR: ['liter', 'short'],
  LBR: ['pound', 'short'],
  AD: ['byte', 'short'],
  '4L': ['megabyte', 'short'],
  E34: ['gigabyte', 'short'],
  E35: ['terabyte', 'short'],
};

const namedUnits: Readonly<Record<string, keyof UnitNames>> = {
  C62: 'piece',
  H87: 'piece',
  EA: 'piece',
  XPP: 'piece',
  NAR: 'piece',
  SET: 'set',
  XBX: 'box',
  XCT: 'box',
  BX: 'box',
  XPK: 'package',
  PK: 'package',
  XPX: 'pallet',
  PR: 'pair',
  LS: 'flatRate',
  ZP: 'page',
  IE: 'person',
};

const symbols: Readonly<Record<string, string>> = {
  TNE: 't',
  KWH: 'kWh',
  MWH: 'MWh',
  KWT: 'kW',
  MTK: 'm²',
  MTQ: 'm³',
  FTK: 'ft²',
  P1: '%',
};

const unitFormats = new Map<string, Intl.NumberFormat>();

function unitName(tag: string, names: UnitNames, code: string, quantity: DecimalString): string {
  const named = namedUnits[code];
  if (named) return names[named];
  const known = localeUnits[code];
  if (!known) return symbols[code] ?? code;
  const parts = unitFormat(tag, ...known).formatToParts(exact(quantity));
  return parts
    .filter(({ type }) => type === 'unit')
    .map(({ value }) => value)
    .join('')
    .trim();
}

function unitFormat(tag: string, unit: string, unitDisplay: 'long' | 'short'): Intl.NumberFormat {
  const key = `${tag} ${unit}`;
  const found = unitFormats.get(key);
  if (found) return found;
  const made = new Intl.NumberFormat(tag, { style: 'unit', unit, unitDisplay });
  if (unitFormats.size >= keptFormats * 8) unitFormats.clear();
  unitFormats.set(key, made);
  return made;
}
