import {
  reportNumbers,
  withTenant,
  type AccountedNumber,
  type Database,
  type NumberPlace,
} from '@invoicepress/database';

/** Numbers that are held in memory at a time. */
const PAGE = 1_000;

/** Every number that a series gave, in order. @throws when there is no such series */
export async function* accountFor(
  database: Database,
  { tenantId, series }: { tenantId: string; series: string },
): AsyncGenerator<AccountedNumber> {
  let after: NumberPlace | undefined;
  do {
    const page = await withTenant(database, tenantId, (tx) => reportNumbers(tx, series, { after, limit: PAGE }));
    if (!page) throw new Error(`there is no number series "${series}"`);
    yield* page.numbers;
    after = page.next;
  } while (after);
}

export const CSV_HEAD = 'number,state,invoice,type,issue date';

/** A line of the report: numbers have letters, digits and "-", "/", "." alone, so nothing needs quotes. */
export const csvOf = ({ number, invoice }: AccountedNumber): string =>
  invoice
    ? [number, invoice.status, invoice.id, invoice.typeCode, invoice.issueDate.toISOString().slice(0, 10)].join(',')
    : `${number},missing,,,`;
