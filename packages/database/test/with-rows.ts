import type { Format } from '@invoicepress/invoice';
import { aDraft } from '@invoicepress/invoice/testing';
import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import {
  acceptInvoices,
  claimExport,
  claimInvoice,
  completeInvoice,
  createExport,
  createNumberSeries,
  createPreview,
  createSellerProfile,
  createTemplate,
  finishPart,
  linkCreditNote,
  linkExternalClient,
  placeHold,
  recallAnswer,
  rememberAnswer,
  storeLogo,
  withTenant,
  type Bundle,
  type Database,
  type FinishedDocument,
  type LogoRecord,
} from '../src/index.ts';
import { accept, type Roles, type Tenant } from './start-database.ts';

export const aDocument = (format: Format = 'pdf'): FinishedDocument => ({
  format,
  storageKey: `tenant/${randomUUID()}`,
  sha256: 'a'.repeat(64),
  sizeBytes: 1_000,
  mediaType: 'application/pdf',
  pageCount: 1,
});

/** A logo with bytes of its own. */
export const aLogo = async ({ api }: Roles, { id }: Tenant): Promise<LogoRecord> => {
  const bytes = Buffer.from(randomUUID());
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const size = { mediaType: 'image/png', width: 4, height: 3 };
  const logo = await withTenant(api, id, (tx) => storeLogo(tx, { ...size, sha256, bytes }));
  assert.ok(logo);
  return logo;
};

export const aBundle = (text = 'A'): Bundle => ({
  files: [{ path: 'main.typ', content: Buffer.from(text) }],
  sha256: createHash('sha256').update(text).digest('hex'),
  sizeBytes: text.length,
});

/** A tenant with a row in every table; `invoiceId` is ready. */
export const aTenantWithRows = async (
  roles: Roles,
): Promise<
  Tenant & Record<'invoiceId' | 'creditNoteId' | 'exportId' | 'seriesId' | 'logo' | 'templateId' | 'versionId', string>
> => {
  const tenant = await roles.tenant();
  await withTenant(roles.api, tenant.id, (tx) =>
    createNumberSeries(tx, { name: 'sales', prefix: 'S-', padding: 3, yearlyReset: false }),
  );
  const identity = { issuer: 'https://idp.example', subject: `shop of ${tenant.id}` };
  await linkExternalClient(roles.migrator, { tenantId: tenant.id, clientId: tenant.clientId, ...identity });
  const { sha256: logo } = await aLogo(roles, tenant);
  await withTenant(roles.api, tenant.id, (tx) =>
    createSellerProfile(tx, { name: 'house', seller: {}, branding: { logo } }),
  );
  const [outcome] = await accept(roles.api, tenant, [aDraft({ series: 'sales' })]);
  assert.ok(outcome && 'accepted' in outcome);
  const invoiceId = outcome.accepted.id;
  const request = { clientId: tenant.clientId, route: 'POST /v1/invoices', key: 'k', fingerprint: 'f'.repeat(64) };
  await withTenant(roles.api, tenant.id, async (tx) => {
    assert.deepEqual(await recallAnswer(tx, request), { fresh: true });
    await rememberAnswer(tx, request, { status: 202, body: '{}' });
  });
  await withTenant(roles.worker, tenant.id, async (tx) => {
    const claimed = await claimInvoice(tx, { invoiceId, generation: 1 }, 60_000);
    assert.ok('claim' in claimed);
    await completeInvoice(tx, claimed.claim, [aDocument()]);
  });
  const creditNoteId = await withTenant(roles.api, tenant.id, async (tx) => {
    const options = { clientId: tenant.clientId, now: new Date(), template: 'default@1' };
    const [credit] = await acceptInvoices(tx, [aDraft({ series: 'sales', typeCode: '381' })], options);
    assert.ok(credit && 'accepted' in credit);
    await linkCreditNote(tx, { creditNoteId: credit.accepted.id, invoiceId, parts: {} });
    return credit.accepted.id;
  });
  const exportId = await withTenant(roles.api, tenant.id, async (tx) => {
    const made = await createExport(tx, { clientId: tenant.clientId, filter: {} });
    assert.ok('created' in made);
    return made.created.id;
  });
  await withTenant(roles.worker, tenant.id, async (tx) => {
    const claim = await claimExport(tx, exportId, 60_000);
    assert.ok(claim);
    const sha256 = 'a'.repeat(64);
    const part = { storageKey: `exports/${exportId}/${sha256}.zip`, sha256, sizeBytes: 1, documents: 1 };
    await finishPart(tx, claim, { ...part, last: undefined, isLast: false });
  });
  await withoutTenant(
    roles.superuser,
    `WITH endpoint AS (
       INSERT INTO webhook_endpoint (id, tenant_id, url, event_types, secret)
       VALUES (gen_random_uuid(), '${tenant.id}', 'https://receiver.example', '{invoice.ready}', '') RETURNING *
     ), delivery AS (
       INSERT INTO webhook_delivery (id, tenant_id, endpoint_id, event_id)
       SELECT gen_random_uuid(), endpoint.tenant_id, endpoint.id, event.id
       FROM endpoint JOIN event ON event.tenant_id = endpoint.tenant_id AND event.type = 'invoice.ready' RETURNING *
     )
     INSERT INTO webhook_attempt (delivery_id, generation, number, tenant_id, started_at, duration_ms)
     SELECT id, generation, 1, tenant_id, now(), 12 FROM delivery`,
  );
  await withoutTenant(
    roles.superuser,
    `INSERT INTO tenant_key (tenant_id, version, wrapped_key, wrapped_by) VALUES ('${tenant.id}', 1, '${'w'.repeat(61)}', 'k')`,
  );
  const { templateId, versionId } = await withTenant(roles.api, tenant.id, async (tx) => {
    const created = await createTemplate(tx, { name: 'letterhead', description: undefined, bundle: aBundle() });
    assert.ok('template' in created);
    const { uploaded } = created;
    await createPreview(tx, { versionId: uploaded.id, format: 'png', page: 1, of: { sample: 'plain' } });
    return { templateId: created.template.id, versionId: uploaded.id };
  });
  await inTenant(roles.api, tenant.id, `SELECT count_stored_bytes('${tenant.id}', current_date)`);
  await withTenant(roles.privacy, tenant.id, (tx) => placeHold(tx, { invoiceId, reason: 'a dispute' }));
  const [series] = await inTenant<{ id: string }>(roles.api, tenant.id, 'SELECT id FROM number_series');
  return { ...tenant, invoiceId, creditNoteId, exportId, seriesId: series?.id ?? '', logo, templateId, versionId };
};

export const inTenant = <T = Record<string, unknown>>(
  database: Database,
  tenantId: string,
  sql: string,
  ...values: unknown[]
): Promise<T[]> => withTenant(database, tenantId, (tx) => tx.db.$queryRawUnsafe<T[]>(sql, ...values));

export const withoutTenant = <T = Record<string, unknown>>(
  database: Database,
  sql: string,
  ...values: unknown[]
): Promise<T[]> => database.prisma.$queryRawUnsafe<T[]>(sql, ...values);
