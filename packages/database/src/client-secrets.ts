import { v7 as uuidv7 } from 'uuid';
import { operatorAct, recordAudit } from './audit.ts';
import type { Database } from './open-database.ts';
import { withTenant, type TenantTransaction } from './with-tenant.ts';

/** Secrets of a client that are good at the same time: the one it has, and the one that takes its place. */
export const MAX_SECRETS = 2;

export interface SignInRecord {
  clientId: string;
  tenantId: string;
  scopes: string[];
  /** Those that are neither expired nor revoked, at most `MAX_SECRETS`. */
  secrets: { id: string; hash: Uint8Array }[];
}

/** The client of this id, unless it or all of its secrets were revoked; null when there is none. */
export const findClientForSignIn = async (database: Database, clientId: string): Promise<SignInRecord | null> => {
  const rows = await database.statements.$queryRaw<
    { tenant_id: string; scopes: string[]; secret_id: string; secret_hash: Uint8Array }[]
  >`SELECT * FROM client_that_signs_in(${clientId}::uuid)`;
  const [first] = rows;
  return first
    ? {
        clientId,
        tenantId: first.tenant_id,
        scopes: first.scopes,
        secrets: rows.map((row) => ({ id: row.secret_id, hash: row.secret_hash })),
      }
    : null;
};

export interface SecretRecord {
  id: string;
  createdAt: Date;
  expiresAt: Date | null;
  revokedAt: Date | null;
}

type ClientOf = { tenantId: string; clientId: string };

/** Part of creating a client, and of giving it another secret. @returns the secret's id */
export const addSecret = async (
  { db, tenantId }: TenantTransaction,
  { clientId, secretHash }: { clientId: string; secretHash: Uint8Array },
): Promise<string> => {
  const id = uuidv7();
  await db.clientSecret.create({ data: { id, tenantId, clientId, secretHash: Uint8Array.from(secretHash) } });
  return id;
};

/**
 * Administration: another secret for the client; the one before it stays good for `graceSeconds`.
 * @returns 'no-client', or 'two-already' when two are good as it is
 */
export const rotateClientSecret = (
  database: Database,
  { tenantId, clientId, secretHash, graceSeconds }: ClientOf & { secretHash: Uint8Array; graceSeconds: number },
): Promise<{ secretId: string; formerExpiresAt: Date | null } | 'no-client' | 'two-already'> =>
  withTenant(database, tenantId, async (tx) => {
    if (!(await lockClient(tx, clientId))) return 'no-client';
    const now = await clockOf(tx);
    const good = await tx.db.clientSecret.findMany({
      where: { clientId, revokedAt: null, OR: [{ expiresAt: null }, { expiresAt: { gt: now } }] },
    });
    if (good.length >= MAX_SECRETS) return 'two-already';
    const formerExpiresAt = good.length > 0 ? new Date(now.getTime() + graceSeconds * 1_000) : null;
    await tx.db.clientSecret.updateMany({
      where: { id: { in: good.map(({ id }) => id) } },
      data: { expiresAt: formerExpiresAt },
    });
    const secretId = await addSecret(tx, { clientId, secretHash });
    const after = { secretId, formerExpiresAt: formerExpiresAt?.toISOString() };
    await recordAudit(tx, operatorAct('admin rotate-client-secret'), { touched: [clientId, secretId], after });
    return { secretId, formerExpiresAt };
  });

/** Administration: at once, the secret and the tokens that it gave are good for nothing. @returns false when there is none */
export const revokeClientSecret = (
  database: Database,
  { tenantId, clientId, secretId }: ClientOf & { secretId: string },
): Promise<boolean> =>
  withTenant(database, tenantId, async (tx) => {
    if (!(await lockClient(tx, clientId))) return false;
    const revokedAt = await clockOf(tx);
    const { count } = await tx.db.clientSecret.updateMany({
      where: { id: secretId, clientId, revokedAt: null },
      data: { revokedAt },
    });
    const trace = { touched: [clientId, secretId], after: { revokedAt: revokedAt.toISOString() } };
    if (count === 1) await recordAudit(tx, operatorAct('admin revoke-client-secret'), trace);
    return count === 1;
  });

/** Administration: what is known of a client's secrets, newest first; null when there is no such client. */
export const listClientSecrets = (
  database: Database,
  { tenantId, clientId }: ClientOf,
): Promise<SecretRecord[] | null> =>
  withTenant(database, tenantId, async ({ db }) => {
    if ((await db.apiClient.count({ where: { id: clientId } })) === 0) return null;
    return db.clientSecret.findMany({
      where: { clientId },
      select: { id: true, createdAt: true, expiresAt: true, revokedAt: true },
      orderBy: { id: 'desc' },
      take: 50,
    });
  });

/** One rotation after the other; the column of the release before is emptied, so that it revives nothing. */
const lockClient = async ({ db }: TenantTransaction, clientId: string): Promise<boolean> => {
  const { count } = await db.apiClient.updateMany({
    where: { id: clientId, revokedAt: null },
    data: { secretHash: null },
  });
  return count === 1;
};

const clockOf = async ({ db }: TenantTransaction): Promise<Date> => {
  const [row] = await db.$queryRaw<{ now: Date }[]>`SELECT now()`;
  if (!row) throw new Error('the database has no clock');
  return row.now;
};

/** Ids of clients and secrets that were revoked in the last two hours, longer than any token lasts. */
export const listRevocations = async ({ statements }: Database): Promise<string[]> =>
  (
    await statements.$queryRaw<{ id: string }[]>`
      SELECT id FROM revocation WHERE revoked_at > now() - interval '2 hours'`
  ).map(({ id }) => id);
