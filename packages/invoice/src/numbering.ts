import type { DateString } from './model.ts';

/** A run of invoice numbers. Gapless because the count is taken in the transaction that stores the invoice. */
export interface NumberSeries {
  name: string;
  /** Letters, digits and "-", "/", "." in front of the count: "INV-". */
  prefix: string;
  /** The count is padded with zeros to this many digits (0 to 12). */
  padding: number;
  /** Whether the count restarts with every year of issue; the year is then part of the number. */
  yearlyReset: boolean;
}

/** The counter that an invoice of this date draws from: its year of issue, or 0 for a series that never restarts. */
export const periodOf = (series: Pick<NumberSeries, 'yearlyReset'>, issueDate: DateString): number =>
  series.yearlyReset ? Number(issueDate.slice(0, 4)) : 0;

/** "INV-" with padding 5 gives INV-00042, or INV-2026-00042 when it restarts yearly. */
export const formatNumber = (series: Omit<NumberSeries, 'name'>, period: number, count: bigint): string =>
  series.prefix + (series.yearlyReset ? `${period}-` : '') + count.toString().padStart(series.padding, '0');
