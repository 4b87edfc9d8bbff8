import type { Format } from '@invoicepress/invoice';
import { v7 as uuidv7 } from 'uuid';
import { Prisma, type DocumentExport, type DocumentExportPart } from './generated/client.ts';
import { conditions, type InvoiceFilter } from './list-invoices.ts';
import type { TenantTransaction } from './with-tenant.ts';

export const exportStatuses = ['queued', 'running', 'ready', 'failed', 'canceled', 'expired'] as const;
export type ExportStatus = (typeof exportStatuses)[number];

/** Which documents: of ready invoices that match, in these formats or in all that there are. */
export interface ExportFilter extends Omit<InvoiceFilter, 'status'> {
  formats?: Format[] | undefined;
}

/** An export with the parts that are finished, in their order. */
export type ExportRecord = DocumentExport & { parts: DocumentExportPart[] };

/** Bounds of one export and of one tenant. */
export const MAX_EXPORT_DOCUMENTS = 50_000;
export const MAX_OPEN_EXPORTS = 3;

const withParts = { parts: { orderBy: { number: 'asc' } } } as const satisfies Prisma.DocumentExportInclude;

/** Invoices that were ready when the export was created: they never change, so neither does what it has to contain. */
export const documentsOf = ({ formats, ...filter }: ExportFilter, readyUntil: Date | null): Prisma.Sql => Prisma.sql`
  (SELECT * FROM invoice WHERE ${Prisma.join(conditions(filter), ' AND ')} AND status = 'ready'
    ${readyUntil ? Prisma.sql`AND ready_at <= ${readyUntil}` : Prisma.empty}) invoice
  JOIN document ON document.tenant_id = invoice.tenant_id AND document.invoice_id = invoice.id
    ${formats ? Prisma.sql`AND document.format = ANY(${formats})` : Prisma.empty}`;

export type ExportRefusal = { refused: 'documents' | 'exports' };

/** Creates an export as `queued`; a worker's pump finds it. @returns why there may be no such export */
export const createExport = async (
  tx: TenantTransaction,
  { clientId, filter }: { clientId: string; filter: ExportFilter },
): Promise<{ created: ExportRecord } | ExportRefusal> => {
  // One at a time, or two could both find room for one more.
  await tx.db.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`export ${tx.tenantId}`}, 0))`;
  const open = await tx.db.documentExport.count({ where: { status: { in: ['queued', 'running'] } } });
  if (open >= MAX_OPEN_EXPORTS) return { refused: 'exports' };
  const [found] = await tx.db.$queryRaw<{ count: number }[]>`
    SELECT count(*)::integer AS count FROM
      (SELECT 1 FROM ${documentsOf(filter, null)} LIMIT ${MAX_EXPORT_DOCUMENTS + 1}) documents`;
  const documentsTotal = found?.count ?? 0;
  if (documentsTotal > MAX_EXPORT_DOCUMENTS) return { refused: 'documents' };
  const id = uuidv7();
  await tx.db.$executeRaw`
    INSERT INTO document_export (id, tenant_id, client_id, filter, documents_total)
    VALUES (${id}::uuid, app_tenant(), ${clientId}::uuid, ${JSON.stringify(filter)}::jsonb, ${documentsTotal})`;
  const created = await findExport(tx, id);
  if (!created) throw new Error('an export was neither created nor refused');
  return { created };
};

export const findExport = (tx: TenantTransaction, id: string): Promise<ExportRecord | null> =>
  tx.db.documentExport.findUnique({ where: { id }, include: withParts });

/** One page, newest first, of exports older than `before`. */
export const listExports = async (
  tx: TenantTransaction,
  { before, limit }: { before?: string | undefined; limit: number },
): Promise<{ exports: ExportRecord[]; hasMore: boolean }> => {
  const found = await tx.db.documentExport.findMany({
    where: { tenantId: tx.tenantId, ...(before && { id: { lt: before } }) },
    orderBy: { id: 'desc' },
    take: limit + 1,
    include: withParts,
  });
  return { exports: found.slice(0, limit), hasMore: found.length > limit };
};

/** Ends an export that is not finished; whoever works on it can write nothing more. @returns null when there is none */
export const cancelExport = async (
  tx: TenantTransaction,
  id: string,
): Promise<{ canceled: ExportRecord } | { refused: ExportRecord } | null> => {
  const { count } = await tx.db.documentExport.updateMany({
    where: { id, status: { in: ['queued', 'running'] } },
    data: { status: 'canceled', leaseEpoch: { increment: 1 }, finishedAt: new Date() },
  });
  const found = await findExport(tx, id);
  if (!found) return null;
  return count === 1 ? { canceled: found } : { refused: found };
};
