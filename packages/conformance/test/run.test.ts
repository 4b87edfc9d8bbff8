import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { toTable } from '../src/report.ts';
import { runConformance } from '../src/run.ts';

const run = promisify(execFile);
const main = join(import.meta.dirname, '../src/main.ts');

test('random invoices of every profile and the credit notes over them are valid, and random faults are refused or do no harm', async () => {
  const tally = await runConformance({ runs: 100, seed: 16_931, artefacts: undefined, update: false }, () => {});
  assert.equal(tally.failures.length, 0, toTable(tally));
  const asked = Object.fromEntries(tally.rows().map(({ check, documents }) => [check, documents]));
  assert.equal(asked['Valid drafts accepted'], 100);
  assert.equal((asked['Faults refused'] ?? 0) + (asked['Faults that do no harm'] ?? 0), 100);
  assert.equal(asked['Credit notes come to the invoice'], 20);
  assert.ok((asked['Credit notes accepted'] ?? 0) > 20);
  assert.equal(asked['PDF, Factur-X and JSON agree'], 4);
  assert.equal(asked['Goldens unchanged'], 12);
});

test('the command ends with how many documents it checked and how many failed', async () => {
  const { stdout } = await run(process.execPath, [main, '--runs', '0']);
  assert.equal(stdout.trim().split('\n').at(-1), 'conformance: 12 documents, 0 failures');
});

test('a folder that lacks the official rule sets is refused with what is missing', async () => {
  await assert.rejects(run(process.execPath, [main, '--runs', '0', '--artefacts', import.meta.dirname]), (error) => {
    assert.match(String((error as { stderr?: string }).stderr), /lacks .*EN16931-UBL-validation\.xslt.*saxon-js/);
    return true;
  });
});

test('an unknown option is answered with the usage', async () => {
  await assert.rejects(run(process.execPath, [main, '--rounds', '3']), /--runs <n>/);
});
