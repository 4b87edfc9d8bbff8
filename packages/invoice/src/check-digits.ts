/** Check digits of the identifiers that Peppol looks at (PEPPOL-COMMON-R040 and following). */

const digitsOf = (value: string): number[] => Array.from(value, Number);
const weighted = (digits: number[], weight: (position: number) => number): number =>
  digits.reduce((sum, digit, position) => sum + digit * weight(position), 0);

/** GS1 Global Location Number: weights 3 and 1 from the right, modulo 10. */
export const isGln = (value: string): boolean => {
  if (!/^\d+$/.test(value)) return false;
  const [check = 0, ...body] = digitsOf(value).toReversed();
  return (10 - (weighted(body, (i) => (i % 2 === 0 ? 3 : 1)) % 10)) % 10 === check;
};

/** Norwegian organisation number: nine digits, weights 2 to 7 from the right, modulo 11. */
export const isNorwegianNumber = (value: string): boolean => {
  if (!/^\d{9}$/.test(value) || Number(value) === 0) return false;
  const [check = 0, ...body] = digitsOf(value).toReversed();
  return (11 - (weighted(body, (i) => (i % 6) + 2) % 11)) % 11 === check;
};

/** Danish CVR number, with or without its country. */
export const isDanishNumber = (value: string): boolean => /^(DK)?\d{8}$/.test(value);

/** Belgian enterprise number: ten digits, the last two of which are 97 less the others modulo 97. */
export const isBelgianNumber = (value: string): boolean =>
  /^\d{10}$/.test(value) && 97 - (Number(value.slice(0, 8)) % 97) === Number(value.slice(8));

/** Swedish organisation number: ten digits by Luhn. */
export const isSwedishNumber = (value: string): boolean => /^\d{10}$/.test(value) && passesLuhn(value);

/** ISO/IEC 7812-1, annex B: every second digit from the right counts twice, modulo 10. @param value digits alone */
export const passesLuhn = (value: string): boolean => {
  const [check = 0, ...body] = digitsOf(value).toReversed();
  const sum = body.reduce((total, digit, i) => {
    const product = i % 2 === 0 ? digit * 2 : digit;
    return total + (product % 10) + Math.floor(product / 10);
  }, 0);
  return (10 - (sum % 10)) % 10 === check;
};

/** Australian Business Number: eleven digits, the first less one, modulo 89. */
export const isAustralianNumber = (value: string): boolean => {
  if (!/^\d{11}$/.test(value)) return false;
  const [first = 0, second = 0, ...others] = digitsOf(value);
  return ((first - 1) * 10 + second + weighted(others, (i) => i * 2 + 3)) % 89 === 0;
};

/** Greek tax number (AFM): nine digits, powers of two from the right, modulo 11. */
export const isGreekNumber = (value: string): boolean => {
  if (!/^\d{9}$/.test(value)) return false;
  const [check = 0, ...body] = digitsOf(value).toReversed();
  return (weighted(body, (i) => 2 ** (i + 1)) % 11) % 10 === check;
};
