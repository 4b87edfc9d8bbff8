import { Big } from 'big.js';
import type { DecimalString } from './model.ts';

/** Exact decimals: sums, differences and products are never rounded on the way, only where a rule says so. */
const Decimal = Big();
/**
 * Decimal places of a quotient; only the price base quantity divides, and its result is then rounded to two at most.
 * Within the contract's bounds a quotient that is no half cent lies at least 1e-21 away from one, so 24 places keep
 * the first rounding from making it one.
 */
Decimal.DP = 24;

export type Decimal = Big;

export const decimal = (value: DecimalString | number): Decimal => new Decimal(value);
export const zero = decimal(0);
export const sum = (values: Iterable<Decimal>): Decimal => {
  let total = zero;
  for (const value of values) total = total.plus(value);
  return total;
};

/** Decimal places of currencies whose minor unit is not 1/100 (ISO 4217:2015, list one). */
const unusualMinorUnits: Record<string, number> = {
  ...Object.fromEntries(
    'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'.split(' ').map((c) => [c, 0]),
  ),
  ...Object.fromEntries('BHD IQD JOD KWD LYD OMR TND'.split(' ').map((c) => [c, 3])),
};

/**
 * How many decimals an amount in this currency has on an invoice: the currency's own, but at most two,
 * because EN 16931 allows no more in any amount (BR-DEC-09 to BR-DEC-28).
 */
export const amountDecimals = (currency: string): number => Math.min(2, unusualMinorUnits[currency] ?? 2);

/** Rounds half away from zero, the commercial rounding that EN 16931-1 (6.5.12) expects. */
export const roundAmount = (value: Decimal, currency: string): Decimal =>
  value.round(amountDecimals(currency), Decimal.roundHalfUp);

/** An amount with exactly its currency's decimals: "12.50", "1250" for yen. */
export const formatAmount = (value: Decimal, currency: string): DecimalString => {
  const text = value.toFixed(amountDecimals(currency), Decimal.roundHalfUp);
  return /^-[0.]+$/.test(text) ? text.slice(1) : text;
};

/** A rate or a quantity in its shortest form, so that "19", "19.0" and "19.00" are one tax rate. */
export const normalised = (value: DecimalString): DecimalString => decimal(value).toFixed();
