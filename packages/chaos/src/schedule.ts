import { cellName, type Cell } from './cells.ts';
import type { Options } from './options.ts';
import { createRandom, type Random } from './random.ts';

/** What a round will do, decided beforehand: the same seed and options give the same schedule. */
export interface Schedule extends Pick<Options, 'seed' | 'queue' | 'storage'> {
  rounds: PlannedRound[];
}

export interface PlannedRound {
  number: number;
  /** Decides what is submitted. */
  seed: number;
  faults: PlannedFault[];
}

export interface PlannedFault {
  /** `fault@phase` */
  cell: string;
  /** Which of the processes, from 0; at a step it is the one that comes there first. */
  target: number;
  /** Passes of the step that are let through. */
  skip: number;
  /** Milliseconds after the first request, for faults at any moment. */
  atMs: number;
  /** Milliseconds until it is healed, for those that last. */
  forMs: number;
}

const MAX_SKIP = 1;
const MAX_AT_MS = 1_000;
const FOR_MS = { low: 400, high: 1_500 };

/** Deals all cells before it deals one again, alone and by twos in turns. @throws Error when there are no cells */
export const makeSchedule = (
  { seed, queue, storage, rounds }: Pick<Options, 'seed' | 'queue' | 'storage' | 'rounds'>,
  cells: Cell[],
): Schedule => {
  if (cells.length === 0) throw new Error('no cell of the matrix is left; see --only');
  const random = createRandom(seed);
  const deck: Cell[] = [];
  const deal = (beside: Cell | undefined): Cell | undefined => {
    // Two of a kind would undo each other.
    const fits = ({ deed }: Cell) => deed.kind !== beside?.deed.kind;
    if (!deck.some(fits) && cells.some(fits)) deck.push(...random.shuffled(cells));
    const index = deck.findIndex(fits);
    return index < 0 ? undefined : deck.splice(index, 1)[0];
  };
  const planned = Array.from({ length: rounds }, (_, index): PlannedRound => {
    const first = deal(undefined);
    const second = index % 2 === 1 ? deal(first) : undefined;
    const faults = [first, second].flatMap((cell) => (cell ? plan(cell, random) : []));
    return { number: index + 1, seed: random.between(0, 2 ** 31), faults };
  });
  return { seed, queue, storage, rounds: planned };
};

/** One round may be added for so many. */
const ROUNDS_PER_MORE = 10;

/** A fault that did not come to pass (nobody came to its step again) gets one more round of its own, at the end. */
export const dealAgain = ({ rounds }: Schedule, planned: number, fault: PlannedFault): void => {
  if (rounds.length >= planned + Math.ceil(planned / ROUNDS_PER_MORE)) return;
  const number = rounds.length + 1;
  rounds.push({ number, seed: number, faults: [{ ...fault, skip: 0 }] });
};

const plan = (cell: Cell, random: Random): PlannedFault => ({
  cell: cellName(cell),
  target: random.between(0, 1),
  skip: random.between(0, MAX_SKIP),
  atMs: random.between(0, MAX_AT_MS),
  forMs: random.between(FOR_MS.low, FOR_MS.high),
});
