import { listTenants, rewrapKeys, sealPayloads, type Database, type PayloadSettings } from '@invoicepress/database';
import { tenantOf } from './administration.ts';

/** Seals what was stored in the clear, of one tenant or of all. @param say hears how far it has come */
export const sealAll = async (
  database: Database,
  slug: string | undefined,
  say: (line: string) => void,
): Promise<{ sealed: number }> => {
  let sealed = 0;
  for (const tenant of await tenantsOf(database, slug))
    sealed += await sealPayloads(database, tenant.id, (far) => say(`${tenant.slug}: ${far} payloads so far …`));
  return { sealed };
};

/** Wraps the keys of one tenant or of all with the first master key. */
export const rewrapAll = async (
  database: Database,
  slug: string | undefined,
  { PAYLOAD_MASTER_KEYS: masterKeys }: PayloadSettings,
): Promise<{ rewrapped: number }> => {
  let rewrapped = 0;
  for (const { id } of await tenantsOf(database, slug)) rewrapped += await rewrapKeys(database, id, masterKeys);
  return { rewrapped };
};

const tenantsOf = async (database: Database, slug: string | undefined) =>
  slug === undefined ? listTenants(database) : [{ id: await tenantOf(database, slug), slug }];
