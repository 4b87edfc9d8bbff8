import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Fault, Tally } from './tally.ts';

const SHOWN = 20;

export const lastLine = ({ documents, failures }: Tally): string =>
  `conformance: ${documents} documents, ${failures.length} failures`;

/** The checks, then what was warned of, then what failed, each rule once. */
export const toTable = (tally: Tally): string => {
  const rows = tally.rows().map(({ check, documents, failures, warnings }) => [check, documents, failures, warnings]);
  const warned = [...tally.warnings].map(([rule, times]) => `  ${rule}: ${times}`).sort();
  const groups = Object.values(Object.groupBy(tally.failures, ({ check, rule }) => `${check} ${rule}`));
  return [
    ...columns([['', 'checked', 'failures', 'warnings'], ...rows]),
    ...(warned.length > 0 ? ['', 'Warned of, which makes nothing invalid:', ...warned] : []),
    ...(groups.length > 0 ? ['', 'Failed:', ...groups.slice(0, SHOWN).map(groupLine)] : []),
    ...(groups.length > SHOWN ? [`  … and ${groups.length - SHOWN} more kinds`] : []),
  ].join('\n');
};

const groupLine = (faults: Fault[] | undefined): string => {
  const [{ check, rule, detail, subject }] = faults as [Fault];
  return `  ${check}, ${rule}, ${faults?.length} times, first by "${subject}": ${detail.slice(0, 300)}`;
};

const columns = (rows: (string | number)[][]): string[] => {
  const width = (column: number) => Math.max(...rows.map((row) => String(row[column]).length));
  const pad = (cell: string | number, column: number) =>
    column === 0 ? String(cell).padEnd(width(0)) : String(cell).padStart(width(column));
  return rows.map((row) => `  ${row.map(pad).join('  ')}`);
};

/** A draft can be handed to the API as it is, or put into a test. */
export const keepFailures = async ({ failures }: Tally, folder: string): Promise<void> => {
  await mkdir(folder, { recursive: true });
  for (const [index, { draft, ...fault }] of failures.entries()) {
    await writeFile(join(folder, `${index + 1}.json`), `${JSON.stringify({ ...fault, draft }, null, 2)}\n`);
  }
};
