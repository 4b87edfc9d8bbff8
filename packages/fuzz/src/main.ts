/** `npm run fuzz`: hostile requests against the real service, by its own OpenAPI document. docs/fuzzing.md tells of it. */
import { runCommand } from '@invoicepress/stack/command';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readOptions } from './options.ts';
import type { Finding } from './judge.ts';
import { run, type Report } from './run.ts';

const PROGRESS_MS = 1_000;

const toText = ({ statuses, findings, faults, seed }: Report): string =>
  [
    `statuses: ${Object.entries(statuses)
      .map(([status, count]) => `${status} ${count} times`)
      .join(', ')}`,
    ...findings.map(
      ({ kind, number, detail, request }) =>
        `\n${kind} by request ${number}: ${detail}\n${request}\nagain: npm run fuzz -- --seed ${seed} --only ${number}`,
    ),
    ...faults.map((fault) => `\nafterwards: ${fault}`),
  ].join('\n');

await runCommand('fuzz', async (signal) => {
  const options = readOptions(process.argv.slice(2));
  let shown = performance.now();
  let said = 0;
  const onProgress = (done: number, findings: Finding[]): void => {
    for (const { kind, number, detail } of findings.slice(said))
      process.stderr.write(`\n${kind} by request ${number}: ${detail}\n`);
    said = findings.length;
    if (performance.now() - shown < PROGRESS_MS) return;
    shown = performance.now();
    process.stderr.write(
      `${process.stderr.isTTY ? '\r' : ''}fuzz: ${done} of ${options.requests} requests, ${findings.length} findings${process.stderr.isTTY ? '' : '\n'}`,
    );
  };
  process.stderr.write('fuzz: starting the service …\n');
  const report = await run({ ...options, onProgress, signal });
  await mkdir(options.outDir, { recursive: true });
  await writeFile(join(options.outDir, `seed-${options.seed}.json`), `${JSON.stringify(report, null, 2)}\n`);
  const sent = options.only === undefined ? options.requests : 1;
  process.stdout.write(
    `${toText(report)}\n\nfuzz: ${sent} requests, ${report.serverErrors} responses of 500 or above, ${report.hangs} hangs, ${report.maxMb} MB at most\n`,
  );
  if (report.findings.length > 0 || report.faults.length > 0) process.exitCode = 1;
});
