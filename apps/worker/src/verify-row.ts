import { findInvoice, withTenant, type Claim, type Database } from '@invoicepress/database';
import type { IssuedInvoice } from '@invoicepress/invoice';
import { DocumentsDiffer } from '@invoicepress/renderers';

/**
 * The frozen invoice, with which a renderer compares its documents, against the row that lists, filters and bookings
 * are made of: what a client hears of an invoice is what stands in its documents. Costs a query of its own.
 * @throws {DocumentsDiffer} naming both figures
 */
export const assertRow = async (database: Database, tenantId: string, claim: Claim): Promise<void> => {
  const row = await withTenant(database, tenantId, (tx) => findInvoice(tx, claim.invoiceId));
  if (!row) return; // gone; its lease will say so
  const issued = JSON.parse(claim.issued) as IssuedInvoice;
  const labels = [
    ['number', row.number, issued.number],
    ['currency', row.currency, issued.currency],
    ['buyer', row.buyerName, issued.buyer.name],
    ['date of issue', row.issueDate.toISOString().slice(0, 10), issued.issueDate],
  ] as const;
  const totals = (['taxExclusive', 'tax', 'taxInclusive', 'payable'] as const).filter(
    (name) => !row[name].equals(issued.totals[name]),
  );
  const differences = [
    ...labels.filter(([, stored, frozen]) => stored !== frozen),
    ...totals.map((name) => [name, row[name].toFixed(), issued.totals[name]] as const),
  ].map(([name, stored, frozen]) => `The row says ${stored} for ${name}, the frozen invoice ${frozen}.`);
  if (differences.length > 0) throw new DocumentsDiffer(differences);
};
