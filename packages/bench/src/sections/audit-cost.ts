/** What a request waits for its entry in the audit trail: the same requests with and without, in turns. */
import { asOwner } from '../as-owner.ts';
import type { Figure } from '../figures.ts';
import { median } from '../statistics.ts';

/**
 * @param submit hands in invoices one by one, and returns the milliseconds of each
 * @param ownerUrl of the database, as the role that owns the tables
 */
export const auditCost = async (
  rounds: number,
  submit: (name: string) => Promise<number[]>,
  ownerUrl: string,
): Promise<Figure[]> => {
  const [kept, without]: [number[], number[]] = [[], []];
  for (let round = 1; round <= rounds; round++) {
    kept.push(median(await submit(`AUDIT${round}`)));
    await dropEntries(ownerUrl, true);
    without.push(median(await submit(`NONE${round}`)));
    await dropEntries(ownerUrl, false);
  }
  const ratios = kept.map((value, index) => value / (without[index] ?? value));
  return [
    { name: 'POST /v1/invoices with its audit entry, p50', value: median(kept), unit: 'ms', rounds: kept },
    { name: 'the entry thrown away by the database, p50', value: median(without), unit: 'ms', rounds: without },
    { name: 'with the entry against without', value: median(ratios), unit: '×', rounds: ratios },
  ];
};

/** The API makes its entries all the same; no setting of ours turns that off. */
const dropEntries = (ownerUrl: string, drop: boolean): Promise<void> =>
  asOwner(ownerUrl, (owner) =>
    owner.query(
      drop
        ? `CREATE FUNCTION drop_entry() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
           CREATE TRIGGER a_drop_entry BEFORE INSERT ON audit_entry FOR EACH ROW EXECUTE FUNCTION drop_entry()`
        : 'DROP FUNCTION drop_entry CASCADE',
    ),
  );
