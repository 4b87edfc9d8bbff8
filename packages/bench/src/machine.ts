import { execFile } from 'node:child_process';
import { arch, availableParallelism, cpus, loadavg, platform, release, totalmem } from 'node:os';
import { promisify } from 'node:util';

export interface Machine {
  cores: number;
  processor: string;
  memoryGb: number;
  system: string;
  node: string;
  /** Of the working tree; "+" when it has changes that are not committed. */
  commit: string;
  /** One minute's, before the first measurement. */
  load: number;
}

const GIGABYTE = 2 ** 30;

/** What a reader of old results needs to know about where they come from. */
export const describeMachine = async (): Promise<Machine> => ({
  cores: availableParallelism(),
  processor: cpus()[0]?.model ?? 'unknown',
  memoryGb: Math.round(totalmem() / GIGABYTE),
  system: `${platform()} ${release()} ${arch()}`,
  node: process.version,
  commit: await commitOf(),
  load: loadavg()[0] ?? 0,
});

const commitOf = async (): Promise<string> => {
  const git = async (...argv: string[]) =>
    (await promisify(execFile)('git', argv, { cwd: import.meta.dirname })).stdout.trim();
  try {
    const changed = (await git('status', '--porcelain')) !== '';
    return (await git('rev-parse', '--short=12', 'HEAD')) + (changed ? '+' : '');
  } catch {
    return 'unknown';
  }
};
