import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { cellsFor } from '../src/cells.ts';
import type { Report } from '../src/report.ts';
import { makeSchedule, type Schedule } from '../src/schedule.ts';
import { chaos, keptFiles, outFolder } from './chaos.ts';

const countOf = ({ invoices }: Report): number => Object.values(invoices).reduce((sum, each) => sum + each, 0);

test('a run on Redis and S3 survives its faults, says so, and keeps a report and a schedule', async () => {
  await using out = await outFolder();
  const only = ['kill API@accepted', 'kill worker@stored', 'Redis emptied@rendering', 'storage answers 503@rendering'];
  const cells = only.flatMap((cell) => ['--only', cell]);
  const { code, stdout, stderr } = await chaos('--seed', '11', '--rounds', '3', '--out', out.path, ...cells);
  assert.equal(code, 0, stdout + stderr);
  const { report } = await keptFiles(out.path);
  assert.deepEqual(report.violations, []);
  assert.equal(report.matrix.length, only.length);
  for (const cell of report.matrix) assert.equal(cell.injected, cell.survived, `${cell.fault}@${cell.phase}`);
  for (const name of ['I1', 'I2', 'I3', 'I4', 'I5', 'I6', 'I7', 'I8', 'I9', 'I10', 'I11']) {
    const checked = report.invariants.find((invariant) => invariant.name === name)?.checked ?? 0;
    assert.ok(checked > 0, `${name} was not checked`);
  }
  const last = stdout.trimEnd().split('\n').at(-1);
  assert.equal(last, `chaos: 3 rounds, ${report.faults} faults, ${countOf(report)} invoices, 0 violations`);
});

test('a schedule runs again on PostgreSQL and a folder, survives, and is kept as it was', async () => {
  await using out = await outFolder();
  const set = { seed: 12, rounds: 2, queue: 'postgres', storage: 'file' } as const;
  const only = ['freeze worker@rendered', 'PostgreSQL crashes@rendering'];
  const given = makeSchedule(set, cellsFor({ ...set, only }));
  const file = join(out.path, 'given.json');
  await writeFile(file, JSON.stringify(given));

  const { code, stdout, stderr } = await chaos('--replay', file, '--out', join(out.path, 'kept'));
  assert.equal(code, 0, stdout + stderr);
  const { report, schedule } = await keptFiles(join(out.path, 'kept'));
  assert.deepEqual([report.queue, report.storage, report.seed], ['postgres', 'file', 12]);
  const { rounds } = JSON.parse(await readFile(schedule, 'utf8')) as Schedule;
  assert.deepEqual(rounds.slice(0, given.rounds.length), given.rounds);
  const dealt = report.matrix.filter((cell) => cell.dealt > 0).map(({ fault, phase }) => `${fault}@${phase}`);
  assert.deepEqual(dealt.sort(), only.toSorted());
});

test('a mistyped option ends with what there is to choose from, and starts nothing', async () => {
  const { code, stderr } = await chaos('--queue', 'kafka');
  assert.equal(code, 1);
  assert.match(stderr, /--queue must be one of redis, postgres/);
  const cell = await chaos('--only', 'meteor');
  assert.equal(cell.code, 1);
  assert.match(cell.stderr, /no cell of the matrix is left; see --only/);
});
