import { LogoFault } from './logo-fault.ts';

/** The ids in `url(#id)`, as fill, clip-path and their like have them. */
export const referencesIn = (value: string): string[] =>
  [...value.matchAll(/url\(\s*(['"]?)#([^'")]*)\1\s*\)/gi)].map(([, , id = '']) => id);

/** Whether a value loads something, or could do so in disguise: CSS lets every letter be written as an escape. */
export const refersElsewhere = (value: string): boolean => {
  const others = value.replaceAll(/url\(\s*(['"]?)#[^'")]*\1\s*\)/gi, '');
  return /url\s*\(|image(-set)?\s*\(|src\s*\(|\\|javascript:|expression\s*\(/i.test(others);
};

/** Rules of classes, as drawing programs write them. @returns the ids that they refer to  @throws {LogoFault} */
export const readStyleSheet = (css: string): string[] => {
  const rules = css.replaceAll(/\/\*.*?\*\//gs, '');
  if (refersElsewhere(rules) || rules.includes('@'))
    throw new LogoFault('has a style sheet that loads something; export it with presentation attributes');
  return referencesIn(rules);
};
