import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isMet, type Figure, type SectionResult, type Target } from './figures.ts';
import type { Machine } from './machine.ts';

export interface Report {
  startedAt: string;
  quick: boolean;
  machine: Machine;
  sections: SectionResult[];
}

/** The report as it is kept and as `--json` prints it: every figure also says whether it met its target. */
export const toJson = (report: Report): string =>
  JSON.stringify(
    {
      ...report,
      sections: report.sections.map((section) => ({
        ...section,
        figures: section.figures.map((figure) => ({ ...figure, met: isMet(figure) })),
      })),
    },
    null,
    2,
  );

/** @returns the file's path; its name is the time at which the run began */
export const keepReport = async (report: Report, folder: string): Promise<string> => {
  await mkdir(folder, { recursive: true });
  const file = join(folder, `${report.startedAt.replaceAll(':', '-')}.json`);
  await writeFile(file, `${toJson(report)}\n`);
  return file;
};

const heads = ['', 'value', 'target', 'met'] as const;
type Row = [name: string, value: string, target: string, met: string];

/** For people: a block per section, the columns of all of them aligned. */
export const toTable = ({ sections, machine, quick }: Report): string => {
  const blocks = sections.map((section) => ({ ...section, rows: section.figures.map(rowOf) }));
  const rows = [[...heads], ...blocks.flatMap((block) => block.rows.filter(([, value]) => value.length <= WIDE))];
  const widths = heads.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = ([name, value, target, met]: Row) =>
    `  ${name.padEnd(widths[0] ?? 0)}  ${value.padStart(widths[1] ?? 0)}  ${target.padStart(widths[2] ?? 0)}  ${met}`.trimEnd();
  return [
    `${machine.cores} cores (${machine.processor}), ${machine.memoryGb} GB, Node ${machine.node}, ${machine.commit}`,
    ...(quick ? ['A quick run: it shows that everything works; its figures say nothing.'] : []),
    line([...heads]),
    ...blocks.flatMap(({ title, rows: own, error, seconds }) => [
      '',
      `${title} (${seconds.toFixed(0)} s)`,
      ...own.map(line),
      ...(error === undefined ? [] : [`  not measured: ${error}`]),
    ]),
  ].join('\n');
};

/** A text longer than this stands at the end of its row and does not widen the column. */
const WIDE = 24;

const rowOf = (figure: Figure): Row => {
  const met = isMet(figure);
  return [
    figure.name,
    valueOf(figure),
    targetOf(figure.target, figure.unit),
    met === undefined ? '' : met ? 'yes' : 'NO',
  ];
};

const valueOf = ({ value, unit }: Figure): string => (typeof value === 'string' ? value : withUnit(value, unit));

const targetOf = (target: Target | undefined, unit: string): string => {
  if (target === undefined) return '';
  if ('exactly' in target) return target.exactly;
  return 'atLeast' in target ? `>= ${withUnit(target.atLeast, unit)}` : `<= ${withUnit(target.atMost, unit)}`;
};

const withUnit = (value: number, unit: string): string => {
  const digits = Number.isInteger(value) || Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  const number = value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return unit === '/s' || unit === '' ? number + unit : `${number} ${unit}`;
};
