import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Invariant } from '../src/ledger.ts';
import { variantNames } from '../src/variants.ts';
import { chaos, keptFiles, outFolder } from './chaos.ts';

/** What each defect must be convicted of, and the fault that brings it to light. */
const convictions: Record<string, { cell: string; invariant: Invariant; rounds?: number }> = {
  'no-fence': { cell: 'overtake worker@rendered', invariant: 'I6', rounds: 4 },
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

/** Some defects show only when processes meet in a certain order, which a loaded machine may keep them from. */
const seeds = ['5', '6', '7', '8'];

for (const [variant, { cell, invariant, rounds = 1 }] of Object.entries(convictions)) {
  test(`the checker finds the defect "${variant}" by ${invariant}`, async () => {
    const runs: string[] = [];
    for (const seed of seeds) {
      await using out = await outFolder();
      const argv = ['--variant', variant, '--only', cell, '--seed', seed, '--rounds', String(rounds), '--bound', '10'];
      const { code, stdout, stderr } = await chaos(...argv, '--out', out.path);
      const { report } = await keptFiles(out.path);
      runs.push(stdout + stderr);
      if (!report.violations.some((violation) => violation.invariant === invariant)) continue;
      assert.equal(code, 1);
      assert.match(stderr, new RegExp(`Reproduce with: npm run chaos -- --seed ${seed}`));
      return;
    }
    assert.fail(`not found in ${runs.length} runs:\n${runs.join('\n')}`);
  });
}
