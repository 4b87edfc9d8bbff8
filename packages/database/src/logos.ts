import { errorCodes } from './contention.ts';
import type { Logo } from './generated/client.ts';
import type { TenantStatement, TenantTransaction } from './with-tenant.ts';

/** A logo as everybody may see it: its bytes are for the workers. */
export type LogoRecord = Omit<Logo, 'bytes'>;

/** Logos of one tenant. Each is at most half a megabyte. */
export const MAX_LOGOS = 100;

const withoutBytes = { bytes: true } as const;

/** Stores an image by its SHA-256, or finds it stored already. @returns null when the tenant has MAX_LOGOS others */
export const storeLogo = async (
  tx: TenantTransaction,
  { bytes, ...logo }: { sha256: string; mediaType: string; width: number; height: number; bytes: Uint8Array },
): Promise<LogoRecord | null> => {
  // One at a time per tenant, so that two cannot both be the last.
  await tx.db.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended('logo ' || app_tenant(), 0))::text`;
  const found = await findLogo(tx, logo.sha256);
  if (found) return found;
  if ((await tx.db.logo.count()) >= MAX_LOGOS) return null;
  return tx.db.logo.create({
    data: { ...logo, tenantId: tx.tenantId, sizeBytes: bytes.length, bytes: Uint8Array.from(bytes) },
    omit: withoutBytes,
  });
};

/** All of them, oldest first. */
export const listLogos = (tx: TenantTransaction): Promise<LogoRecord[]> =>
  tx.db.logo.findMany({ orderBy: [{ createdAt: 'asc' }, { sha256: 'asc' }], take: MAX_LOGOS, omit: withoutBytes });

const findLogo = ({ tenantId, db }: TenantTransaction, sha256: string): Promise<LogoRecord | null> =>
  db.logo.findUnique({ where: { tenantId_sha256: { tenantId, sha256 } }, omit: withoutBytes });

/** A profile or an accepted invoice refers to it, so it stays. */
export class LogoInUse extends Error {
  override readonly name = 'LogoInUse';
}

/** @returns the logo as it was; null when there is none  @throws {LogoInUse} after which nothing can be committed */
export const deleteLogo = async (tx: TenantTransaction, sha256: string): Promise<LogoRecord | null> => {
  const logo = await findLogo(tx, sha256);
  try {
    await tx.db.logo.deleteMany({ where: { sha256 } });
  } catch (error) {
    if (errorCodes(error).includes('P2003')) throw new LogoInUse(`logo ${sha256} is in use`);
    throw error;
  }
  return logo;
};

/** For a worker, in one round trip. A logo that an accepted invoice names is always there. */
export const loadLogo = async ({ tenantId, db }: TenantStatement, sha256: string): Promise<Uint8Array> => {
  const [row] = await db.$queryRaw<{ bytes: Uint8Array | null }[]>`
    SELECT logo_bytes(${tenantId}::uuid, ${sha256}) AS bytes`;
  if (!row?.bytes) throw new Error(`tenant ${tenantId} has no logo ${sha256}`);
  return row.bytes;
};
