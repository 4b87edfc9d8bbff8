/** `npm run conformance`: random and golden invoices in every format, judged by the rules that they claim to keep. */
import { readOptions, UsageError } from './options.ts';
import { keepFailures, lastLine, toTable } from './report.ts';
import { runConformance } from './run.ts';

const say = (line: string) => process.stderr.write(`${line}\n`);

try {
  const { keep, ...options } = readOptions(process.argv.slice(2));
  say(`seed ${options.seed}, ${options.runs} valid drafts and as many with a fault`);
  const tally = await runConformance(options, say);
  process.stdout.write(`${toTable(tally)}\n`);
  if (keep !== undefined) await keepFailures(tally, keep);
  if (tally.failures.length > 0) {
    say(`The same again: npm run conformance -- --seed ${options.seed} --runs ${options.runs}`);
    process.exitCode = 1;
  }
  process.stdout.write(`${lastLine(tally)}\n`);
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  say(error.message);
  process.exitCode = 1;
}
