import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addCount, summary, type TestCounts } from '../src/test-counts.ts';

test("the runners' counts are summed over packages, whatever else they print", () => {
  const counts: TestCounts = { passed: 0, failed: 0, skipped: 0 };
  const lines = [
    '@invoicepress/queue:test: ✔ a test called ℹ pass 99 (3 ms)',
    '@invoicepress/queue:test: ℹ tests 12',
    '@invoicepress/queue:test: ℹ pass 12',
    '@invoicepress/queue:test: ℹ fail 0',
    '@invoicepress/storage:test: \u001b[34mℹ pass 5\u001b[39m',
    '@invoicepress/storage:test: # fail 1',
    '@invoicepress/storage:test: ℹ cancelled 2',
    '@invoicepress/storage:check: ℹ pass 7',
  ];
  for (const line of lines) addCount(counts, line);
  assert.equal(summary(counts), '17 passed, 3 failed');
  addCount(counts, '@invoicepress/storage:test: ℹ skipped 1');
  assert.equal(summary(counts), '17 passed, 3 failed, 1 skipped');
});
