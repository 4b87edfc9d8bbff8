import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cellName, cellsFor } from './cells.ts';
import { invariants, type Invariant, type Violation } from './ledger.ts';
import type { Options } from './options.ts';
import type { Outcome } from './run.ts';

export interface CellReport {
  fault: string;
  phase: string;
  /** Planned; what was planned for a step that nobody took did not come to pass. */
  dealt: number;
  injected: number;
  /** Injected in a round in which nothing was found wrong. */
  survived: number;
}

export interface Report {
  seed: number;
  queue: string;
  storage: string;
  rounds: number;
  faults: number;
  seconds: number;
  slowestSettlingMs: number;
  /** By status. */
  invoices: Record<string, number>;
  retried: number;
  orphans: number;
  matrix: CellReport[];
  invariants: { name: Invariant; says: string; checked: number; violated: number }[];
  violations: Violation[];
}

export const toReport = (options: Options, outcome: Outcome): Report => {
  const { ledger, played, schedule } = outcome;
  const { violations } = ledger;
  const guilty = new Set(violations.map(({ round }) => round));
  const matrix = cellsFor(options).map((cell): CellReport => {
    const { dealt, rounds } = played.get(cellName(cell)) ?? { dealt: 0, rounds: [] };
    const survived = rounds.filter((round) => !guilty.has(round)).length;
    return { fault: cell.fault, phase: cell.phase, dealt, injected: rounds.length, survived };
  });
  return {
    seed: schedule.seed,
    queue: options.queue,
    storage: options.storage,
    rounds: schedule.rounds.length,
    faults: [...played.values()].reduce((sum, { rounds }) => sum + rounds.length, 0),
    seconds: Math.round(outcome.seconds),
    slowestSettlingMs: outcome.slowestSettlingMs,
    invoices: Object.fromEntries(outcome.statuses),
    retried: outcome.retried,
    orphans: outcome.orphans,
    matrix,
    invariants: (Object.keys(invariants) as Invariant[]).map((name) => ({
      name,
      says: invariants[name],
      checked: ledger.checked.get(name) ?? 0,
      violated: violations.filter(({ invariant }) => invariant === name).length,
    })),
    violations,
  };
};

/** Keeps the report and the schedule, which --replay takes. @returns their paths */
export const keepReport = async (report: Report, { schedule }: Outcome, folder: string) => {
  await mkdir(folder, { recursive: true });
  const name = `${new Date().toISOString().replaceAll(':', '-')}-seed-${report.seed}`;
  const files = { report: join(folder, `${name}.json`), schedule: join(folder, `${name}.schedule.json`) };
  await writeFile(files.report, `${JSON.stringify(report, null, 2)}\n`);
  await writeFile(files.schedule, `${JSON.stringify(schedule, null, 2)}\n`);
  return files;
};

const SHOWN_VIOLATIONS = 20;

/** For people: the matrix, the invariants, and what was found. */
export const toTable = (report: Report): string => {
  const invoices = Object.entries(report.invoices).map(([status, count]) => `${count} ${status}`);
  const { orphans, retried, slowestSettlingMs, violations } = report;
  return [
    ...columns([
      ['fault', 'phase', 'injected', 'survived'],
      ...report.matrix.map((cell) => [cell.fault, cell.phase, `${cell.injected}/${cell.dealt}`, String(cell.survived)]),
    ]),
    '',
    ...columns([
      ['invariant', 'checked', 'violated', ''],
      ...report.invariants.map(({ name, says, checked, violated }) => [
        name,
        checked === 0 ? 'not here' : String(checked),
        String(violated),
        says,
      ]),
    ]),
    '',
    `${invoices.join(', ')}; ${retried} failed and were retried; ${orphans} orphaned objects; ` +
      `settled at most ${(slowestSettlingMs / 1_000).toFixed(1)} s after healing; ${report.seconds} s in all`,
    ...violations
      .slice(0, SHOWN_VIOLATIONS)
      .map(({ invariant, round, what }) => `${invariant} in round ${round}: ${what}`),
    ...(violations.length > SHOWN_VIOLATIONS ? [`and ${violations.length - SHOWN_VIOLATIONS} more`] : []),
  ].join('\n');
};

const columns = (rows: string[][]): string[] => {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
};

export const lastLine = ({ rounds, faults, invoices, violations }: Report): string => {
  const count = Object.values(invoices).reduce((sum, each) => sum + each, 0);
  return `chaos: ${rounds} rounds, ${faults} faults, ${count} invoices, ${violations.length} violations`;
};
