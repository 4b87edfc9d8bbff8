/** What a section of the benchmark finds out: figures, some with a target. */

export interface Figure {
  name: string;
  value: number | string;
  /** "/s", "ms", "MB", "×"; empty for words. */
  unit: string;
  target?: Target;
  /** What each round measured; `value` is their median. */
  rounds?: number[];
}

/** Inclusive bounds of a number, or the word that is expected. */
export type Target = { atLeast: number } | { atMost: number } | { exactly: string };

export interface SectionResult {
  section: string;
  title: string;
  seconds: number;
  figures: Figure[];
  /** Why the section ended without its figures. */
  error?: string;
}

export interface SectionContext {
  /** Tiny numbers, for a run that only shows that everything works. */
  quick: boolean;
  /** Where the programs of the stack leave their CPU profiles. */
  profileDir: string | undefined;
  say: (line: string) => void;
}

export interface Section {
  name: string;
  title: string;
  run(context: SectionContext): Promise<Figure[]>;
}

/** Whether a figure meets its target; undefined where it has none. */
export const isMet = ({ value, target }: Figure): boolean | undefined => {
  if (target === undefined) return undefined;
  if ('exactly' in target) return value === target.exactly;
  if (typeof value !== 'number') return false;
  return 'atLeast' in target ? value >= target.atLeast : value <= target.atMost;
};
