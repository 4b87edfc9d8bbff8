import { stripVTControlCharacters } from 'node:util';

/** What node:test's runners report, one runner per package. */
export interface TestReport {
  passed: number;
  failed: number;
  skipped: number;
  /** What each runner repeats of its failed tests when it has ended: their names, places and errors. */
  failures: string[];
}

const kinds: Record<string, 'passed' | 'failed' | 'skipped'> = {
  pass: 'passed',
  fail: 'failed',
  cancelled: 'failed',
  skipped: 'skipped',
  todo: 'skipped',
};

/** An error that prints whole documents is cut here. */
const maxFailureLines = 200;

/**
 * Returns a function that takes each line of turbo's output, such as "@invoicepress/queue:test: ℹ pass 12", and the
 * report that it fills.
 */
export const collectReport = (): { report: TestReport; addLine: (line: string) => void } => {
  const report: TestReport = { passed: 0, failed: 0, skipped: 0, failures: [] };
  // How many lines of its failures each package has printed, from the heading on.
  const failureLines = new Map<string, number>();
  const addLine = (coloured: string): void => {
    const [, name, text] = /^(\S+):test: (.*)$/.exec(stripVTControlCharacters(coloured).trimEnd()) ?? [];
    if (name === undefined || text === undefined) return;
    const [, kind = '', number = ''] = /^[ℹ#] (\w+) (\d+)$/.exec(text) ?? [];
    const key = kinds[kind];
    if (key !== undefined) report[key] += Number(number);

    const printed = failureLines.get(name);
    if (printed === undefined && text !== '✖ failing tests:') return;
    failureLines.set(name, (printed ?? 0) + 1);
    if (printed !== undefined && printed < maxFailureLines) report.failures.push(`${name}: ${text}`);
  };
  return { report, addLine };
};

/** "12 passed, 0 failed", and ", 1 skipped" if any. */
export const summary = ({ passed, failed, skipped }: TestReport): string =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
