import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { variantNames } from './variants.ts';

export interface Options {
  seed: number;
  rounds: number;
  queue: 'redis' | 'postgres';
  storage: 's3' | 'file';
  /** Cells of the matrix, as `fault@phase` or either half; all when empty. */
  only: string[];
  /** A schedule to run again, in place of one made from the seed. */
  replay: string | undefined;
  /** Seconds after healing within which every invoice is settled. */
  boundSeconds: number;
  /** Deliberate defects that the checker has to find; when there are none, the service is tested and not the checker. */
  variants: string[];
  json: boolean;
  outDir: string;
  /** Where logs stay; deleted with everything else when absent. */
  logDir: string | undefined;
}

export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const MAX_ROUNDS = 10_000;
const MAX_SEED = 2 ** 32 - 1;

const usage = `npm run chaos -- [options]

  --seed <n>        decides what happens when (by the clock)
  --rounds <n>      rounds of submissions and faults (20)
  --queue <kind>    redis or postgres (redis)
  --storage <kind>  s3 or file (s3)
  --only <cell>     this fault, phase or fault@phase alone; may be repeated
  --bound <s>       seconds after healing within which every invoice is settled (60)
  --replay <file>   runs a schedule that an earlier run has kept
  --variant <name>  tests the checker in place of the service: it has to find this deliberate defect; may be repeated.
                    One of ${variantNames.join(', ')}, or all
  --json            print the report as JSON in place of the tables
  --out <folder>    where report and schedule are kept (chaos-results)
  --logs <folder>   keeps the logs of all processes there`;

/** @throws {UsageError} with the usage, also when it was asked for */
export const readOptions = (argv: string[]): Options => {
  const values = parse(argv);
  if (values.help) throw new UsageError(usage);
  return {
    seed: wholeNumber('seed', values.seed ?? String(Date.now() % MAX_SEED), 0, MAX_SEED),
    rounds: wholeNumber('rounds', values.rounds, 1, MAX_ROUNDS),
    queue: oneOf('queue', values.queue, ['redis', 'postgres']),
    storage: oneOf('storage', values.storage, ['s3', 'file']),
    only: values.only,
    replay: values.replay,
    boundSeconds: wholeNumber('bound', values.bound, 1, 3_600),
    variants: values.variant.flatMap((name) =>
      name === 'all' ? variantNames : oneOf('variant', name, [...variantNames, 'all']),
    ),
    json: values.json,
    outDir: values.out,
    logDir: values.logs,
  };
};

const wholeNumber = (name: string, text: string, low: number, high: number): number => {
  const number = Number(text);
  if (text !== '' && Number.isInteger(number) && number >= low && number <= high) return number;
  throw new UsageError(`--${name} must be a whole number from ${low} to ${high}`);
};

const oneOf = <T extends string>(name: string, text: string, choices: readonly T[]): T => {
  const found = choices.find((choice) => choice === text);
  if (found === undefined) throw new UsageError(`--${name} must be one of ${choices.join(', ')}`);
  return found;
};

const parse = (argv: string[]) => {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  try {
    return parseArgs({
      args: argv,
      options: {
        seed: text,
        rounds: { ...text, default: '20' },
        queue: { ...text, default: 'redis' },
        storage: { ...text, default: 's3' },
        only: { ...text, multiple: true, default: [] },
        replay: text,
        bound: { ...text, default: '60' },
        variant: { ...text, multiple: true, default: [] },
        json: flag,
        out: { ...text, default: join(import.meta.dirname, '../../../chaos-results') },
        logs: text,
        help: flag,
      },
    }).values;
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`, { cause: error });
  }
};
