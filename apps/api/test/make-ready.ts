import { claimInvoice, completeInvoice, failInvoice, withTenant, type Claim } from '@invoicepress/database';
import { formatInfo, type Format, type IssuedInvoice } from '@invoicepress/invoice';
import { objectKey } from '@invoicepress/storage';
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { Tenant, TestApi } from './start-api.ts';

const LEASE_MS = 60_000;

/** What a worker does first: it takes the invoice's lease. */
export const claim = async ({ worker }: TestApi, tenant: Tenant, invoiceId: string, generation = 1): Promise<Claim> => {
  const outcome = await withTenant(worker, tenant.id, (tx) => claimInvoice(tx, { invoiceId, generation }, LEASE_MS));
  assert.ok('claim' in outcome, 'the invoice can be claimed');
  return outcome.claim;
};

/** What a worker gets to render, by a claim. */
export const frozenInvoice = async (api: TestApi, tenant: Tenant, invoiceId: string): Promise<IssuedInvoice> =>
  JSON.parse((await claim(api, tenant, invoiceId)).issued) as IssuedInvoice;

/** Stands in for a worker's rendering: these bytes are the invoice's PDF, or all its documents, from now on. */
export const makeReady = async (
  api: TestApi,
  tenant: Tenant,
  invoiceId: string,
  text = '%PDF-1.7 a document',
  formats: readonly Format[] = ['pdf'],
  generation = 1,
): Promise<Uint8Array> => {
  const bytes = new TextEncoder().encode(text);
  const lease = await claim(api, tenant, invoiceId, generation);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const store = async (format: Format) => {
    const { mediaType, extension } = formatInfo[format];
    const key = objectKey({ tenantId: tenant.id, invoiceId, sha256, extension });
    await api.context.storage.put({ key, bytes, mediaType, sha256 });
    const pages = mediaType === 'application/pdf' ? { pageCount: 1 } : {};
    return { format, storageKey: key, sha256, sizeBytes: bytes.length, mediaType, ...pages };
  };
  const documents = await Promise.all(formats.map(store));
  await withTenant(api.worker, tenant.id, (tx) => completeInvoice(tx, lease, documents));
  return bytes;
};

export const makeFailed = async (api: TestApi, tenant: Tenant, invoiceId: string): Promise<void> => {
  const lease = await claim(api, tenant, invoiceId);
  const failure = { code: 'template-error', reason: 'The logo is no image.', remedy: 'Send a PNG.' } as const;
  await withTenant(api.worker, tenant.id, (tx) => failInvoice(tx, lease, failure));
};
