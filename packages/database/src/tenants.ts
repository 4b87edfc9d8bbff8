import type { Format, Profile, SellerProfile } from '@invoicepress/invoice';
import { v7 as uuidv7 } from 'uuid';
import { operatorAct, recordAudit } from './audit.ts';
import type { Database } from './open-database.ts';
import { addSecret } from './client-secrets.ts';
import { Prisma } from './generated/client.ts';
import { submissionTerms, type QuotaQuestion, type QuotaUsage } from './quotas.ts';
import { pinnedTemplates, type PinnedTemplates } from './templates.ts';
import { withTenant, type TenantStatement } from './with-tenant.ts';

/** Administration (the migrator's role): creates a tenant, or finds the one of this slug. */
export const ensureTenant = async (
  database: Database,
  { slug, name }: { slug: string; name: string },
): Promise<string> => {
  const id = uuidv7();
  const created = await withTenant(database, id, async (tx) => {
    const count = await tx.db
      .$executeRaw`INSERT INTO tenant (id, slug, name) VALUES (${id}::uuid, ${slug}, ${name}) ON CONFLICT (slug) DO NOTHING`;
    if (count === 1)
      await recordAudit(tx, operatorAct('admin create-tenant'), { touched: [id], after: { slug, name } });
    return count;
  });
  if (created === 1) return id;
  const existing = await findTenant(database, slug);
  if (!existing) throw new Error(`tenant ${slug} was neither created nor found; does this role own the tables?`);
  return existing;
};

export const findTenant = async (database: Database, slug: string): Promise<string | null> =>
  (await database.prisma.tenant.findUnique({ where: { slug }, select: { id: true } }))?.id ?? null;

/** Administration and audit: all tenants, by slug. */
export const listTenants = (database: Database): Promise<{ id: string; slug: string }[]> =>
  database.prisma.tenant.findMany({ select: { id: true, slug: true }, orderBy: { slug: 'asc' } });

/** What an invoice is turned into, and whose rules it keeps, when its submission does not say. */
export interface SubmissionDefaults {
  formats: Format[];
  profiles: Profile[];
}

/** The seller profiles that submissions refer to, by name or by naming none. */
export interface SellersWanted {
  names: string[];
  withDefault: boolean;
}

/** What submissions refer to by name, so that one round trip answers for all of it. */
export interface SubmissionsNamed {
  /** Nothing where each says itself who sells. */
  sellers?: SellersWanted | undefined;
  templates?: readonly string[];
  /** Asks for the quotas too, which is for submissions that are to be accepted. */
  quota?: QuotaQuestion;
}

type FoundDefaults = SubmissionDefaults & {
  sellers?: SellerProfile[];
  templates: PinnedTemplates;
  /** If it was asked for; null where there is no limit. */
  quota?: QuotaUsage | null;
};

export const submissionDefaults = async (
  { tenantId, db }: TenantStatement,
  { sellers, templates = [], quota }: SubmissionsNamed = {},
): Promise<FoundDefaults> => {
  const profiles = sellers
    ? Prisma.sql`, seller_profiles_named(${tenantId}::uuid, ${sellers.names}::text[], ${sellers.withDefault}::boolean) AS sellers`
    : Prisma.empty;
  const terms = quota ? submissionTerms({ tenantId, db }, quota) : Prisma.sql`submission_defaults(${tenantId}::uuid)`;
  const [row] = await db.$queryRaw<FoundDefaults[]>`
    SELECT ${quota ? Prisma.sql`quota,` : Prisma.empty} formats, profiles, ${pinnedTemplates({ tenantId, db }, templates)} AS templates ${profiles}
    FROM ${terms}`;
  if (!row) throw new Error(`there is no tenant ${tenantId}`);
  return row;
};

/** Administration: from the next submission on; an invoice that was accepted keeps what was frozen in it. */
export const setSubmissionDefaults = async (
  database: Database,
  tenantId: string,
  { formats, profiles }: Partial<SubmissionDefaults>,
): Promise<SubmissionDefaults> =>
  withTenant(database, tenantId, async (tx) => {
    const select = { defaultFormats: true, defaultProfiles: true };
    const before = await tx.db.tenant.findUniqueOrThrow({ where: { id: tenantId }, select });
    const after = await tx.db.tenant.update({
      where: { id: tenantId },
      data: { ...(formats && { defaultFormats: formats }), ...(profiles && { defaultProfiles: profiles }) },
      select,
    });
    if (formats || profiles)
      await recordAudit(tx, operatorAct('admin set-tenant'), { touched: [tenantId], before, after });
    return { formats: after.defaultFormats as Format[], profiles: after.defaultProfiles as Profile[] };
  });

/** Administration: creates a client; its secret is known to the caller alone. @returns null when the tenant has one of this name */
export const createClient = async (
  database: Database,
  { tenantId, name, secretHash, scopes }: { tenantId: string; name: string; secretHash: Uint8Array; scopes: string[] },
): Promise<string | null> => {
  const id = uuidv7();
  return withTenant(database, tenantId, async (tx) => {
    const { count } = await tx.db.apiClient.createMany({
      data: [{ id, tenantId, name, scopes }],
      skipDuplicates: true,
    });
    if (count === 0) return null;
    await addSecret(tx, { clientId: id, secretHash });
    await recordAudit(tx, operatorAct('admin create-client'), { touched: [id], after: { name, scopes } });
    return id;
  });
};

/** Administration: the client gets no more tokens, and those it has are refused from then on. @returns false when there is none */
export const revokeClient = async (
  database: Database,
  { tenantId, clientId }: { tenantId: string; clientId: string },
): Promise<boolean> => {
  return withTenant(database, tenantId, async (tx) => {
    const revokedAt = new Date();
    const { count } = await tx.db.apiClient.updateMany({
      where: { id: clientId, revokedAt: null },
      data: { revokedAt },
    });
    if (count === 1)
      await recordAudit(tx, operatorAct('admin revoke-client'), {
        touched: [clientId],
        after: { revokedAt: revokedAt.toISOString() },
      });
    return count === 1;
  });
};
