import { operatorAct, recordAudit } from './audit.ts';
import type { Database } from './open-database.ts';
import { Prisma } from './generated/client.ts';
import { withTenant, type TenantStatement, type TenantTransaction } from './with-tenant.ts';

/** What a tenant may; null: as the API's settings say, 0: without limit. */
export interface QuotaLimits {
  invoicesPerDay: number | null;
  /** Invoices in one batch. */
  batchSize: number | null;
  /** Of all documents together. */
  storageBytes: number | null;
}

/** With what it has used: of the day (UTC) up to now, and of storage up to about a minute ago. */
export interface QuotaUsage extends QuotaLimits {
  invoicesToday: number;
  storedBytes: number;
}

export interface QuotaQuestion {
  now: Date;
  /** Whether the API's settings limit tenants that have no quota of their own. */
  standardLimits: boolean;
  /** What they say of storage, in bytes; it is counted only where it is bounded. */
  standardStorageBytes: number;
}

/** Instead of `submission_defaults` in the statement that reads them; with a quota of null where there is no limit. */
export const submissionTerms = (
  { tenantId }: TenantStatement,
  { now, standardLimits, standardStorageBytes }: QuotaQuestion,
): Prisma.Sql => Prisma.sql`
  submission_terms(${tenantId}::uuid, ${dayOf(now)}::date, ${standardLimits}::boolean, ${standardStorageBytes}::bigint)`;

/** @returns null where there is no limit */
export const readQuota = async (statement: TenantStatement, question: QuotaQuestion): Promise<QuotaUsage | null> => {
  const [row] = await statement.db.$queryRaw<{ quota: QuotaUsage | null }[]>`
    SELECT quota FROM ${submissionTerms(statement, question)}`;
  if (!row) throw new Error(`there is no tenant ${statement.tenantId}`);
  return row.quota;
};

/** The day (UTC) that an invoice counts for. */
export const dayOf = (now: Date): string => now.toISOString().slice(0, 10);

/** What was taken for invoices that were then refused for another reason. */
export const giveBackDailyQuota = async (tx: TenantTransaction, count: number): Promise<void> => {
  await tx.db.$executeRaw`UPDATE tenant_usage SET invoices = invoices - ${count}::int WHERE tenant_id = app_tenant()`;
};

/** Administration: from the next submission on. What is undefined stays as it is. */
export const setQuotas = (
  database: Database,
  tenantId: string,
  quotas: { [Name in keyof QuotaLimits]?: QuotaLimits[Name] | undefined },
): Promise<QuotaLimits> =>
  withTenant(database, tenantId, async (tx) => {
    const given = Object.fromEntries(Object.entries(quotas).filter(([, value]) => value !== undefined));
    const { invoicesPerDay, batchSize, storageBytes } = await tx.db.tenant.update({
      where: { id: tenantId },
      data: given,
    });
    if (Object.keys(given).length > 0)
      await recordAudit(tx, operatorAct('admin set-quota'), { touched: [tenantId], after: given });
    return { invoicesPerDay, batchSize, storageBytes: storageBytes === null ? null : Number(storageBytes) };
  });
