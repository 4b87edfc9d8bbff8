import type { BrandFont } from '@invoicepress/invoice';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

interface Font {
  family: string;
  /** Module paths, regular weight first: it decides which characters the family covers. */
  files: string[];
}

/**
 * The two weights that the template uses, of every family: Typst also sees the fonts that a machine has installed,
 * and only an exact match here keeps another machine's "Noto Sans SC Bold" out of the document.
 */
const weights = ['400Regular', '600SemiBold'];

const regularAndSemibold = (family: string, name: string): Font => ({
  family,
  files: weights.map((weight) => `@expo-google-fonts/${name}/${weight}/${family.replaceAll(' ', '')}_${weight}.ttf`),
});

/** By ISO 15924 script. Each weight takes 5 to 10 MB of memory once used. */
const han = {
  Hans: regularAndSemibold('Noto Sans SC', 'noto-sans-sc'),
  Hant: regularAndSemibold('Noto Sans TC', 'noto-sans-tc'),
  Jpan: regularAndSemibold('Noto Sans JP', 'noto-sans-jp'),
  Kore: regularAndSemibold('Noto Sans KR', 'noto-sans-kr'),
};

const inter = regularAndSemibold('Inter', 'inter');

/** What a brand may be set in. A character that it lacks is looked for in the others as ever. */
const brands: Record<BrandFont, Font> = {
  Inter: inter,
  'IBM Plex Sans': regularAndSemibold('IBM Plex Sans', 'ibm-plex-sans'),
  'Source Serif 4': regularAndSemibold('Source Serif 4', 'source-serif-4'),
  'Work Sans': regularAndSemibold('Work Sans', 'work-sans'),
};

const before = [
  inter,
  // Noto draws Arabic letters from parts, which many viewers cannot turn back into text; it only fills gaps here.
  regularAndSemibold('Vazirmatn', 'vazirmatn'),
  regularAndSemibold('Noto Sans Arabic', 'noto-sans-arabic'),
  regularAndSemibold('Noto Sans Hebrew', 'noto-sans-hebrew'),
];

const after = [
  regularAndSemibold('Noto Sans Thai', 'noto-sans-thai'),
  regularAndSemibold('Noto Sans Devanagari', 'noto-sans-devanagari'),
  regularAndSemibold('Noto Sans Bengali', 'noto-sans-bengali'),
  regularAndSemibold('Noto Sans Tamil', 'noto-sans-tamil'),
  regularAndSemibold('Noto Sans Georgian', 'noto-sans-georgian'),
  regularAndSemibold('Noto Sans Armenian', 'noto-sans-armenian'),
  regularAndSemibold('Noto Emoji', 'noto-emoji'),
];

const all = [...before, ...Object.values(han), ...after];
const withBrands = [...new Set([...all, ...Object.values(brands)])];

const pathOf = (file: string): string => fileURLToPath(import.meta.resolve(file));

/** Paths of all font files; Typst maps a file into memory when its first glyph is needed. */
export const fontPaths = (): string[] => withBrands.flatMap(({ files }) => files.map(pathOf));

/** The same Han character is drawn differently in China, Taiwan, Japan and Korea: the invoice's own script first. */
function inOrderFor(script: string): Font[] {
  const own = Object.entries(han).filter(([name]) => name === script);
  const others = Object.entries(han).filter(([name]) => name !== script);
  return [...before, ...[...own, ...others].map(([, value]) => value), ...after];
}

/** Which font has a glyph for which character. */
export interface Coverage {
  /** Tells whether a font that every document may use has a glyph for a code point. */
  has(codePoint: number): boolean;
  /** Tells whether a brand's font has one. */
  hasIn(font: BrandFont, codePoint: number): boolean;
  /** The families that a text needs, in the order in which glyphs are looked for. Fewer families, less shaping. */
  familiesFor(text: string, script: string, own?: BrandFont): string[];
}

/**
 * Nearly every text in a European language: letters already composed (NFC), and all of them in Inter, so one quick test
 * spares a look at each character.
 */
export const western =
  /^[\x20-\x7e\xa0-\xac\xae-\u0148\u014a-\u017f\u200b\u2013\u2014\u2018\u2019\u201c-\u201e\u2022\u2026\u202f\u20ac\u2212]*$/;

/** Reads a font's character map when it is first needed; keeps one bit per code point (136 KiB a font). */
export function openCoverage(): Coverage {
  const maps = new Map<Font, Uint8Array>();
  const mapOf = (font: Font): Uint8Array => {
    const known = maps.get(font);
    if (known) return known;
    const map = characterMap(font);
    maps.set(font, map);
    return map;
  };
  const covers = (font: Font, code: number): boolean => ((mapOf(font)[code >> 3] ?? 0) & (1 << (code & 7))) !== 0;
  return {
    has: (code) => all.some((font) => covers(font, code)),
    hasIn: (font, code) => covers(brands[font], code),
    familiesFor(text, script, own = 'Inter') {
      const first = brands[own];
      if (first === inter && western.test(text)) return [first.family];
      const fonts = [...new Set([first, ...inOrderFor(script)])];
      const needed = new Set([first]);
      for (const character of new Set(text)) {
        const code = character.codePointAt(0) ?? 0;
        const font = fonts.find((candidate) => covers(candidate, code));
        if (font) needed.add(font);
      }
      return fonts.filter((candidate) => needed.has(candidate)).map(({ family }) => family);
    },
  };
}

function characterMap({ files }: Font): Uint8Array {
  const bits = new Uint8Array(0x110000 / 8);
  for (const file of files.slice(0, 1)) {
    for (const [first, last] of mappedRanges(readFileSync(pathOf(file)))) {
      for (let code = first; code <= last; code++) bits[code >> 3] = (bits[code >> 3] ?? 0) | (1 << (code & 7));
    }
  }
  return bits;
}

/** The code point ranges of a font's `cmap` table (OpenType 1.9, formats 4 and 12; others are legacy). */
function* mappedRanges(file: Buffer): Generator<[number, number]> {
  const cmap = tableOf(file, 'cmap');
  const count = cmap.readUInt16BE(2);
  for (let index = 0; index < count; index++) {
    const subtable = cmap.subarray(cmap.readUInt32BE(4 + index * 8 + 4));
    const format = subtable.readUInt16BE(0);
    if (format === 12) yield* segmentedCoverage(subtable);
    if (format === 4) yield* segmentMapping(subtable);
  }
}

function tableOf(file: Buffer, wanted: string): Buffer {
  const count = file.readUInt16BE(4);
  for (let index = 0; index < count; index++) {
    const record = 12 + index * 16;
    if (file.toString('latin1', record, record + 4) !== wanted) continue;
    const offset = file.readUInt32BE(record + 8);
    return file.subarray(offset, offset + file.readUInt32BE(record + 12));
  }
  throw new Error(`A font file has no ${wanted} table. Reinstall the packages: the file is damaged.`);
}

function* segmentedCoverage(subtable: Buffer): Generator<[number, number]> {
  const groups = subtable.readUInt32BE(12);
  for (let group = 0; group < groups; group++) {
    yield [subtable.readUInt32BE(16 + group * 12), subtable.readUInt32BE(16 + group * 12 + 4)];
  }
}

/** A format 4 range may contain holes that map to glyph 0, so every code is looked up. */
function* segmentMapping(subtable: Buffer): Generator<[number, number]> {
  const twice = subtable.readUInt16BE(6);
  for (let at = 0; at < twice; at += 2) {
    const last = subtable.readUInt16BE(14 + at);
    const first = subtable.readUInt16BE(16 + twice + at);
    const delta = subtable.readUInt16BE(16 + 2 * twice + at);
    const rangeAt = 16 + 3 * twice + at;
    const range = subtable.readUInt16BE(rangeAt);
    for (let code = first; code <= last && code < 0xffff; code++) {
      const direct = range === 0 ? code : subtable.readUInt16BE(rangeAt + range + 2 * (code - first));
      if (direct !== 0 && ((direct + delta) & 0xffff) !== 0) yield [code, code];
    }
  }
}
