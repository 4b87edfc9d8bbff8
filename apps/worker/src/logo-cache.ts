import { inOneStatement, loadLogo, type Database } from '@invoicepress/database';
import type { Assets } from '@invoicepress/renderers';

/** A logo has half a megabyte at most: this many take 16 MB. */
const MAX_KEPT = 32;

/** The bytes of the logo that an invoice names; nothing when it names none. */
export type LoadAssets = (tenantId: string, logoSha256: string | null) => Promise<Assets | undefined>;

/**
 * Keeps the logos that were used last, by tenant and hash: what belongs to one tenant is never looked up for another.
 * Their bytes never change, so what is kept is never stale.
 */
export const createLogoCache = (database: Database): LoadAssets => {
  const kept = new Map<string, Uint8Array>();
  return async (tenantId, sha256) => {
    if (sha256 === null) return undefined;
    const key = `${tenantId} ${sha256}`;
    const bytes = kept.get(key) ?? (await loadLogo(inOneStatement(database, tenantId), sha256));
    kept.delete(key); // to the end, as the one used last
    kept.set(key, bytes);
    if (kept.size > MAX_KEPT) kept.delete(kept.keys().next().value ?? '');
    return { [sha256]: bytes };
  };
};
