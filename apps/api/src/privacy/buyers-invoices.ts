import {
  findBuyersInvoices,
  withTenant,
  type BuyersInvoices,
  type Database,
  type DataSubject,
  type ErasureCandidate,
} from '@invoicepress/database';

/** A buyer's invoices that are not erased yet, or all of the tenant's, in pages; each looks at `pageSize`, and may be empty. */
export async function* buyersInvoices(
  database: Database,
  { tenantId, subject, pageSize }: { tenantId: string; subject: DataSubject | undefined; pageSize: number },
): AsyncGenerator<ErasureCandidate[]> {
  let after: string | undefined;
  do {
    const page: BuyersInvoices = await withTenant(database, tenantId, (tx) =>
      findBuyersInvoices(tx, subject, { after, limit: pageSize }),
    );
    yield page.found;
    after = page.next;
  } while (after !== undefined);
}
