/** Identifiers with check digits: the schemes whose digits Peppol and the banks verify. */
import { digits } from './texts.ts';
import type { Draw } from './draw.ts';

/** GS1: weights 3 and 1 from the right (PEPPOL-COMMON-R040). */
const gln = (draw: Draw): string => {
  const body = digits(draw, 12);
  const sum = [...body].reduce((total, digit, index) => total + Number(digit) * (index % 2 === 0 ? 1 : 3), 0);
  return `${body}${(10 - (sum % 10)) % 10}`;
};

/** KBO/BCE: the first eight digits modulo 97 (PEPPOL-COMMON-R043). */
const belgianNumber = (draw: Draw): string => {
  const body = `0${draw.between(1_000_000, 9_999_999)}`;
  return `${body}${String(97 - (Number(body) % 97)).padStart(2, '0')}`;
};

/** Weights 3 2 7 6 5 4 3 2 modulo 11 (PEPPOL-COMMON-R041); a remainder of 1 has no check digit. */
const norwegianNumber = (draw: Draw): string => {
  const body = String(draw.between(80_000_000, 99_999_999));
  const sum = [3, 2, 7, 6, 5, 4, 3, 2].reduce((total, weight, index) => total + weight * Number(body[index]), 0);
  return sum % 11 === 1 ? '974760673' : `${body}${(11 - (sum % 11)) % 11}`;
};

/** Luhn over the first nine digits (PEPPOL-COMMON-R049). */
const swedishNumber = (draw: Draw): string => {
  const body = String(draw.between(550_000_000, 559_999_999));
  const sum = [...body].reduce((total, digit, index) => {
    const weighted = Number(digit) * (index % 2 === 0 ? 2 : 1);
    return total + (weighted > 9 ? weighted - 9 : weighted);
  }, 0);
  return `${body}${(10 - (sum % 10)) % 10}`;
};

export const siren = (draw: Draw): string => String(draw.between(300_000_000, 999_999_999));

/** ISO 13616: the check digits make the number, letters as 10 to 35, one modulo 97. */
export const iban = (draw: Draw): string => {
  const country = draw.pick(['DE', 'FR', 'BE', 'ES'] as const);
  const account = digits(draw, { DE: 18, FR: 23, BE: 12, ES: 20 }[country]);
  const number = [...`${account}${country}00`].map((character) => Number.parseInt(character, 36)).join('');
  return `${country}${String(98n - (BigInt(number) % 97n)).padStart(2, '0')}${account}`;
};

const schemes: Readonly<Record<string, (draw: Draw) => string>> = {
  '0088': gln,
  '0208': belgianNumber,
  '0192': norwegianNumber,
  '0007': swedishNumber,
  '0184': (draw) => `DK${digits(draw, 8)}`,
  '0060': (draw) => digits(draw, 9),
  '0002': siren,
};

/** Of the ISO 6523 list, whoever is identified. */
export const icdSchemes = Object.keys(schemes);
export const identifierIn = (draw: Draw, scheme: string): string => schemes[scheme]?.(draw) ?? digits(draw, 10);
