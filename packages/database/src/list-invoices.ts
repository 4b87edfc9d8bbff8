import type { InvoiceStatus } from '@invoicepress/invoice';
import { Prisma } from './generated/client.ts';
import { withDocuments, type InvoiceRecord } from './invoices.ts';
import type { TenantTransaction } from './with-tenant.ts';

export interface InvoiceFilter {
  status?: InvoiceStatus | undefined;
  typeCode?: string | undefined;
  number?: string | undefined;
  externalId?: string | undefined;
  /** Begins the buyer's name. */
  buyer?: string | undefined;
  issuedFrom?: string | undefined;
  issuedTo?: string | undefined;
  /** What the metadata must contain (`@>`, served by the GIN index). */
  metadata?: Record<string, unknown> | undefined;
  ids?: string[] | undefined;
}

/**
 * One page, newest first (ids are UUIDv7 and grow with time), of invoices older than `before`.
 * One row more than `limit` is asked for, to know whether there is a next page.
 */
export const listInvoices = async (
  tx: TenantTransaction,
  filter: InvoiceFilter,
  { before, limit }: { before?: string | undefined; limit: number },
): Promise<{ invoices: InvoiceRecord[]; hasMore: boolean }> => {
  const found = await tx.db.$queryRaw<{ id: string }[]>`
    SELECT id FROM invoice
    WHERE ${Prisma.join(conditions(filter, before), ' AND ')}
    ORDER BY id DESC LIMIT ${limit + 1}`;
  const ids = found.slice(0, limit).map(({ id }) => id);
  const invoices = await tx.db.invoice.findMany({
    where: { id: { in: ids } },
    include: withDocuments,
    orderBy: { id: 'desc' },
  });
  return { invoices, hasMore: found.length > limit };
};

/** What rows of `invoice` must fulfil, of the tenant whose transaction it is. */
export const conditions = (filter: InvoiceFilter, before?: string): Prisma.Sql[] => {
  const found = [Prisma.sql`tenant_id = app_tenant()`];
  const add = (value: unknown, condition: Prisma.Sql) => value !== undefined && found.push(condition);
  add(before, Prisma.sql`id < ${before}::uuid`);
  add(filter.status, Prisma.sql`status = ${filter.status}::invoice_status`);
  add(filter.typeCode, Prisma.sql`type_code = ${filter.typeCode}`);
  add(filter.number, Prisma.sql`number = ${filter.number}`);
  add(filter.externalId, Prisma.sql`external_id = ${filter.externalId}`);
  add(filter.buyer, Prisma.sql`buyer_name LIKE ${`${escapeLike(filter.buyer ?? '')}%`}`);
  add(filter.issuedFrom, Prisma.sql`issue_date >= ${filter.issuedFrom}::date`);
  add(filter.issuedTo, Prisma.sql`issue_date <= ${filter.issuedTo}::date`);
  add(filter.metadata, Prisma.sql`metadata @> ${JSON.stringify(filter.metadata)}::jsonb`);
  add(filter.ids, Prisma.sql`id = ANY(${filter.ids}::uuid[])`);
  return found;
};

const escapeLike = (value: string) => value.replaceAll(/[\\%_]/g, String.raw`\$&`);
