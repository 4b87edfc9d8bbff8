import type { IssuedInvoice } from '@invoicepress/invoice';
import { constants, deflateRawSync, inflateRawSync } from 'node:zlib';
import { decrypt, encrypt } from './aes-gcm.ts';
import type { Claim } from './leases.ts';
import type { Database } from './open-database.ts';
import { PayloadLocked, type TenantKey } from './payload-keys.ts';
import { withTenant, type TenantTransaction } from './with-tenant.ts';

/**
 * What stands in `invoice_payload.issued` instead of the invoice: the version of its tenant's key, a point, and the rest in
 * base64. In the clear, and where it stands in an invoice, is the country of the seller: it says how long the law wants
 * the invoice kept, also when nobody can open it any more.
 */
export interface SealedPayload {
  sealed: string;
  seller: { address: { country: string } };
}

export const isSealed = (issued: unknown): issued is SealedPayload =>
  typeof issued === 'object' && issued !== null && typeof (issued as Partial<SealedPayload>).sealed === 'string';

/** What is sealed is compressed before: afterwards PostgreSQL cannot, which makes rows five times as large. */
const compression = { level: constants.Z_BEST_SPEED };
/** Bytes of the largest invoice that is opened; several times what API and previews accept. */
const MAX_OPENED_BYTES = 200_000_000;

/** How `jsonb` writes a `SealedPayload`: members by length, then by letters. No invoice has a member of this name. */
const SEALED_TEXT = '{"sealed": ';

const placeOf = (tenantId: string, invoiceId: string, version: number): string =>
  `invoice_payload ${tenantId} ${invoiceId} ${version}`;

/** @param text the invoice as JSON, which it opens to, letter by letter  @param country of the seller */
export const sealPayload = (
  { version, key }: TenantKey,
  { tenantId, invoiceId }: { tenantId: string; invoiceId: string },
  { text, country }: { text: string; country: string },
): SealedPayload => ({
  sealed: `${version}.${encrypt(key, deflateRawSync(text, compression), placeOf(tenantId, invoiceId, version)).toString('base64')}`,
  seller: { address: { country } },
});

/** What seals the invoices of this transaction's tenant; nothing, when they are stored as they are. */
export const sealerFor = async (
  tx: TenantTransaction,
): Promise<((invoiceId: string, issued: IssuedInvoice) => SealedPayload) | undefined> => {
  const key = await tx.payloadKeys.sealing(tx);
  if (!key) return undefined;
  return (invoiceId, issued) =>
    sealPayload(
      key,
      { tenantId: tx.tenantId, invoiceId },
      { text: JSON.stringify(issued), country: issued.seller.address.country },
    );
};

/** A payload as it is stored, or as it was sealed. @throws {PayloadLocked} */
export const openPayload = async (
  tx: TenantTransaction,
  invoiceId: string,
  stored: unknown,
): Promise<IssuedInvoice> => {
  if (!isSealed(stored)) return stored as IssuedInvoice;
  const version = versionOf(stored);
  const key = await tx.payloadKeys.opening(tx, version);
  return JSON.parse(openSealed({ version, key }, { tenantId: tx.tenantId, invoiceId }, stored)) as IssuedInvoice;
};

/** The same; null when its key was destroyed. */
export const openPayloadIfLeft = (
  tx: TenantTransaction,
  invoiceId: string,
  stored: unknown,
): Promise<IssuedInvoice | null> =>
  openPayload(tx, invoiceId, stored).catch((error: unknown) => {
    if (error instanceof PayloadLocked && error.why === 'destroyed') return null;
    throw error;
  });

/** For workers: a claim whose invoice is in the clear. Once in a while it asks the database for the key. @throws {PayloadLocked} */
export const openClaim = async (database: Database, tenantId: string, claim: Claim): Promise<Claim> => {
  if (!claim.issued.startsWith(SEALED_TEXT)) return claim;
  const stored = JSON.parse(claim.issued) as SealedPayload;
  const version = versionOf(stored);
  const key =
    database.payloadKeys.known(tenantId, version) ??
    (await withTenant(database, tenantId, (tx) => tx.payloadKeys.opening(tx, version)));
  return { ...claim, issued: openSealed({ version, key }, { tenantId, invoiceId: claim.invoiceId }, stored) };
};

const versionOf = ({ sealed }: SealedPayload): number => Number(/^(\d{1,9})\./.exec(sealed)?.[1] ?? 0);

const openSealed = (
  { version, key }: TenantKey,
  { tenantId, invoiceId }: { tenantId: string; invoiceId: string },
  { sealed }: SealedPayload,
): string => {
  try {
    const bytes = Buffer.from(sealed.slice(sealed.indexOf('.') + 1), 'base64');
    const compressed = decrypt(key, bytes, placeOf(tenantId, invoiceId, version));
    return inflateRawSync(compressed, { maxOutputLength: MAX_OPENED_BYTES }).toString('utf8');
  } catch (cause) {
    const message = `the payload of invoice ${invoiceId} does not open: it was changed, or sealed for another invoice; restore the row from a backup`;
    throw new PayloadLocked('broken', message, { cause });
  }
};
