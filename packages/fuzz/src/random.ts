import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { createHash } from 'node:crypto';

/** Chances that a seed decides, the same on every machine. */
export interface Random {
  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number;
  /** True in one of `n` cases. */
  oneIn(n: number): boolean;
  pick<T>(from: readonly T[]): T;
}

/** Those of one request: they depend on none that went before, so that it can be made again by itself. */
export const randomOf = (seed: number, request: number): Random => {
  const state = createHash('sha256').update(`${seed} ${request}`).digest().readInt32LE();
  const generator = xoroshiro128plus(state);
  const between = (low: number, high: number): number => uniformInt(generator, low, high);
  return {
    between,
    oneIn: (n) => between(1, n) === 1,
    pick: <T>(from: readonly T[]): T => {
      if (from.length === 0) throw new Error('there is nothing to pick from');
      return from[between(0, from.length - 1)] as T;
    },
  };
};
