import { join } from 'node:path';
import { parseArgs } from 'node:util';

export interface Options {
  /** Names of sections; all when empty. */
  only: string[];
  quick: boolean;
  json: boolean;
  strict: boolean;
  outDir: string;
  profileDir: string | undefined;
}

export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const usage = (sections: string[]): string => `npm run bench -- [options]

  --only <name>     measure this section alone; may be repeated: ${sections.join(', ')}
  --quick           tiny numbers: shows that everything works, and no more
  --json            print JSON in place of the table
  --strict          exit with 1 when a target is missed
  --out <folder>    where the results are kept (bench-results)
  --profile <folder>  leave CPU profiles of the API and the workers there; slows them down`;

/** @throws {UsageError} with the usage, also when it was asked for */
export const readOptions = (argv: string[], sections: string[]): Options => {
  const values = parse(argv, sections);
  if (values.help) throw new UsageError(usage(sections));
  for (const name of values.only) {
    if (!sections.includes(name)) throw new UsageError(`there is no section "${name}"; one of: ${sections.join(', ')}`);
  }
  return {
    only: values.only,
    quick: values.quick,
    json: values.json,
    strict: values.strict,
    outDir: values.out,
    profileDir: values.profile,
  };
};

const parse = (argv: string[], sections: string[]) => {
  try {
    return parseArgs({
      args: argv,
      options: {
        only: { type: 'string', multiple: true, default: [] },
        quick: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        strict: { type: 'boolean', default: false },
        out: { type: 'string', default: join(import.meta.dirname, '../../../bench-results') },
        profile: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n\n${usage(sections)}`, {
      cause: error,
    });
  }
};
