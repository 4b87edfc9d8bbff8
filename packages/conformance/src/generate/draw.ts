import fc from 'fast-check';

/** What a draft is drawn from, one chance after the other. fast-check decides, and shrinks towards the first choice. */
export interface Draw {
  /** A whole number, both ends included; the ends more often than what lies between. */
  between(low: number, high: number): number;
  /** True in so many of a hundred draws. */
  chance(percent: number): boolean;
  pick<T>(from: readonly T[]): T;
  /** Something in so many of a hundred draws, nothing in the others. */
  maybe<T>(percent: number, make: () => T): T | undefined;
}

/** One arbitrary for all: fast-check keeps those that it has met, and finds a single one soonest. */
const dice = () => fc.noBias(fc.nat());

/** One in sixteen numbers is the lowest possible, another the highest. */
const ENDS = 16;

const drawFrom = (generate: fc.GeneratorValue): Draw => {
  const upTo = (max: number) => generate(dice) % (max + 1);
  const draw: Draw = {
    between: (low, high) => {
      const roll = generate(dice);
      if (roll % ENDS === 1) return high;
      return roll % ENDS === 0 ? low : low + (Math.floor(roll / ENDS) % (high - low + 1));
    },
    chance: (percent) => upTo(99) >= 100 - percent,
    pick: (from) => {
      const picked = from[upTo(from.length - 1)];
      if (picked === undefined) throw new Error('there is nothing to pick from');
      return picked;
    },
    maybe: (percent, make) => (draw.chance(percent) ? make() : undefined),
  };
  return draw;
};

/** An arbitrary for fast-check out of a function that draws. */
export const drawn = <T>(make: (draw: Draw) => T): fc.Arbitrary<T> =>
  fc.gen().map((generate) => make(drawFrom(generate)));

type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Without what is undefined: a field of a draft is there or it is not. */
export const given = <T extends object>(fields: T): Given<T> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Given<T>;
