import { decimal, zero, type Decimal } from '../money.ts';

/** A part of a whole, such as two of three hours; the whole may be negative, then the part is too. */
export interface Ratio {
  part: Decimal;
  whole: Decimal;
}
export const everything: Ratio = { part: decimal(1), whole: decimal(1) };
export const nothing: Ratio = { part: zero, whole: decimal(1) };

/** Decimals of the quantities and amounts that ratios are made of; exact for all that the contract lets through. */
const RATIO_PLACES = 12;
const integer = (value: Decimal, places: number): bigint => BigInt(value.times(`1e${places}`).toFixed(0));

/**
 * `value` × part ÷ whole, to so many places. A half is rounded up, towards plus infinity: unlike commercial rounding
 * this commutes with adding whole units, so shares of two amounts differ by the share of their difference, a share of
 * what is not negative is not negative, and no share is more than its whole.
 */
export const share = (value: Decimal, { part, whole }: Ratio, places: number): Decimal => {
  if (part.eq(whole)) return value;
  if (part.eq(0)) return zero;
  const sign = whole.lt(0) ? -1n : 1n;
  const [p, w] = [integer(part, RATIO_PLACES) * sign, integer(whole, RATIO_PLACES) * sign];
  const twice = 2n * integer(value, places) * p + w;
  const quotient = twice / (2n * w);
  const floored = twice < 0n && quotient * 2n * w !== twice ? quotient - 1n : quotient;
  return decimal(floored.toString()).div(`1e${places}`);
};

/** Shares whose sum is the share of the sum: each is the growth of the running total's share. */
export const shareEach = (values: Decimal[], ratio: Ratio, places: number): Decimal[] => {
  let running = zero;
  let taken = zero;
  return values.map((value) => {
    running = running.plus(value);
    const before = taken;
    taken = share(running, ratio, places);
    return taken.minus(before);
  });
};
