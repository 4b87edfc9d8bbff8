import { formatNumber, type NumberSeries, type InvoiceStatus } from '@invoicepress/invoice';
import type { TenantTransaction } from './with-tenant.ts';

/** A number that a series gave, and the invoice that bears it; none means a gap, of which there must be none. */
export interface AccountedNumber {
  number: string;
  /** The counter that gave it: a year, or 0 where the series never starts again. */
  period: number;
  count: number;
  invoice?: { id: string; status: InvoiceStatus; typeCode: string; issueDate: Date };
}

/** A place between two numbers. */
export interface NumberPlace {
  period: number;
  count: number;
}

export interface NumberReportPage {
  series: NumberSeries;
  /** How many numbers each counter gave. */
  counters: { period: number; last: number }[];
  numbers: AccountedNumber[];
  /** Where the next page begins; absent on the last one. */
  next?: NumberPlace;
}

/** Accounts for the numbers that a series gave, in their order. @returns null when there is no such series */
export const reportNumbers = async (
  tx: TenantTransaction,
  name: string,
  { after, limit }: { after?: NumberPlace | undefined; limit: number },
): Promise<NumberReportPage | null> => {
  const series = await tx.db.numberSeries.findUnique({ where: { tenantId_name: { tenantId: tx.tenantId, name } } });
  if (!series) return null;
  const rows = await tx.db.numberCounter.findMany({ where: { seriesId: series.id }, orderBy: { period: 'asc' } });
  const counters = rows.map(({ period, lastValue }) => ({ period, last: Number(lastValue) }));
  const places = placesAfter(counters, after, limit + 1);
  const shown = places
    .slice(0, limit)
    .map((place) => ({ ...place, number: formatNumber(series, place.period, BigInt(place.count)) }));
  const invoices = await tx.db.invoice.findMany({
    where: { tenantId: tx.tenantId, number: { in: shown.map(({ number }) => number) } },
    select: { id: true, number: true, status: true, typeCode: true, issueDate: true },
  });
  const bearers = new Map(invoices.map(({ number, ...invoice }) => [number, invoice]));
  const last = shown.at(-1);
  const { name: _, prefix, padding, yearlyReset } = series;
  return {
    series: { name, prefix, padding, yearlyReset },
    counters,
    numbers: shown.map((place) => {
      const invoice = bearers.get(place.number);
      return { ...place, ...(invoice && { invoice }) };
    }),
    ...(places.length > limit && last && { next: { period: last.period, count: last.count } }),
  };
};

const placesAfter = (
  counters: NumberReportPage['counters'],
  after: NumberPlace | undefined,
  wanted: number,
): NumberPlace[] => {
  const places: NumberPlace[] = [];
  for (const { period, last } of counters) {
    if (after && period < after.period) continue;
    const first = after?.period === period ? after.count + 1 : 1;
    for (let count = first; count <= last && places.length < wanted; count++) places.push({ period, count });
  }
  return places;
};
