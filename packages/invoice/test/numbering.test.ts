import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatNumber, periodOf } from '@invoicepress/invoice';

const formats = [
  { series: { prefix: 'INV-', padding: 5, yearlyReset: false }, count: 42n, number: 'INV-00042' },
  { series: { prefix: 'INV-', padding: 5, yearlyReset: true }, count: 42n, number: 'INV-2026-00042' },
  { series: { prefix: '', padding: 0, yearlyReset: false }, count: 1n, number: '1' },
  { series: { prefix: '', padding: 3, yearlyReset: true }, count: 7n, number: '2026-007' },
  { series: { prefix: 'A/', padding: 2, yearlyReset: false }, count: 1234n, number: 'A/1234' },
  { series: { prefix: 'X', padding: 12, yearlyReset: false }, count: 9n, number: 'X000000000009' },
  {
    series: { prefix: 'X', padding: 0, yearlyReset: false },
    count: 9_007_199_254_740_993n,
    number: 'X9007199254740993',
  },
];

for (const { series, count, number } of formats) {
  test(`count ${count} of ${JSON.stringify(series)} is ${number}`, () => {
    assert.equal(formatNumber(series, periodOf(series, '2026-12-31'), count), number);
  });
}

test('a yearly series counts by year of issue, any other for ever', () => {
  assert.equal(periodOf({ yearlyReset: true }, '2026-12-31'), 2026);
  assert.equal(periodOf({ yearlyReset: true }, '2027-01-01'), 2027);
  assert.equal(periodOf({ yearlyReset: false }, '2026-12-31'), periodOf({ yearlyReset: false }, '2027-01-01'));
});
