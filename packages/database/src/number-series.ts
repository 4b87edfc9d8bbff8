import { formatNumber, periodOf, type InvoiceDraft, type NumberSeries } from '@invoicepress/invoice';
import { v7 as uuidv7 } from 'uuid';
import type { TenantTransaction } from './with-tenant.ts';

/** A draft names a series that this tenant has not defined. */
export class UnknownSeries {}

/**
 * A number for every draft, in order: its own, or the next of its series. Counters are raised once per series and
 * year; the row locks that this takes last until the transaction ends, which is what makes the numbers gapless.
 * Counters are locked in a fixed order, so that two batches cannot wait for each other.
 */
export const takeNumbers = async (tx: TenantTransaction, drafts: InvoiceDraft[], today: string): Promise<(string | UnknownSeries)[]> => {
  const names = [...new Set(drafts.flatMap(({ series }) => series ?? []))];
  if (names.length === 0) return drafts.map(({ number }) => number ?? '');

  const known = new Map((await tx.db.numberSeries.findMany({ where: { name: { in: names } } })).map((series) => [series.name, series]));
  const draws = drafts.map((draft) => {
    const series = draft.series === undefined ? undefined : known.get(draft.series);
    if (!series) return undefined;
    const period = periodOf(series, draft.issueDate ?? today);
    return { key: `${series.id} ${period}`, series, period };
  });

  const counters = new Map<string, { seriesId: string; period: number; count: number }>();
  for (const draw of draws) {
    if (!draw) continue;
    const counter = counters.get(draw.key) ?? { seriesId: draw.series.id, period: draw.period, count: 0 };
    counters.set(draw.key, { ...counter, count: counter.count + 1 });
  }
  const next = new Map<string, bigint>();
  for (const [key, counter] of [...counters].toSorted(([a], [b]) => (a < b ? -1 : 1))) next.set(key, await raise(tx, counter));

  return drafts.map((draft, i) => {
    if (draft.series === undefined) return draft.number ?? '';
    const draw = draws[i];
    if (!draw) return new UnknownSeries();
    const count = next.get(draw.key) ?? 0n;
    next.set(draw.key, count + 1n);
    return formatNumber(draw.series, draw.period, count);
  });
};

/** Raises a counter by `count` and returns the first of the numbers taken. */
const raise = async (tx: TenantTransaction, { seriesId, period, count }: { seriesId: string; period: number; count: number }): Promise<bigint> => {
  const [row] = await tx.db.$queryRaw<{ first: bigint }[]>`
    INSERT INTO number_counter AS counter (series_id, period, tenant_id, last_value)
    VALUES (${seriesId}::uuid, ${period}, app_tenant(), ${count})
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
  tx.db.numberSeries.findMany({ orderBy: { name: 'asc' }, select: { name: true, prefix: true, padding: true, yearlyReset: true } });
