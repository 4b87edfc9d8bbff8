import { formatNumber, periodOf, type InvoiceDraft, type NumberSeries } from '@invoicepress/invoice';
import { v7 as uuidv7 } from 'uuid';
import type { TenantTransaction } from './with-tenant.ts';

/** A draft names a series that this tenant has not defined. */
export class UnknownSeries {}

/**
 * A number for every draft, in order: its own, or the next of its series. Counters are raised once per series and
 * year; the row locks that this takes last until the transaction ends, which is what makes the numbers gapless.
 * Counters are locked in a fixed order, so that two batches cannot wait for each other.
 * With `passOver`, numbers of a series that an invoice bears already, because its client brought them, are passed over.
 */
export const takeNumbers = async (
  tx: TenantTransaction,
  drafts: InvoiceDraft[],
  { today, passOver }: { today: string; passOver: boolean },
): Promise<(string | UnknownSeries)[]> => {
  const names = [...new Set(drafts.flatMap(({ series }) => series ?? []))];
  if (names.length === 0) return drafts.map(({ number }) => number ?? '');

  const known = new Map(
    (await tx.db.numberSeries.findMany({ where: { name: { in: names } } })).map((series) => [series.name, series]),
  );
  const draws = drafts.map((draft) => {
    const series = draft.series === undefined ? undefined : known.get(draft.series);
    if (!series) return undefined;
    const period = periodOf(series, draft.issueDate ?? today);
    return { key: `${series.id} ${period}`, series, period };
  });

  const counters = new Map<string, Draw>();
  for (const draw of draws) {
    if (draw) counters.set(draw.key, { ...draw, count: (counters.get(draw.key)?.count ?? 0) + 1 });
  }
  const given = new Set(drafts.flatMap(({ number }) => number ?? []));
  const numbers = new Map<string, Iterator<string>>();
  for (const [key, draw] of [...counters].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const drawn = passOver ? await drawPassingOver(tx, draw, given) : await drawNext(tx, draw);
    numbers.set(key, drawn.values());
  }

  return drafts.map((draft, i) => {
    if (draft.series === undefined) return draft.number ?? '';
    const draw = draws[i];
    return (draw && numbers.get(draw.key)?.next().value) ?? new UnknownSeries();
  });
};

interface Draw {
  series: NumberSeries & { id: string };
  period: number;
  /** How many numbers are needed. */
  count: number;
}

const span = ({ series, period }: Draw, first: bigint, count: number): string[] =>
  Array.from({ length: count }, (_, i) => formatNumber(series, period, first + BigInt(i)));

const drawNext = async (tx: TenantTransaction, draw: Draw): Promise<string[]> =>
  span(draw, await raise(tx, draw), draw.count);

/** Numbers that are looked up at once. */
const WINDOW = 1_000;

/** As many free numbers as are needed; the counter ends at the last of them. Adds them to `given`. */
const drawPassingOver = async (tx: TenantTransaction, draw: Draw, given: Set<string>): Promise<string[]> => {
  const first = await raise(tx, draw);
  const drawn: string[] = [];
  let passed = 0;
  while (drawn.length < draw.count) {
    const window = span(draw, first + BigInt(passed), WINDOW);
    const existing = await tx.db.invoice.findMany({ where: { number: { in: window } }, select: { number: true } });
    const taken = new Set(existing.map(({ number }) => number));
    for (const number of window) {
      if (drawn.length === draw.count) break;
      passed += 1;
      if (!taken.has(number) && !given.has(number)) drawn.push(number);
    }
  }
  if (passed > draw.count) await raise(tx, { ...draw, count: passed - draw.count });
  for (const number of drawn) given.add(number);
  return drawn;
};

/** Raises a counter by `count` and returns the first of the numbers taken. */
const raise = async (tx: TenantTransaction, { series, period, count }: Draw): Promise<bigint> => {
  const [row] = await tx.db.$queryRaw<{ first: bigint }[]>`
    INSERT INTO number_counter AS counter (series_id, period, tenant_id, last_value)
    VALUES (${series.id}::uuid, ${period}, app_tenant(), ${count})
    ON CONFLICT (series_id, period) DO UPDATE SET last_value = counter.last_value + EXCLUDED.last_value
    RETURNING last_value - ${count} + 1 AS first`;
  if (!row) throw new Error('a number counter could not be raised');
  return row.first;
};

/** @returns false when the name is taken */
export const createNumberSeries = async (tx: TenantTransaction, series: NumberSeries): Promise<boolean> => {
  const { count } = await tx.db.numberSeries.createMany({
    data: [{ id: uuidv7(), tenantId: tx.tenantId, ...series }],
    skipDuplicates: true,
  });
  return count === 1;
};

export const listNumberSeries = (tx: TenantTransaction): Promise<NumberSeries[]> =>
  tx.db.numberSeries.findMany({
    orderBy: { name: 'asc' },
    select: { name: true, prefix: true, padding: true, yearlyReset: true },
  });
