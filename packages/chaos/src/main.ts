/** `npm run chaos`: faults of every kind against the real processes, and a checker of what must hold all the same. */
import { runCommand } from '@invoicepress/stack/command';
import { readFile } from 'node:fs/promises';
import { cellsFor } from './cells.ts';
import { readOptions, type Options } from './options.ts';
import { keepReport, lastLine, toReport, toTable } from './report.ts';
import { runSchedule } from './run.ts';
import { makeSchedule, type Schedule } from './schedule.ts';

const say = (line: string) => process.stderr.write(`${line}\n`);

/** A schedule brings its own queue and storage. */
const scheduleFor = async (options: Options): Promise<{ options: Options; schedule: Schedule }> => {
  if (options.replay === undefined) return { options, schedule: makeSchedule(options, cellsFor(options)) };
  const schedule = JSON.parse(await readFile(options.replay, 'utf8')) as Schedule;
  const { seed, queue, storage, rounds } = schedule;
  return { options: { ...options, seed, queue, storage, rounds: rounds.length }, schedule };
};

const reproduction = ({ seed, rounds, queue, storage, only, variant }: Options): string =>
  [
    `--seed ${seed} --rounds ${rounds} --queue ${queue} --storage ${storage}`,
    ...only.map((cell) => `--only '${cell}'`),
    ...(variant === undefined ? [] : [`--variant ${variant}`]),
  ].join(' ');

await runCommand('chaos', async (interrupted) => {
  const { options, schedule } = await scheduleFor(readOptions(process.argv.slice(2)));
  say(`seed ${options.seed}, queue on ${options.queue}, storage on ${options.storage}`);
  const outcome = await runSchedule(options, schedule, say, interrupted);
  const report = toReport(options, outcome);
  const files = await keepReport(report, outcome, options.outDir);
  process.stdout.write(`${options.json ? JSON.stringify(report, null, 2) : toTable(report)}\n`);
  say(`Kept in ${files.report}; run the same again with --replay ${files.schedule}`);
  if (report.violations.length > 0) {
    say(`Reproduce with: npm run chaos -- ${reproduction(options)}`);
    process.exitCode = 1;
  }
  process.stdout.write(`${lastLine(report)}\n`);
});
