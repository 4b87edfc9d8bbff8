import type { Verdict } from './judge.ts';

/** For people: a line for each requirement, and beneath it what breaks it. */
export const toTable = (verdicts: Verdict[]): string => {
  const rows = [
    ['', 'requirement', 'reference', 'tests', 'result'],
    ...verdicts.map(({ requirement, tests, faults }) => [
      requirement.id,
      requirement.says,
      requirement.references.join(', '),
      String(tests),
      faults.length === 0 ? 'passed' : 'FAILED',
    ]),
  ];
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((text, column) => text.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  const faults = verdicts.map((verdict) => verdict.faults.map((fault) => `    ${fault}`));
  return [lines[0], ...lines.slice(1).flatMap((line, index) => [line, ...(faults[index] ?? [])])].join('\n');
};

export const lastLine = (verdicts: Verdict[]): string => {
  const failed = verdicts.filter(({ faults }) => faults.length > 0).length;
  return `security: ${verdicts.length} requirements, ${verdicts.length - failed} passed, ${failed} failed`;
};
