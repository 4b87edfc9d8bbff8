import { CreateSellerProfile, SubmitInvoice, toDraft } from '@invoicepress/client';
import type { Assets } from '@invoicepress/documents';
import { applyProfile, type InvoiceDraft, type SellerProfile } from '@invoicepress/invoice';
import { createHash } from 'node:crypto';
import { brandedSellers } from './branded-sellers.ts';

/** What the API makes of a sample, with its seller's profile if it names one, and the files that its documents need. */
export const draftOf = (submission: SubmitInvoice): { draft: InvoiceDraft; assets: Assets } => {
  const { sellerProfile, ...invoice } = SubmitInvoice.parse(submission);
  const seller = brandedSellers.find(({ profile }) => profile.name === sellerProfile);
  if (!seller) return { draft: toDraft(invoice), assets: {} };
  const { svg, width, height } = seller.logo;
  const bytes = Buffer.from(svg);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const logo = { sha256, mediaType: 'image/svg+xml', width, height } as const;
  const { branding, ...said } = CreateSellerProfile.parse(seller.profile);
  const profile = { ...said, branding: { ...branding, logo } } as Omit<SellerProfile, 'isDefault'>;
  return { draft: applyProfile(toDraft(invoice), profile), assets: { [sha256]: bytes } };
};
