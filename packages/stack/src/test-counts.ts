import { stripVTControlCharacters } from 'node:util';

/** Sums of what node:test's runners report, one runner per package. */
export interface TestCounts {
  passed: number;
  failed: number;
  skipped: number;
}

const kinds: Record<string, keyof TestCounts> = {
  pass: 'passed',
  fail: 'failed',
  cancelled: 'failed',
  skipped: 'skipped',
  todo: 'skipped',
};

/** Adds the count that a line of turbo's output reports, such as "@invoicepress/queue:test: ℹ pass 12", if it is one. */
export const addCount = (counts: TestCounts, line: string): void => {
  const [, kind = '', number = ''] = /:test: [ℹ#] (\w+) (\d+)$/.exec(stripVTControlCharacters(line).trimEnd()) ?? [];
  const key = kinds[kind];
  if (key !== undefined) counts[key] += Number(number);
};

/** "12 passed, 0 failed", and ", 1 skipped" if any. */
export const summary = ({ passed, failed, skipped }: TestCounts): string =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
