/** `npm run security`: runs the tests that prove what security requires, and says of each requirement whether it holds. */
import { runCommand } from '@invoicepress/stack/command';
import { startTestServers } from '@invoicepress/stack/test-servers';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { toDocument } from './document.ts';
import { judge } from './judge.ts';
import { chapters } from './requirements/index.ts';
import { runTests } from './run-tests.ts';
import { lastLine, toTable } from './table.ts';

const usage = `npm run security -- [options]

  --only <text>  requirements whose id, sentence or reference contains this; may be repeated
  --list         prints the requirements and runs nothing
  --write        writes docs/security.md anew and runs nothing`;

const readOptions = () => {
  try {
    const flag = { type: 'boolean', default: false } as const;
    const only = { type: 'string', multiple: true, default: [] as string[] } as const;
    return parseArgs({ options: { only, list: flag, write: flag, help: flag } }).values;
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`, { cause: error });
  }
};

await runCommand('security', async (interrupted) => {
  const { only, list, write, help } = readOptions();
  if (help) return void process.stdout.write(`${usage}\n`);
  if (write) return writeFile(join(import.meta.dirname, '../../../docs/security.md'), toDocument(chapters));

  const wanted = chapters
    .flatMap(({ requirements }) => requirements)
    .filter(
      ({ id, says, references }) =>
        only.length === 0 || only.some((text) => [id, says, ...references].some((each) => each.includes(text))),
    );
  if (wanted.length === 0) throw new Error(`no requirement contains ${only.join(' or ')}; see --list`);
  if (list) {
    for (const { id, says } of wanted) process.stdout.write(`${id}  ${says}\n`);
    return;
  }

  const files = [...new Set(wanted.flatMap(({ proofs }) => proofs.map(({ file }) => file)))];
  await using servers = new AsyncDisposableStack();
  const env = await startTestServers(servers);
  let done = 0;
  const runs = await runTests(files, env, (file) => {
    interrupted.throwIfAborted();
    process.stderr.write(`${(done += 1)} of ${files.length}: ${file}\n`);
  });
  const verdicts = wanted.map((requirement) => judge(requirement, runs));
  const broken = new Set(
    verdicts
      .filter(({ faults }) => faults.length > 0)
      .flatMap(({ requirement }) => requirement.proofs.map(({ file }) => file)),
  );
  for (const file of broken) process.stderr.write(`\n${file}:\n${runs.get(file)?.said ?? ''}\n`);
  process.stdout.write(`${toTable(verdicts)}\n\n${lastLine(verdicts)}\n`);
  if (broken.size > 0) process.exitCode = 1;
});
