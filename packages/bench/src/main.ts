/** `npm run bench`: side-by-side measurements; prints a table and keeps the figures in bench-results/. */
import { isMet, type Section, type SectionContext, type SectionResult } from './figures.ts';
import { wasInterrupted } from './interrupted.ts';
import { describeMachine } from './machine.ts';
import { readOptions, UsageError, type Options } from './options.ts';
import { keepReport, toJson, toTable, type Report } from './report.ts';
import { chromium } from './sections/chromium.ts';
import { eInvoices } from './sections/e-invoices.ts';
import { fairness } from './sections/fairness.ts';
import { guarantees } from './sections/guarantees.ts';
import { largeInvoice } from './sections/large-invoice.ts';
import { memory } from './sections/memory.ts';
import { pipelineEmbedded, pipelineRedis } from './sections/pipeline.ts';
import { submission } from './sections/submission.ts';

const sections: Section[] = [
  pipelineEmbedded,
  pipelineRedis,
  guarantees,
  chromium,
  eInvoices,
  memory,
  largeInvoice,
  submission,
  fairness,
];

const say = (line: string) => process.stderr.write(`${line}\n`);

const measure = async (section: Section, context: Omit<SectionContext, 'say'>): Promise<SectionResult> => {
  const { name, title } = section;
  say(title);
  const startedAt = performance.now();
  const secondsSince = () => (performance.now() - startedAt) / 1_000;
  try {
    const figures = await section.run({ ...context, say: (line) => say(`  ${line}`) });
    return { section: name, title, seconds: secondsSince(), figures };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    say(`  not measured: ${reason}`);
    return { section: name, title, seconds: secondsSince(), figures: [], error: reason };
  }
};

const bench = async ({ only, quick, json, strict, outDir, profileDir }: Options): Promise<number> => {
  const machine = await describeMachine();
  const report: Report = { startedAt: new Date().toISOString(), quick, machine, sections: [] };
  for (const section of sections.filter(({ name }) => only.length === 0 || only.includes(name))) {
    if (wasInterrupted()) break; // what is known by now is still worth showing
    report.sections.push(await measure(section, { quick, profileDir }));
  }
  const file = await keepReport(report, outDir);
  process.stdout.write(`${json ? toJson(report) : toTable(report)}\n`);
  say(`Kept in ${file}`);
  const broken = wasInterrupted() || report.sections.some(({ error }) => error !== undefined);
  const missed = report.sections.some(({ figures }) => figures.some((figure) => isMet(figure) === false));
  return broken || (strict && missed) ? 1 : 0;
};

try {
  process.exitCode = await bench(
    readOptions(
      process.argv.slice(2),
      sections.map(({ name }) => name),
    ),
  );
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  say(error.message);
  process.exitCode = 1;
}
