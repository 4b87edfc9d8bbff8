import type { Prisma } from './generated/client.ts';
import type { Database, Statements } from './open-database.ts';
import type { PayloadKeys } from './payload-keys.ts';

/** A transaction that sees one tenant's rows. Only `withTenant` makes one, and every verb asks for it. */
export interface TenantTransaction {
  readonly tenantId: string;
  readonly db: Prisma.TransactionClient;
  readonly payloadKeys: PayloadKeys;
}

/**
 * For the verbs that are one statement and name their tenant in it (`claim_invoices`, `complete_invoices`,
 * `submission_defaults`): the statement is a transaction of its own, and a round trip instead of four. A
 * TenantTransaction will do as well.
 */
export interface TenantStatement {
  readonly tenantId: string;
  readonly db: Statements;
}

export const inOneStatement = ({ statements }: Database, tenantId: string): TenantStatement => ({
  tenantId,
  db: statements,
});

/** Bounds of an interactive transaction, in milliseconds. A batch of 1,000 takes well under a second. */
export const transactionBounds = { maxWait: 5_000, timeout: 15_000 } as const;

/**
 * Runs `work` in a transaction in which row-level security shows and accepts the rows of this tenant alone.
 * The setting is local to the transaction: it cannot leak to the pool's next borrower.
 */
export const withTenant = <T>(
  database: Database,
  tenantId: string,
  work: (tx: TenantTransaction) => Promise<T>,
): Promise<T> =>
  database.prisma.$transaction(async (db) => {
    await db.$executeRaw`SELECT set_config('app.tenant_id', ${tenantId}, true)`;
    return work({ tenantId, db, payloadKeys: database.payloadKeys });
  }, transactionBounds);
