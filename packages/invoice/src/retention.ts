import type { DateString } from './model.ts';

/** How long the law wants an issued invoice to be kept, counted from the end of a calendar year. */
export interface Retention {
  years: number;
  /** Years from that of issue to the one at whose end the time begins; 0 when absent. */
  startsAfter?: number;
  /** The law that says so. */
  source: string;
}

/**
 * By the seller's country, for outgoing invoices of businesses. It is a table of ours and no legal advice; where laws
 * differ in one country (books, tax), the longer time counts.
 */
export const statutoryRetention: Readonly<Record<string, Retention>> = {
  AT: { years: 7, source: 'BAO § 132 (1)' },
  DE: {
    years: 8,
    source: 'AO § 147 (3) and (4), UStG § 14b, as amended by the Viertes Bürokratieentlastungsgesetz (2025)',
  },
  ES: { years: 6, source: 'Código de Comercio art. 30 (taxes alone: 4 years, LGT art. 66)' },
  FR: { years: 10, source: 'Code de commerce art. L123-22 (taxes alone: 6 years, LPF art. L102 B)' },
  IT: { years: 10, source: 'Codice civile art. 2220' },
  NL: { years: 7, source: 'AWR art. 52' },
  // Counted from the end of the year in which the tax was due: for an invoice of December, that is the next.
  PL: { years: 5, startsAfter: 1, source: 'Ordynacja podatkowa art. 86 and art. 70' },
};

/** Of all other countries: no European law that we know of wants more for an ordinary invoice. */
export const defaultRetention: Retention = { years: 10, source: 'none in particular: the longest that is usual' };

const retentionOf = (country: string | undefined): Retention =>
  (country === undefined ? undefined : statutoryRetention[country]) ?? defaultRetention;

/** The last day on which an invoice must be kept. @param extraYears on top, where books close later or contracts want it */
export const retainedUntil = (
  { country, issueDate }: { country: string | undefined; issueDate: DateString },
  extraYears = 0,
): DateString => {
  const { years, startsAfter = 0 } = retentionOf(country);
  return `${Number(issueDate.slice(0, 4)) + startsAfter + years + extraYears}-12-31`;
};

/** The last day of issue, by country and '*' for all others, of which an invoice need not be kept any more. */
export const retentionCutoffs = (today: DateString, extraYears = 0): Record<string, DateString> => {
  const cutoff = ({ years, startsAfter = 0 }: Retention) =>
    `${Number(today.slice(0, 4)) - 1 - startsAfter - years - extraYears}-12-31`;
  const known = Object.entries(statutoryRetention).map(([country, retention]) => [country, cutoff(retention)]);
  return { ...Object.fromEntries(known), '*': cutoff(defaultRetention) };
};
