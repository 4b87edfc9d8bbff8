import assert from 'node:assert/strict';
import { test } from 'node:test';
import { collectReport, summary } from '../src/test-report.ts';

test("the runners' counts are summed over packages, whatever else they print", () => {
  const { report, addLine } = collectReport();
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
  for (const line of lines) addLine(line);
  assert.equal(summary(report), '17 passed, 3 failed');
  addLine('@invoicepress/storage:test: ℹ skipped 1');
  assert.equal(summary(report), '17 passed, 3 failed, 1 skipped');
});

test('what failed is kept for the end, while other packages go on printing', () => {
  const { report, addLine } = collectReport();
  const lines = [
    '@invoicepress/queue:test: ✖ a job is taken once (3 ms)',
    '@invoicepress/queue:test: \u001b[31m✖ failing tests:\u001b[39m',
    '@invoicepress/queue:test: test at test/queue.test.ts:1:1',
    '@invoicepress/storage:test: ✔ a file is written whole (1 ms)',
    '@invoicepress/queue:test: ✖ a job is taken once (3 ms)',
    '@invoicepress/queue:test:   AssertionError: 2 !== 1',
  ];
  for (const line of lines) addLine(line);
  assert.deepEqual(report.failures, [
    '@invoicepress/queue: test at test/queue.test.ts:1:1',
    '@invoicepress/queue: ✖ a job is taken once (3 ms)',
    '@invoicepress/queue:   AssertionError: 2 !== 1',
  ]);
});
