import { LogoFault } from './logo-fault.ts';

/** `url(#id)`. An id has none of the characters that end it, so that reading a value takes time in proportion to its length. */
const local = /url\(\s*(['"]?)#([^'"()\s]*)\1\s*\)/gi;

/** The ids in `url(#id)`, as fill, clip-path and their like have them. */
export const referencesIn = (value: string): string[] => [...value.matchAll(local)].map(([, , id = '']) => id);

/** Whether a value loads something, or could do so in disguise: CSS lets every letter be written as an escape. */
export const refersElsewhere = (value: string): boolean =>
  /url\s*\(|image(-set)?\s*\(|src\s*\(|\\|javascript:|expression\s*\(/i.test(value.replaceAll(local, ''));

/** Rules of classes, as drawing programs write them. @returns the ids that they refer to  @throws {LogoFault} */
export const readStyleSheet = (css: string): string[] => {
  const rules = withoutComments(css);
  if (refersElsewhere(rules) || rules.includes('@'))
    throw new LogoFault('has a style sheet that loads something; export it with presentation attributes');
  return referencesIn(rules);
};

/** A pattern would look for the end of each comment anew, and so take hours over half a megabyte of beginnings. */
const withoutComments = (css: string): string => {
  let rules = '';
  let at = 0;
  for (;;) {
    const begin = css.indexOf('/*', at);
    const end = begin < 0 ? -1 : css.indexOf('*/', begin + 2);
    if (end < 0) return rules + css.slice(at);
    rules += css.slice(at, begin);
    at = end + 2;
  }
};
