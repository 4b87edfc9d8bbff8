import { v7 as uuidv7 } from 'uuid';
import { errorCodes } from './contention.ts';
import { Prisma, type SellerProfile } from './generated/client.ts';
import type { TenantTransaction } from './with-tenant.ts';

export type SellerProfileRecord = SellerProfile;

/** Profiles of one tenant. */
export const MAX_SELLER_PROFILES = 100;

/** As the contract lets it in; its parts are kept as JSON. */
export interface NewSellerProfile {
  name: string;
  isDefault?: boolean | undefined;
  seller: object;
  payment?: object | null | undefined;
  paperSize?: string | null | undefined;
  /** Its logo by SHA-256. */
  branding?: { logo?: string | undefined } | null | undefined;
}
export type SellerProfileChanges = { [Field in keyof NewSellerProfile]?: NewSellerProfile[Field] | undefined };

/** Why a profile is not what was asked for; the transaction can no longer be committed. */
export class ProfileRefused extends Error {
  override readonly name = 'ProfileRefused';
  readonly reason: 'name' | 'logo' | 'too-many';
  constructor(reason: ProfileRefused['reason']) {
    super(`a seller profile was refused for its ${reason}`);
    this.reason = reason;
  }
}

/** One change at a time per tenant, so that two cannot both be the last or the default. */
const lock = ({ db }: TenantTransaction) =>
  db.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended('seller_profile ' || app_tenant(), 0))::text`;

/** @throws {ProfileRefused} */
export const createSellerProfile = async (
  tx: TenantTransaction,
  profile: NewSellerProfile,
): Promise<SellerProfileRecord> => {
  await lock(tx);
  if ((await tx.db.sellerProfile.count()) >= MAX_SELLER_PROFILES) throw new ProfileRefused('too-many');
  if (profile.isDefault) await unsetDefault(tx);
  const { name, seller } = profile;
  return refusing(
    tx.db.sellerProfile.create({
      data: { ...columnsOf(profile), id: uuidv7(), tenantId: tx.tenantId, name, seller: json(seller) },
    }),
  );
};

/** All of them, by name. */
export const listSellerProfiles = (tx: TenantTransaction): Promise<SellerProfileRecord[]> =>
  tx.db.sellerProfile.findMany({ orderBy: { name: 'asc' }, take: MAX_SELLER_PROFILES });

export const findSellerProfile = (tx: TenantTransaction, id: string): Promise<SellerProfileRecord | null> =>
  tx.db.sellerProfile.findUnique({ where: { id } });

/** What is given replaces what was there; null removes it. @returns null when there is none  @throws {ProfileRefused} */
export const updateSellerProfile = async (
  tx: TenantTransaction,
  id: string,
  changes: SellerProfileChanges,
): Promise<SellerProfileRecord | null> => {
  await lock(tx);
  if (!(await findSellerProfile(tx, id))) return null;
  if (changes.isDefault) await unsetDefault(tx);
  return refusing(
    tx.db.sellerProfile.update({ where: { id }, data: { ...columnsOf(changes), updatedAt: new Date() } }),
  );
};

/** @returns the profile as it was; null when there is none */
export const deleteSellerProfile = async (tx: TenantTransaction, id: string): Promise<SellerProfileRecord | null> => {
  const profile = await findSellerProfile(tx, id);
  const { count } = await tx.db.sellerProfile.deleteMany({ where: { id } });
  return count === 1 ? profile : null;
};

const unsetDefault = (tx: TenantTransaction) =>
  tx.db.sellerProfile.updateMany({ where: { isDefault: true }, data: { isDefault: false, updatedAt: new Date() } });

/** What is not mentioned stays as it is. */
const columnsOf = ({ name, isDefault, seller, payment, paperSize, branding }: SellerProfileChanges) => {
  const { logo, ...look } = branding ?? {};
  return {
    ...(name !== undefined && { name }),
    ...(isDefault !== undefined && { isDefault }),
    ...(seller && { seller: json(seller) }),
    ...(payment !== undefined && { payment: payment ? json(payment) : Prisma.DbNull }),
    ...(paperSize !== undefined && { paperSize }),
    ...(branding !== undefined && { branding: branding ? json(look) : Prisma.DbNull, logoSha256: logo ?? null }),
  };
};

/** What was read from JSON is JSON. */
const json = (value: object) => value as Prisma.JsonObject;

const refusing = async <T>(write: Promise<T>): Promise<T> => {
  try {
    return await write;
  } catch (error) {
    const codes = errorCodes(error);
    if (codes.includes('P2002')) throw new ProfileRefused('name');
    if (codes.includes('P2003')) throw new ProfileRefused('logo');
    throw error;
  }
};
