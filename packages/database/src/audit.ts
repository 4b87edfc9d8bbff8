import { canonicalJson } from '@invoicepress/invoice';
import { createHash } from 'node:crypto';
import { hostname, userInfo } from 'node:os';
import { Prisma, type AuditEntry } from './generated/client.ts';
import type { TenantTransaction } from './with-tenant.ts';

/** Who acts, and from where: one request of a client, or one command of an operator. */
export interface AuditAct {
  /** An operation of the contract, or a command: "submitInvoice", "admin create-client". */
  action: string;
  clientId?: string | undefined;
  tokenId?: string | undefined;
  /** Who ran the command. */
  operator?: string | undefined;
  /** The client's address, as far as the proxies in front may be believed. */
  address?: string | undefined;
  requestId?: string | undefined;
  /** SHA-256 of the request's body as it came, hexadecimal. */
  requestDigest?: string | undefined;
}

/** What an action did. */
export interface AuditTrace {
  /** The ids of what it touched. */
  touched: string[];
  /** What it touched as it was, and as it is now: the entry keeps their digests alone. */
  before?: unknown;
  after?: unknown;
}

/** An entry as it is stored; it has a position and hashes once the chain has closed over it. */
export type AuditRecord = AuditEntry;

/** SHA-256 of a value's canonical JSON (RFC 8785), hexadecimal. Members that are undefined count as absent. */
export const auditDigest = (value: unknown): string =>
  createHash('sha256').update(canonicalJson(value).trimEnd()).digest('hex');

/** Writes the entry of a change; in the transaction that makes it, so that there is none without the other. */
export const recordAudit = async (
  tx: TenantTransaction,
  act: AuditAct,
  { touched, before, after }: AuditTrace,
): Promise<void> => {
  const beforeDigest = before === undefined ? null : auditDigest(before);
  const afterDigest = after === undefined ? null : auditDigest(after);
  await tx.db
    .$executeRaw`${insertEntry} VALUES (${columnsOf(act)}, ${touched}::text[], ${beforeDigest}, ${afterDigest})`;
};

/** For the hot path: the entry as a part of the statement that stores invoices, if it `accepted` any. */
export const acceptanceEntry = (act: AuditAct, alsoTouched: readonly string[] = []): Prisma.Sql => Prisma.sql`
    , audit AS (
      ${insertEntry}
      SELECT ${columnsOf(act)}, array_agg(id::text ORDER BY id) || ${[...alsoTouched]}::text[], NULL, NULL
      FROM accepted HAVING count(*) > 0
    )`;

const insertEntry = Prisma.sql`
  INSERT INTO audit_entry (tenant_id, action, client_id, token_id, operator, address, request_id, request_digest,
    touched, before_digest, after_digest)`;

const columnsOf = (act: AuditAct): Prisma.Sql =>
  Prisma.sql`app_tenant(), ${act.action}, ${act.clientId ?? null}::uuid, ${act.tokenId ?? null}, ${act.operator ?? null},
    ${act.address ?? null}, ${act.requestId ?? null}, ${act.requestDigest ?? null}`;

/** The act of whoever runs this process: a person at a terminal, or a scheduled command. @param command "admin create-client" */
export const operatorAct = (command: string): AuditAct => ({ action: command, operator: operatorName() });

const operatorName = (): string => {
  try {
    return `${userInfo().username}@${hostname()}`;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}@${hostname()}`; // a container's user may have no name
  }
};

export interface AuditFilter {
  from?: Date | undefined;
  /** Exclusive. */
  until?: Date | undefined;
  action?: string | undefined;
  clientId?: string | undefined;
  touched?: string | undefined;
}

/** Between the making of an id and of its time; so ids, which are indexed, bound what a time asks for. */
const ID_MARGIN_MS = 1_000;

/** The least UUIDv7 (RFC 9562, 5.7) of a moment. */
const idAt = (time: Date, shiftMs: number): string => {
  const hex = Math.max(0, time.getTime() + shiftMs)
    .toString(16)
    .padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7000-8000-000000000000`;
};

/** Entries of a tenant, newest first. What is rare is found sooner within times. */
export const listAudit = async (
  tx: TenantTransaction,
  { from, until, action, clientId, touched }: AuditFilter,
  { before, limit }: { before?: string | undefined; limit: number },
): Promise<{ entries: AuditRecord[]; hasMore: boolean }> => {
  const found = await tx.db.auditEntry.findMany({
    where: {
      tenantId: tx.tenantId,
      AND: [
        ...(before ? [{ id: { lt: before } }] : []),
        ...(from ? [{ createdAt: { gte: from }, id: { gte: idAt(from, -ID_MARGIN_MS) } }] : []),
        ...(until ? [{ createdAt: { lt: until }, id: { lt: idAt(until, ID_MARGIN_MS) } }] : []),
      ],
      ...(action && { action }),
      ...(clientId && { clientId }),
      ...(touched && { touched: { has: touched } }),
    },
    orderBy: { id: 'desc' },
    take: limit + 1,
  });
  return { entries: found.slice(0, limit), hasMore: found.length > limit };
};
