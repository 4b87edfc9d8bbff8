import type { IssuedInvoice } from '@invoicepress/invoice';
import { western, type Coverage } from './fonts.ts';
import { TemplateError } from './template-error.ts';

/** How many different characters an error names. */
const namedCharacters = 8;

/** Invisible by definition (joiners, variation selectors, soft hyphens): no font needs a glyph for them. */
const ignorable = /\p{Default_Ignorable_Code_Point}/u;
/** Embeddings, overrides and isolates could make a text reorder its neighbours, so that a document lies. */
const reordering = /[\u202a-\u202e\u2066-\u2069]/g;
const lineBreak = /\r\n|[\r\u0085\u2028\u2029\v\f]/g;

/**
 * The same invoice with every text fit to print: composed (NFC), one kind of line break, no tabs, no control that
 * reorders. Throws TemplateError, naming the field, for a character that no font covers.
 */
export function printable(invoice: IssuedInvoice, covers: Coverage): IssuedInvoice {
  return walk(invoice, '', covers);
}

function walk<T>(value: T, path: string, covers: Coverage): T;
function walk(value: unknown, path: string, covers: Coverage): unknown {
  if (typeof value === 'string') return clean(value, path, covers);
  if (Array.isArray(value)) return value.map((item, index) => walk(item, `${path}[${index}]`, covers));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, walk(item, path ? `${path}.${key}` : key, covers)]);
  return Object.fromEntries(entries);
}

function clean(text: string, path: string, covers: Coverage): string {
  if (western.test(text)) return text;
  if (!text.isWellFormed()) {
    throw new TemplateError(`The text of ${path} has half a surrogate pair.`, 'Send it as well-formed Unicode.');
  }
  const composed = text.replace(lineBreak, '\n').replaceAll('\t', ' ').replace(reordering, '').normalize('NFC');
  const missing = new Set([...composed].filter((character) => !hasGlyph(character, covers)));
  if (missing.size === 0) return composed;
  const names = [...missing].slice(0, namedCharacters).map(nameOf).join(', ');
  throw new TemplateError(
    `No font of this template can print ${names}${missing.size > namedCharacters ? ' and others' : ''} in ${path}.`,
    'Replace or remove the character, or transliterate the text.',
  );
}

const hasGlyph = (character: string, covers: Coverage): boolean =>
  character === '\n' || covers.has(character.codePointAt(0) ?? 0) || ignorable.test(character);

const nameOf = (character: string): string => {
  const code = `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
  return /\p{C}/u.test(character) ? code : `“${character}” (${code})`;
};
