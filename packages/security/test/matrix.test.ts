import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { toDocument } from '../src/document.ts';
import { judge } from '../src/judge.ts';
import type { Requirement } from '../src/requirement.ts';
import { chapters } from '../src/requirements/index.ts';

const root = join(import.meta.dirname, '../../..');
const all = chapters.flatMap(({ requirements }) => requirements);

test('there are 90 requirements or more, each with a reference and a proof, and no id twice', () => {
  assert.ok(all.length >= 90, `there are ${all.length}`);
  assert.equal(new Set(all.map(({ id }) => id)).size, all.length);
  for (const { id, references, proofs } of all) {
    assert.ok(
      references.every((reference) => /\S/.test(reference)),
      id,
    );
    assert.ok(proofs.length > 0 && proofs.every(({ tests }) => tests.length > 0), id);
  }
});

test('docs/security.md is what the matrix says; mend it by npm run security -- --write', async () => {
  assert.equal(await readFile(join(root, 'docs/security.md'), 'utf8'), toDocument(chapters));
});

test('a requirement holds when all its tests ran and passed, and not when one is missing, skipped or failed', () => {
  const required = (tests: (string | RegExp)[]): Requirement => ({
    id: 'a-1',
    says: 'It holds.',
    references: ['RFC 1'],
    proofs: [{ file: 'a.test.ts', tests }],
  });
  const results = [
    { name: 'good', outcome: 'passed' },
    { name: 'left out', outcome: 'skipped' },
    { name: 'bad', outcome: 'failed', error: 'it is bad' },
  ] as const;
  const runs = new Map([['a.test.ts', { results: [...results], said: '' }]]);
  assert.deepEqual(judge(required(['good', /^g/]), runs).faults, []);
  assert.deepEqual(judge(required(['left out']), runs).faults, ['skipped: "left out" in a.test.ts']);
  assert.deepEqual(judge(required([/o/, 'bad']), runs).faults.length, 2);
  assert.match(judge(required(['gone']), runs).faults.join(), /no test "gone" has run/);
  assert.match(judge(required(['good']), new Map()).faults.join(), /no test "good" has run/);
});

test('the command runs the tests that it is asked for, and says how many requirements hold', async () => {
  const main = join(import.meta.dirname, '../src/main.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [
    main,
    '--only',
    'cryptography-4',
    '--only',
    'cryptography-5',
  ]);
  assert.match(stdout, /cryptography-4 .* passed\n/);
  assert.equal(stdout.trimEnd().split('\n').at(-1), 'security: 2 requirements, 2 passed, 0 failed');
});
