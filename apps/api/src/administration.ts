import { scopes as allScopes, uuid } from '@invoicepress/client';
import {
  createClient,
  ensureTenant,
  findTenant,
  revokeClient,
  setCreditNoteSeries,
  setQuotas,
  setSubmissionDefaults,
  type Database,
  type QuotaLimits,
} from '@invoicepress/database';
import { formats as allFormats, profiles as allProfiles, type Format, type Profile } from '@invoicepress/invoice';
import { MAX_BATCH_SIZE, MAX_INVOICES_PER_DAY, MAX_STORAGE_MB } from './config.ts';
import { createClientSecret } from './auth/client-secret.ts';

/** A name that stands on one line of a list. */
const isName = (value: string): boolean => /^[\p{L}\p{N}][\p{L}\p{N} .,&'()_-]{0,99}$/u.test(value);

/** Creates a tenant, or finds the one of this slug. @throws with the remedy when slug or name are unfit */
export const addTenant = async (
  database: Database,
  { slug, name }: { slug: string; name: string },
): Promise<{ tenantId: string; slug: string }> => {
  if (!/^[a-z0-9][a-z0-9-]{0,59}$/.test(slug))
    throw new Error(`the slug "${slug}" is unfit; use up to 60 lower-case letters, digits and "-"`);
  if (!isName(name)) throw new Error('the name is unfit; use up to 100 letters, digits, spaces and punctuation');
  return { tenantId: await ensureTenant(database, { slug, name }), slug };
};

/** Sets what invoices are turned into, whose rules they keep and who numbers credit notes, when they do not say. @throws with the remedy */
export const setTenant = async (
  database: Database,
  { slug, formats, profiles, creditNoteSeries }: TenantSettings,
): Promise<{ slug: string; formats: Format[]; profiles: Profile[]; creditNoteSeries?: string }> => {
  const defaults = {
    ...(formats && { formats: namesOf('format', formats, allFormats) }),
    ...(profiles && { profiles: namesOf('profile', profiles, allProfiles) }),
  };
  const tenantId = await tenantOf(database, slug);
  if (creditNoteSeries !== undefined && !(await setCreditNoteSeries(database, tenantId, creditNoteSeries)))
    throw new Error(`${slug} has no number series "${creditNoteSeries}"; define it with POST /v1/number-series`);
  return {
    slug,
    ...(await setSubmissionDefaults(database, tenantId, defaults)),
    ...(creditNoteSeries !== undefined && { creditNoteSeries }),
  };
};

/** Sets what a tenant may: a number, `unlimited`, or `standard` for what the API's settings say. @throws with the remedy */
export const limitTenant = async (
  database: Database,
  { slug, invoicesPerDay, batchSize, storageMb }: Record<'slug', string> & QuotaTexts,
): Promise<{ slug: string } & QuotaLimits> => {
  const storage = readQuotaLimit('storage-mb', storageMb, MAX_STORAGE_MB);
  const quotas = {
    invoicesPerDay: readQuotaLimit('invoices-per-day', invoicesPerDay, MAX_INVOICES_PER_DAY),
    batchSize: readQuotaLimit('batch-size', batchSize, MAX_BATCH_SIZE),
    storageBytes: storage && storage * 1_000_000,
  };
  return { slug, ...(await setQuotas(database, await tenantOf(database, slug), quotas)) };
};

type QuotaTexts = Record<'invoicesPerDay' | 'batchSize' | 'storageMb', string | undefined>;

const readQuotaLimit = (name: string, text: string | undefined, max: number): number | null | undefined => {
  if (text === undefined) return undefined;
  if (text === 'standard') return null;
  if (text === 'unlimited') return 0;
  if (!/^[1-9]\d{0,9}$/.test(text) || Number(text) > max)
    throw new Error(`--${name} is a number from 1 to ${max}, unlimited, or standard`);
  return Number(text);
};

interface TenantSettings {
  slug: string;
  formats?: string[] | undefined;
  profiles?: string[] | undefined;
  creditNoteSeries?: string | undefined;
}

const namesOf = <T extends string>(what: string, given: string[], known: readonly T[]): T[] =>
  [...new Set(given)].map((name) => {
    const found = known.find((each) => each === name);
    if (found === undefined) throw new Error(`there is no ${what} "${name}"; there are ${known.join(', ')}`);
    return found;
  });

/** Creates a client with a fresh secret, which is known to the caller alone. @throws with the remedy */
export const addClient = async (
  database: Database,
  {
    tenant,
    name,
    scopes = allScopes.filter((scope) => scope !== 'operator'),
  }: { tenant: string; name: string; scopes?: string[] | undefined },
): Promise<{ clientId: string; clientSecret: string; scopes: string[] }> => {
  const unknown = scopes.filter((scope) => !allScopes.some((known) => known === scope));
  if (unknown.length > 0) throw new Error(`there is no scope "${unknown[0]}"; there are ${allScopes.join(', ')}`);
  if (!isName(name)) throw new Error('the name is unfit; use up to 100 letters, digits, spaces and punctuation');
  const { secret, hash } = createClientSecret();
  const clientId = await createClient(database, {
    tenantId: await tenantOf(database, tenant),
    name,
    secretHash: hash,
    scopes,
  });
  if (!clientId) throw new Error(`the tenant "${tenant}" has a client named "${name}"; choose another name`);
  return { clientId, clientSecret: secret, scopes };
};

/** From now on the client gets no tokens, and those it has are refused. */
export const revoke = async (
  database: Database,
  { tenant, clientId }: { tenant: string; clientId: string },
): Promise<{ revoked: string }> => {
  if (
    !uuid.safeParse(clientId).success ||
    !(await revokeClient(database, { tenantId: await tenantOf(database, tenant), clientId }))
  ) {
    throw new Error(`the tenant "${tenant}" has no active client ${clientId}`);
  }
  return { revoked: clientId };
};

/** @throws with the remedy when there is none of this slug */
export const tenantOf = async (database: Database, slug: string): Promise<string> => {
  const tenantId = await findTenant(database, slug);
  if (!tenantId)
    throw new Error(
      `there is no tenant "${slug}"; create it with: npm run admin -- create-tenant --slug ${slug} --name …`,
    );
  return tenantId;
};
