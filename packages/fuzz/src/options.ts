import { join } from 'node:path';
import { parseArgs } from 'node:util';

export interface Options {
  seed: number;
  requests: number;
  concurrency: number;
  workers: number;
  only: number | undefined;
  maxMb: number;
  outDir: string;
}

export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const usage = `npm run fuzz -- [options]

  --seed <n>         decides every request (1)
  --requests <n>     how many (50000)
  --concurrency <n>  under way at a time (16)
  --workers <n>      worker processes beside the API (1)
  --only <n>         the request of this number alone, to see a finding again
  --max-mb <n>       megabytes that the API process may hold (1024)
  --out <folder>     where the report is kept (fuzz-results)`;

/** @throws {UsageError} with the usage, also when it was asked for */
export const readOptions = (argv: string[]): Options => {
  const values = parse(argv);
  if (values.help) throw new UsageError(usage);
  return {
    seed: wholeNumber('seed', values.seed, 0, 2 ** 32 - 1),
    requests: wholeNumber('requests', values.requests, 1, 10_000_000),
    concurrency: wholeNumber('concurrency', values.concurrency, 1, 256),
    workers: wholeNumber('workers', values.workers, 0, 16),
    only: values.only === undefined ? undefined : wholeNumber('only', values.only, 1, 10_000_000),
    maxMb: wholeNumber('max-mb', values['max-mb'], 100, 100_000),
    outDir: values.out,
  };
};

const wholeNumber = (name: string, text: string, low: number, high: number): number => {
  const number = Number(text);
  if (text !== '' && Number.isInteger(number) && number >= low && number <= high) return number;
  throw new UsageError(`--${name} is a whole number from ${low} to ${high}`);
};

const parse = (argv: string[]) => {
  const text = (byDefault: string) => ({ type: 'string', default: byDefault }) as const;
  try {
    return parseArgs({
      args: argv,
      options: {
        seed: text('1'),
        requests: text('50000'),
        concurrency: text('16'),
        workers: text('1'),
        only: { type: 'string' },
        'max-mb': text('1024'),
        out: text(join(import.meta.dirname, '../../../fuzz-results')),
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`, { cause: error });
  }
};
