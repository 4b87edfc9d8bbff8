/** `npm run chaos`: faults of every kind against the real processes, and a checker of what must hold all the same. */
import { runCommand } from '@invoicepress/stack/command';
import { readFile } from 'node:fs/promises';
import { cellsFor } from './cells.ts';
import { readOptions, type Options } from './options.ts';
import { keepReport, lastLine, toReport, toTable } from './report.ts';
import { runSchedule } from './run.ts';
import { makeSchedule, type Schedule } from './schedule.ts';
import { findVariants } from './self-test.ts';
import { startSite } from './site.ts';

const say = (line: string) => process.stderr.write(`${line}\n`);

/** A schedule brings its own queue and storage. */
const scheduleFor = async (options: Options): Promise<{ options: Options; schedule: Schedule }> => {
  if (options.replay === undefined) return { options, schedule: makeSchedule(options, cellsFor(options)) };
  const schedule = JSON.parse(await readFile(options.replay, 'utf8')) as Schedule;
  const { seed, queue, storage, rounds } = schedule;
  return { options: { ...options, seed, queue, storage, rounds: rounds.length }, schedule };
};

const reproduction = ({ seed, rounds, queue, storage, only }: Options): string =>
  [
    `--seed ${seed} --rounds ${rounds} --queue ${queue} --storage ${storage}`,
    ...only.map((cell) => `--only '${cell}'`),
  ].join(' ');

const lookForFaults = async (given: Options, interrupted: AbortSignal): Promise<void> => {
  const { options, schedule } = await scheduleFor(given);
  say(`seed ${options.seed}, queue on ${options.queue}, storage on ${options.storage}`);
  await using site = await startSite(options);
  const outcome = await runSchedule(site, options, schedule, say, interrupted);
  const report = toReport(options, outcome);
  const files = await keepReport(report, outcome, options.outDir);
  process.stdout.write(`${options.json ? JSON.stringify(report, null, 2) : toTable(report)}\n`);
  say(`Kept in ${files.report}; run the same again with --replay ${files.schedule}`);
  if (report.violations.length > 0) {
    say(`Reproduce with: npm run chaos -- ${reproduction(options)}`);
    process.exitCode = 1;
  }
  process.stdout.write(`${lastLine(report)}\n`);
};

const testChecker = async (options: Options, interrupted: AbortSignal): Promise<void> => {
  const found = await findVariants(options, say, interrupted);
  const count = found.filter((verdict) => verdict.found).length;
  for (const { variant, says } of found) process.stdout.write(`${variant}: ${says}\n`);
  if (count < found.length) process.exitCode = 1;
  process.stdout.write(`chaos: ${found.length} deliberate defects, ${count} found\n`);
};

await runCommand('chaos', async (interrupted) => {
  const options = readOptions(process.argv.slice(2));
  await (options.variants.length > 0 ? testChecker(options, interrupted) : lookForFaults(options, interrupted));
});
