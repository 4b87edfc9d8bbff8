import { parseArgs } from 'node:util';

export interface Options {
  /** Valid drafts, and as many with a fault. */
  runs: number;
  seed: number;
  /** The folder of the official rule sets. */
  artefacts: string | undefined;
  /** Accepts the goldens as they are now. */
  update: boolean;
  /** Where the drafts that failed are kept. */
  keep: string | undefined;
}

export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const MAX_RUNS = 1_000_000;
/** fast-check's seeds are 32 bits. */
const MAX_SEED = 2 ** 31 - 1;

const usage = `npm run conformance -- [options]

  --runs <n>            random drafts that are valid, and as many with a fault (2000)
  --seed <n>            decides what is drawn (by the clock)
  --artefacts <folder>  judges every document by the official rule sets too; see docs/conformance.md
  --update              accepts the golden documents as they are now
  --keep <folder>       keeps the draft of every failure there, as JSON`;

/** @throws {UsageError} with the usage, also when it was asked for */
export const readOptions = (argv: string[]): Options => {
  const values = parse(argv);
  if (values.help) throw new UsageError(usage);
  return {
    runs: wholeNumber('runs', values.runs, MAX_RUNS),
    seed: wholeNumber('seed', values.seed ?? String(Date.now() % MAX_SEED), MAX_SEED),
    artefacts: values.artefacts,
    update: values.update,
    keep: values.keep,
  };
};

const wholeNumber = (name: string, text: string, high: number): number => {
  const number = Number(text);
  if (text !== '' && Number.isInteger(number) && number >= 0 && number <= high) return number;
  throw new UsageError(`--${name} must be a whole number up to ${high}`);
};

const parse = (argv: string[]) => {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  try {
    return parseArgs({
      args: argv,
      options: {
        runs: { ...text, default: '2000' },
        seed: text,
        artefacts: text,
        update: flag,
        keep: text,
        help: flag,
      },
    }).values;
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`, { cause: error });
  }
};
