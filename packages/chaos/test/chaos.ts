import { execFile, type ExecFileException } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Report } from '../src/report.ts';

const RUN_TIMEOUT_MS = 900_000;

export interface Run {
  code: unknown;
  stdout: string;
  stderr: string;
}

/** Runs the command as a user does. */
export const chaos = (...argv: string[]): Promise<Run> =>
  new Promise((resolve) => {
    const done = (error: ExecFileException | null, stdout: string, stderr: string) =>
      resolve({ code: error?.code ?? 0, stdout, stderr });
    const file = join(import.meta.dirname, '../src/main.ts');
    execFile(process.execPath, [file, ...argv], { timeout: RUN_TIMEOUT_MS, maxBuffer: 2 ** 24 }, done);
  });

export const outFolder = async () => {
  const path = await mkdtemp(join(tmpdir(), 'invoicepress-chaos-test-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
};

export const keptFiles = async (folder: string): Promise<{ report: Report; schedule: string }> => {
  const names = (await readdir(folder)).map((name) => join(folder, name));
  const schedule = names.find((name) => name.endsWith('.schedule.json')) ?? '';
  const report = names.find((name) => name !== schedule) ?? '';
  return { report: JSON.parse(await readFile(report, 'utf8')) as Report, schedule };
};
