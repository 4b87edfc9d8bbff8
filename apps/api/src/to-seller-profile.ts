import type { Logo, SellerProfile } from '@invoicepress/client';
import type { LogoRecord, SellerProfileRecord } from '@invoicepress/database';

/** A profile as the API shows it. What it holds was checked when it came. */
export const toSellerProfile = (record: SellerProfileRecord): SellerProfile => ({
  id: record.id,
  name: record.name,
  isDefault: record.isDefault,
  seller: record.seller as SellerProfile['seller'],
  ...(record.payment !== null && { payment: record.payment as NonNullable<SellerProfile['payment']> }),
  ...(record.paperSize !== null && { paperSize: record.paperSize as NonNullable<SellerProfile['paperSize']> }),
  ...(record.branding !== null && {
    branding: {
      ...(record.branding as NonNullable<SellerProfile['branding']>),
      ...(record.logoSha256 !== null && { logo: record.logoSha256 }),
    },
  }),
  createdAt: record.createdAt.toISOString(),
  updatedAt: record.updatedAt.toISOString(),
});

export const toLogo = (record: LogoRecord): Logo => ({
  sha256: record.sha256,
  mediaType: record.mediaType as Logo['mediaType'],
  width: record.width,
  height: record.height,
  sizeBytes: record.sizeBytes,
  createdAt: record.createdAt.toISOString(),
});
