/** Arithmetic in whole numbers: independent of the decimals that the invoices were computed with. */

const SCALE = 12;
const one = 10n ** BigInt(SCALE);

/** A decimal string in units of 1e-12. */
export const units = (decimal: string): bigint => {
  const [, sign, whole = '', fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(decimal) ?? [];
  if (sign === undefined || fraction.length > SCALE)
    throw new Error(`"${decimal}" is no decimal number of up to ${SCALE} places`);
  const value = BigInt(whole + fraction.padEnd(SCALE, '0'));
  return sign === '-' ? -value : value;
};

/** Half away from zero, as EN 16931-1 (6.5.12) rounds. */
const divideRounded = (dividend: bigint, divisor: bigint): bigint => {
  const [n, d] = divisor < 0n ? [-dividend, -divisor] : [dividend, divisor];
  const rounded = (2n * (n < 0n ? -n : n) + d) / (2n * d);
  return n < 0n ? -rounded : rounded;
};

/** `a × b ÷ c + plus`, rounded once, in minor units of a currency with `places` decimals; so is `plus`. */
export const minorUnits = (places: number, a: string, b = '1', c = '1', plus = 0n): bigint => {
  const divisor = one * units(c);
  return divideRounded(units(a) * units(b) * 10n ** BigInt(places) + plus * divisor, divisor);
};

/** So many per cent of an amount in minor units. */
export const percentOf = (minor: bigint, percent: string): bigint => divideRounded(minor * units(percent), 100n * one);

/** Minor units as a decimal string: 1250n is "12.50" with two places. */
export const decimalOf = (minor: bigint, places: number): string => {
  const digits = String(minor < 0n ? -minor : minor).padStart(places + 1, '0');
  const whole = digits.slice(0, digits.length - places);
  return `${minor < 0n ? '-' : ''}${whole}${places > 0 ? `.${digits.slice(-places)}` : ''}`;
};

/** So many thousandths of a decimal string, cut off after so many places. */
export const thousandthsOf = (decimal: string, thousandths: number, places: number): string =>
  decimalOf((units(decimal) * BigInt(thousandths)) / 1000n / 10n ** BigInt(SCALE - places), places);
