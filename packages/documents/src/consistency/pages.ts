/**
 * Reads a PDF as its receiver does: the text of its pages, and the amounts that stand beside the words for totals in
 * the invoice's language. Nothing of what wrote the pages is used but those words.
 */
import type { DecimalString } from '@invoicepress/invoice';
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { localeFor, type Words } from '../languages/index.ts';
import type { TotalName } from './totals.ts';

export interface Read {
  /** Each line, in one form for what reads alike, without white space. */
  lines: string[];
  /** The files inside, by name. */
  attachments: Map<string, Uint8Array>;
}

/** @throws {Error} when the file cannot be read as a PDF */
export async function readPdf(pdf: Uint8Array): Promise<Read> {
  // A copy, because the reader takes possession of the buffer.
  const loading = getDocument({ data: new Uint8Array(pdf), verbosity: 0 });
  try {
    const document = await loading.promise;
    const runs: string[] = [];
    for (let page = 1; page <= document.numPages; page++) {
      const { items } = await (await document.getPage(page)).getTextContent();
      for (const item of items) if ('str' in item) runs.push(item.str, item.hasEOL ? '\n' : '');
      runs.push('\n');
    }
    const attachments = new Map<string, Uint8Array>();
    for (const name of (await document.getAttachments())?.keys() ?? [])
      attachments.set(name, (await document.getAttachmentContent(name)) ?? new Uint8Array());
    return { lines: runs.join('').split('\n').map(plain).filter(Boolean), attachments };
  } finally {
    await loading.destroy();
  }
}

const labels = (words: Words): Record<TotalName, string[]> => ({
  lineTotal: [words.lineTotal],
  taxExclusive: [words.taxExclusive],
  tax: [words.taxTotal],
  taxInclusive: [words.taxInclusive],
  prepaid: [words.prepaid],
  rounding: [words.rounding],
  payable: [words.amountDue, words.amountCredited],
});

/** Every amount that the lines state for a total; none when they do not. */
export function printedTotals(
  lines: string[],
  { language, currency }: { language: string; currency: string },
): (name: TotalName) => DecimalString[] {
  const locale = localeFor(language);
  const amountIn = amountReader(locale.tag, currency);
  const names = labels(locale.words);
  // A label or an amount that is too long for its column goes on in the next line.
  const rows = lines.flatMap((line, index) => [line, line + (lines[index + 1] ?? '')]);
  return (name) =>
    names[name].flatMap((label) =>
      rows.flatMap((row) => afterLabel(row, plain(label)) ?? []).flatMap((rest) => amountIn(rest) ?? []),
    );
}

/** A right-to-left label is extracted in an order of its own, so only its letters are compared. */
const afterLabel = (row: string, label: string): string | undefined =>
  sorted(row.slice(0, label.length)) === sorted(label) ? row.slice(label.length) : undefined;

/** Whether an amount, whatever its sign, stands somewhere on the pages, written as the language writes numbers. */
export function printedAmounts(
  lines: string[],
  { language, currency }: { language: string; currency: string },
): (amount: DecimalString) => boolean {
  const { tag } = localeFor(language);
  const { group, digits, toNumber } = notationOf(tag, currency);
  // An amount that is too long for its column goes on in the next line.
  const rows = lines.flatMap((line, index) => [line, line + (lines[index + 1] ?? '')]);
  const numbers = rows.flatMap((row) => [...row.matchAll(digits)].map(([number]) => shortest(toNumber(number))));
  return (amount) => {
    const wanted = shortest(amount.replace('-', ''));
    // Where spaces group digits, what stands before the amount in its row cannot be told from its first group.
    return numbers.some((number) => (group === '' ? number.endsWith(wanted) : number === wanted));
  };
}

/** Without zeros that say nothing. */
const shortest = (number: DecimalString): DecimalString =>
  number.includes('.') ? number.replace(/\.?0+$/, '') : number;

/** By its code, or by the symbol that the language has for it. */
export function showsCurrency(text: string, { language, currency }: { language: string; currency: string }): boolean {
  const { tag, rightToLeft } = localeFor(language);
  const { symbol } = notationOf(tag, currency);
  // A right-to-left symbol is extracted in an order of its own.
  return text.includes(currency) || (rightToLeft ? [...symbol] : [symbol]).every((part) => text.includes(part));
}

/** How a language writes amounts. */
function notationOf(language: string, currency: string) {
  const parts = new Intl.NumberFormat(language, { style: 'currency', currency }).formatToParts(-1234567.5);
  const part = (type: string) => plain(parts.find((each) => each.type === type)?.value ?? '');
  const [group, point, symbol] = [part('group'), part('decimal') || '.', part('currency')];
  const toNumber = (text: string): DecimalString =>
    (group === '' ? text : text.replaceAll(group, '')).replace(point, '.');
  return { group, symbol, toNumber, digits: new RegExp(`\\d+(?:[${group}${point}]\\d+)*`, 'g') };
}

/** Reads a text that is nothing but an amount in this currency, as the language writes it. */
function amountReader(language: string, currency: string): (text: string) => DecimalString | undefined {
  const { symbol, digits, toNumber } = notationOf(language, currency);
  return (text) => {
    const [number] = text.match(digits) ?? [];
    if (number === undefined) return undefined;
    const around = text.replace(number, '');
    const sign = around.includes('-') ? '-' : '';
    if (sorted(around.replace('-', '')) !== sorted(symbol)) return undefined;
    return sign + toNumber(number);
  };
}

/**
 * One form for what reads alike: ASCII digits and signs, no white space, no marks that steer direction or breaks, and no
 * Arabic vowel signs. A PDF says once what a glyph stands for: where a word has a letter with its sign ("يومًا"), the same
 * glyph brings the sign along in every other word.
 */
export const plain = (text: string): string =>
  text
    .normalize('NFKC')
    .replace(/[\p{Cf}\s\u064b-\u0652]/gu, '')
    .replace(/[٠-٩۰-۹]/g, (digit) => String((digit.codePointAt(0) ?? 0) & 0xf))
    .replaceAll('٬', ',')
    .replaceAll('٫', '.')
    .replaceAll('’', "'")
    .replaceAll('−', '-');

const sorted = (text: string): string => [...text].toSorted().join('');
