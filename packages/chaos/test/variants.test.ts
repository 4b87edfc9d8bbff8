import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Invariant } from '../src/ledger.ts';
import { variantNames } from '../src/variants.ts';
import { chaos, keptFiles, outFolder } from './chaos.ts';

/** What each defect must be convicted of, and the fault that brings it to light. */
const convictions: Record<string, { cell: string; invariant: Invariant; rounds?: number }> = {
  'no-fence': { cell: 'overtake worker@rendered', invariant: 'I6' },
  'status-before-storage': { cell: 'kill worker@completed', invariant: 'I4' },
  'no-sweeper': { cell: 'queue cut off@submitting', invariant: 'I3' },
  'forgets-answers': { cell: 'kill API@dispatched', invariant: 'I1' },
  'random-bytes': { cell: 'kill worker@stored', invariant: 'I5' },
  'wastes-numbers': { cell: 'queue cut off@submitting', invariant: 'I2', rounds: 2 },
  'silent-ready': { cell: 'queue cut off@submitting', invariant: 'I8' },
  'trusts-answers': { cell: 'storage lies@rendering', invariant: 'I4' },
};

test('every deliberate defect has its conviction', () => {
  assert.deepEqual(Object.keys(convictions).sort(), variantNames.toSorted());
});

for (const [variant, { cell, invariant, rounds = 1 }] of Object.entries(convictions)) {
  test(`the checker finds the defect "${variant}" by ${invariant}`, async () => {
    await using out = await outFolder();
    const argv = ['--variant', variant, '--only', cell, '--seed', '5', '--rounds', String(rounds), '--bound', '10'];
    const { code, stdout, stderr } = await chaos(...argv, '--out', out.path);
    assert.equal(code, 1, stdout + stderr);
    const { report } = await keptFiles(out.path);
    const found = report.violations.map((violation) => violation.invariant);
    assert.ok(found.includes(invariant), `found ${found.join(', ')}:\n${stdout}${stderr}`);
    assert.match(stderr, /Reproduce with: npm run chaos -- --seed 5/);
  });
}
