import { spawn } from 'node:child_process';
import { join, sep } from 'node:path';
import { createInterface } from 'node:readline';
import type { TestResult } from './reporter.ts';

const root = join(import.meta.dirname, '../../..');
const reporter = join(import.meta.dirname, 'reporter.ts');
/** Files whose tests run at the same time, as in `npm test`. */
const FILES_AT_A_TIME = 2;

export interface FileRun {
  results: TestResult[];
  /** What the run said besides, which explains why it broke off. */
  said: string;
}

/**
 * Runs whole test files, those of a package in its folder. @param onFile hears of each file that has ended.
 * @returns by file, from the root of the repository; a file that cannot be run has no results
 */
export const runTests = async (
  files: string[],
  env: Record<string, string>,
  onFile: (file: string) => void,
): Promise<Map<string, FileRun>> => {
  const runs = new Map<string, FileRun>();
  const left = [...files];
  const work = async () => {
    for (let file = left.shift(); file !== undefined; file = left.shift()) {
      runs.set(file, await runFile(file, env));
      onFile(file);
    }
  };
  await Promise.all(Array.from({ length: FILES_AT_A_TIME }, work));
  return runs;
};

const runFile = async (file: string, env: Record<string, string>): Promise<FileRun> => {
  const cwd = join(root, packageOf(file));
  const argv = ['--test', `--test-reporter=${reporter}`, join(root, file)];
  const child = spawn(process.execPath, argv, {
    cwd,
    // Told that it is part of another run, node:test would run nothing.
    env: { ...process.env, ...env, NODE_TEST_CONTEXT: undefined },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const results: TestResult[] = [];
  for await (const line of createInterface(child.stdout)) results.push(JSON.parse(line) as TestResult);
  return { results, said };
};

/** `apps/api/test/auth.test.ts` belongs to `apps/api`, `prisma/test/drift.test.ts` to `prisma`. */
const packageOf = (file: string): string => {
  const [first = '', second = ''] = file.split('/');
  return ['apps', 'packages'].includes(first) ? first + sep + second : first;
};
