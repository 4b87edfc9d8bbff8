import { operatorAct, recordAudit } from './audit.ts';
import type { Database } from './open-database.ts';
import { withTenant } from './with-tenant.ts';

export interface ExternalClientRecord {
  clientId: string;
  tenantId: string;
  /** The tenant's. */
  slug: string;
  scopes: string[];
}

/** The client that is known by this subject of this issuer, unless it was revoked; null when there is none. */
export const findExternalClient = async (
  { statements }: Database,
  { issuer, subject }: { issuer: string; subject: string },
): Promise<ExternalClientRecord | null> => {
  const [row] = await statements.$queryRaw<
    { client_id: string; tenant_id: string; slug: string; scopes: string[] }[]
  >`SELECT * FROM client_of_issuer(${issuer}, ${subject})`;
  return row ? { clientId: row.client_id, tenantId: row.tenant_id, slug: row.slug, scopes: row.scopes } : null;
};

/**
 * Administration: from now on, tokens of this issuer for this subject speak for the client.
 * @returns 'no-client', or 'taken' when the subject stands for a client already
 */
export const linkExternalClient = (
  database: Database,
  { tenantId, clientId, issuer, subject }: { tenantId: string; clientId: string; issuer: string; subject: string },
): Promise<'linked' | 'no-client' | 'taken'> =>
  withTenant(database, tenantId, async (tx) => {
    const { db } = tx;
    if ((await db.apiClient.count({ where: { id: clientId, revokedAt: null } })) === 0) return 'no-client';
    const { count } = await db.externalClient.createMany({
      data: [{ issuer, subject, tenantId, clientId }],
      skipDuplicates: true,
    });
    if (count === 0) return 'taken';
    await recordAudit(tx, operatorAct('admin link-client'), { touched: [clientId], after: { issuer, subject } });
    return 'linked';
  });

/** Administration. @returns false when the subject does not stand for a client of this tenant */
export const unlinkExternalClient = (
  database: Database,
  { tenantId, issuer, subject }: { tenantId: string; issuer: string; subject: string },
): Promise<boolean> =>
  withTenant(database, tenantId, async (tx) => {
    const [removed] = await tx.db.externalClient.findMany({ where: { issuer, subject } });
    if (!removed) return false;
    await tx.db.externalClient.deleteMany({ where: { issuer, subject } });
    const trace = { touched: [removed.clientId], before: { issuer, subject } };
    await recordAudit(tx, operatorAct('admin unlink-client'), trace);
    return true;
  });
