/**
 * Writes XML by joining strings. A fragment is a string; one that has nothing to say is '' and vanishes, so a mapping may
 * name every element of the standard and none stays behind empty (PEPPOL-EN16931-R008).
 */
export type Xml = string;

export type Attributes = Readonly<Record<string, string | undefined>>;

/** An element that holds a value; nothing for a value that is absent or blank. */
export function leaf(name: string, value: string | undefined, attributes?: Attributes): Xml {
  const text = value === undefined ? '' : escape(value);
  return blank.test(text) ? '' : `<${name}${attributesOf(attributes)}>${text}</${name}>\n`;
}

/** An element that holds others; nothing when none of them is there. */
export function group(name: string, ...content: Xml[]): Xml {
  const inner = content.join('');
  return inner && `<${name}>\n${inner}</${name}>\n`;
}

/** One fragment for each of the items. */
export const each = <T>(items: readonly T[] | undefined, write: (item: T, index: number) => Xml): Xml =>
  items?.map(write).join('') ?? '';

/** A whole document, to be stored as UTF-8. An element on each line, so that two documents compare well. */
export const xmlDocument = (name: string, namespaces: Attributes, ...content: Xml[]): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<${name}${attributesOf(namespaces)}>\n${content.join('')}</${name}>\n`;

function attributesOf(attributes: Attributes | undefined): string {
  let text = '';
  for (const name in attributes) {
    const value = attributes[name];
    if (value !== undefined) text += ` ${name}="${escape(value).replace(/[\t\n]/g, reference)}"`;
  }
  return text;
}

/** What markup would claim, and what is not a Char of XML 1.0 (production 2): controls, lone surrogates, U+FFFE, U+FFFF. */
const special = /[&<>"\r]|[^\t\n\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;

/** A carriage return is written as a reference, for a parser would read a bare one as a line feed (XML 1.0, 2.11). */
const replacements: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#13;',
};

const blank = /^(?:\s|&#13;)*$/;

/** What XML cannot carry, not even as a reference, is left out: it has no shape that a reader would miss. */
const escape = (text: string): string => text.replace(special, (character) => replacements[character] ?? '');

/** A parser would read white space in an attribute as a blank (XML 1.0, 3.3.3). */
const reference = (character: string): string => `&#${character.charCodeAt(0)};`;
