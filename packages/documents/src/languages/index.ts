import type { Language } from './language.ts';
import { ar } from './ar.ts';
import { de } from './de.ts';
import { en } from './en.ts';
import { enUs } from './en-us.ts';
import { es } from './es.ts';
import { fr } from './fr.ts';
import { he } from './he.ts';
import { it } from './it.ts';
import { ja } from './ja.ts';
import { ko } from './ko.ts';
import { nl } from './nl.ts';
import { pl } from './pl.ts';
import { zhHans } from './zh-hans.ts';
import { zhHant } from './zh-hant.ts';

export type { Language, UnitNames, Words } from './language.ts';

/** By BCP 47 tag, the most specific first wins: "en-US" before "en", "zh-Hant" before "zh". */
export const languages: ReadonlyMap<string, Language> = new Map([
  ['ar', ar],
  ['de', de],
  ['en', en],
  ['en-US', enUs],
  ['es', es],
  ['fr', fr],
  ['he', he],
  ['it', it],
  ['ja', ja],
  ['ko', ko],
  ['nl', nl],
  ['pl', pl],
  ['zh', zhHans],
  ['zh-Hant', zhHant],
]);

const rightToLeft: ReadonlySet<string> = new Set(['ar', 'he']);

export interface Locale extends Language {
  /** For Intl: dates, amounts, plurals. Always a language that the words are in. */
  tag: string;
  /** ISO 639 code of the words, ISO 15924 code of their script, ISO 3166 code of the region. */
  language: string;
  script: string;
  region: string | undefined;
  rightToLeft: boolean;
}

/**
 * The locale for a BCP 47 tag: "de-AT" gives German words with Austrian dates and amounts, a language without
 * words here gives English.
 */
export function localeFor(tag: string): Locale {
  const wanted = parse(tag) ?? new Intl.Locale('en');
  const full = wanted.maximize();
  const script = full.script ?? 'Latn';
  const candidates = [`${full.language}-${full.region}`, `${full.language}-${script}`, full.language];
  // A bare "en" stays plain English although its likeliest region is the United States.
  const words = candidates
    .slice(wanted.region ? 0 : 1)
    .map((name) => languages.get(name))
    .find((found) => found);
  if (!words) return localeFor('en');
  return {
    ...words,
    tag: wanted.toString(),
    language: full.language,
    script,
    region: wanted.region,
    rightToLeft: rightToLeft.has(full.language),
  };
}

function parse(tag: string): Intl.Locale | undefined {
  try {
    return new Intl.Locale(tag);
  } catch {
    return undefined;
  }
}
