/** In characters: a word longer than this may not fit in a column, or in one of the narrow columns and large lines. */
const longestWord = 36;
export const longestNarrowWord = 24;
const zeroWidthSpace = '\u200b';

/** Lets a word break that could not fit on its line otherwise: an address, a product code, a name without spaces. */
export function breakable(text: string, every = longestWord): string {
  if (text.length <= every) return text;
  return text.replace(wordsOver(every), (word) => breakUp(word, every));
}

/** For narrow columns: what is long there, an e-mail address mostly, breaks after its punctuation if it has any. */
export const breakableAfterPunctuation = (text: string): string =>
  text.replace(wordsOver(longestNarrowWord), (word) =>
    breakable(word.replace(opportunities, `$&${zeroWidthSpace}`), longestNarrowWord),
  );

/** Spaces, and the scripts that break between any two characters. */
const breaksAnyway =
  '\\s\\u200b\\p{Ideographic}\\p{sc=Hiragana}\\p{sc=Katakana}\\p{sc=Hangul}\\u3000-\\u303f\\uff00-\\uffef';

const patterns = new Map<number, RegExp>();

function wordsOver(length: number): RegExp {
  const found = patterns.get(length) ?? new RegExp(`[^${breaksAnyway}]{${length + 1},}`, 'gu');
  patterns.set(length, found);
  return found;
}

// Graphemes, so that a letter keeps its accents; after punctuation first, where a reader expects a break.
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
const opportunity = /[-/.,_@?&=:;+\\|]/;
const opportunities = new RegExp(`${opportunity.source}(?=\\S)`, 'g');

function breakUp(word: string, every: number): string {
  let run = 0;
  let broken = '';
  for (const { segment } of graphemes.segment(word)) {
    broken += segment;
    run += 1;
    if (run < every / 3 && !(opportunity.test(segment) && run > 3)) continue;
    broken += zeroWidthSpace;
    run = 0;
  }
  return broken;
}
