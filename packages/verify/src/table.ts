import type { Report, Verdict } from './report.ts';

const words: Record<Verdict, string> = { ok: 'ok', wrong: 'WRONG', unchecked: 'not checked' };

/** A report for people: a line for each finding, and last what follows from them. */
export const toTable = (file: string, { invoice, findings, verdict, signature }: Report): string => {
  const rows = findings.map((each) => [words[each.verdict], each.check, each.subject, each.detail] as const);
  const width = (column: 0 | 1 | 2) => Math.max(...rows.map((row) => printable(row[column]).length));
  const lines = rows.map(
    (row) =>
      `  ${printable(row[0]).padEnd(width(0))}  ${printable(row[1]).padEnd(width(1))}  ` +
      `${printable(row[2]).padEnd(width(2))}  ${printable(row[3])}`,
  );
  const title = invoice
    ? `${file}: invoice ${invoice.number} (${invoice.id}), ready ${invoice.readyAt}`
    : `${file}: no invoice could be read`;
  return [printable(title), ...lines, ...warnings(signature), printable(`${file}: ${conclusions[verdict]}`)].join('\n');
};

const conclusions: Record<Report['verdict'], string> = {
  verified: 'VERIFIED',
  incomplete: 'NOT FULLY VERIFIED: nothing is wrong, but not everything could be checked',
  wrong: 'WRONG: do not rely on it',
};

const warnings = (signature: Report['signature']): string[] =>
  signature && !signature.trusted
    ? [
        '',
        '  !! Nobody vouches for the key: it came in the bundle itself. Anybody can make a bundle that looks like this one.',
        '  !! Get the key set of the issuer (its /.well-known/jwks.json), from the issuer, and give it with --keys.',
        '',
      ]
    : [];

/** A bundle may be hostile, and a terminal obeys control characters. */
const printable = (text: string): string => text.replaceAll(/[\p{Cc}\p{Cf}]/gu, '\u{fffd}');
