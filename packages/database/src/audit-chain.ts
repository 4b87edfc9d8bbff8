import type { AuditRecord } from './audit.ts';
import { auditDigest } from './audit.ts';
import type { Database } from './open-database.ts';
import type { Prisma } from './generated/client.ts';
import { transactionBounds, withTenant } from './with-tenant.ts';

/** What the first entry of a chain follows. */
export const CHAIN_START = '0'.repeat(64);

/** Raised with every change of what the hash is made of. */
const VERSION = 1;

/** A place in a tenant's chain: what an auditor keeps, to find later that nothing before it was changed or cut off. */
export interface ChainHead {
  position: number;
  hash: string;
}

/** The hash of an entry at its place: of its canonical JSON, with the hash of the entry before it. */
export const hashEntry = (entry: AuditRecord, { position, previousHash }: { position: number; previousHash: string }) =>
  auditDigest({
    version: VERSION,
    tenantId: entry.tenantId,
    position,
    previousHash,
    id: entry.id,
    at: entry.createdAt.toISOString(),
    action: entry.action,
    clientId: entry.clientId,
    tokenId: entry.tokenId,
    operator: entry.operator,
    address: entry.address,
    requestId: entry.requestId,
    touched: entry.touched,
    requestDigest: entry.requestDigest,
    beforeDigest: entry.beforeDigest,
    afterDigest: entry.afterDigest,
  });

/**
 * Gives up to `batch` entries of all tenants their places at the ends of their chains. What is placed was committed
 * before, so no entry ever comes between two that are chained. While another caller is at it, there is nothing to do.
 * Needs the sweeper's role.
 * @returns how many were chained, and how long the oldest of them had waited, in milliseconds
 */
export const chainAudit = (database: Database, batch: number): Promise<{ chained: number; waitedMs: number }> =>
  database.prisma.$transaction(async (db) => {
    const [lock] = await db.$queryRaw<[{ taken: boolean }]>`
      SELECT pg_try_advisory_xact_lock(hashtextextended('invoicepress: chain_audit', 0)) AS taken`;
    if (!lock.taken) return { chained: 0, waitedMs: 0 };
    const fresh = await db.auditEntry.findMany({ where: { position: null }, orderBy: { seq: 'asc' }, take: batch });
    const [first] = fresh;
    if (!first) return { chained: 0, waitedMs: 0 };
    const heads = await headsOf(db, [...new Set(fresh.map(({ tenantId }) => tenantId))]);
    const links = fresh.map((entry) => {
      const { position: last, hash: previousHash } = heads.get(entry.tenantId) ?? { position: 0, hash: CHAIN_START };
      const position = last + 1;
      const hash = hashEntry(entry, { position, previousHash });
      heads.set(entry.tenantId, { position, hash });
      return { tenant_id: entry.tenantId, id: entry.id, position, previous_hash: previousHash, hash };
    });
    const [{ waited }] = await db.$queryRaw<[{ waited: number }]>`
      WITH link AS (
        SELECT * FROM jsonb_to_recordset(${JSON.stringify(links)}::jsonb) AS link (
          tenant_id uuid, id uuid, position bigint, previous_hash text, hash text)
      ), chained AS (
        UPDATE audit_entry SET position = link.position, previous_hash = link.previous_hash, hash = link.hash
        FROM link WHERE audit_entry.tenant_id = link.tenant_id AND audit_entry.id = link.id
      )
      SELECT extract(epoch FROM clock_timestamp() - ${first.createdAt}::timestamptz)::float8 AS waited`;
    return { chained: links.length, waitedMs: Math.max(0, waited * 1_000) };
  }, transactionBounds);

const headsOf = async (db: Prisma.TransactionClient, tenantIds: string[]): Promise<Map<string, ChainHead>> => {
  const rows = await db.$queryRaw<{ tenant_id: string; position: bigint; hash: string }[]>`
    SELECT tenant.id AS tenant_id, head.position, head.hash
    FROM unnest(${tenantIds}::uuid[]) AS tenant (id), LATERAL (
      SELECT position, hash FROM audit_entry
      WHERE tenant_id = tenant.id AND position IS NOT NULL ORDER BY position DESC LIMIT 1
    ) head`;
  return new Map(rows.map(({ tenant_id, position, hash }) => [tenant_id, { position: Number(position), hash }]));
};

/** The end of a tenant's chain; null while it has none. */
export const chainHead = (database: Database, tenantId: string): Promise<ChainHead | null> =>
  withTenant(database, tenantId, async ({ db }) => (await headsOf(db, [tenantId])).get(tenantId) ?? null);

export interface Unchained {
  count: number;
  /** When the oldest of them was written. */
  since?: Date;
}

/** Entries that the chain has not closed over yet. */
export const unchainedEntries = (database: Database, tenantId: string): Promise<Unchained> =>
  withTenant(database, tenantId, async (tx) => {
    const { _count, _min } = await tx.db.auditEntry.aggregate({
      where: { tenantId, position: null },
      _count: true,
      _min: { createdAt: true },
    });
    return { count: _count, ...(_min.createdAt && { since: _min.createdAt }) };
  });

/** The entries of a chain after a position, in order. */
export const readChain = (
  database: Database,
  tenantId: string,
  { after, limit }: { after: number; limit: number },
): Promise<AuditRecord[]> =>
  withTenant(database, tenantId, (tx) =>
    tx.db.auditEntry.findMany({
      where: { tenantId, position: { gt: after } },
      orderBy: { position: 'asc' },
      take: limit,
    }),
  );
