import { aDraft } from '@invoicepress/invoice/testing';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import {
  claimInvoice,
  completeInvoice,
  createNumberSeries,
  recallAnswer,
  rememberAnswer,
  withTenant,
  type Database,
  type FinishedDocument,
} from '../src/index.ts';
import { accept, type Roles, type Tenant } from './start-database.ts';

export const aDocument = (): FinishedDocument => ({
  format: 'pdf',
  storageKey: `tenant/${randomUUID()}`,
  sha256: 'a'.repeat(64),
  sizeBytes: 1_000,
  mediaType: 'application/pdf',
  pageCount: 1,
});

/** A tenant with a row in every table; `invoiceId` is ready. */
export const aTenantWithRows = async (roles: Roles): Promise<Tenant & { invoiceId: string; seriesId: string }> => {
  const tenant = await roles.tenant();
  await withTenant(roles.api, tenant.id, (tx) =>
    createNumberSeries(tx, { name: 'sales', prefix: 'S-', padding: 3, yearlyReset: false }),
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
    await completeInvoice(tx, claimed.claim, aDocument());
  });
  const [series] = await inTenant<{ id: string }>(roles.api, tenant.id, 'SELECT id FROM number_series');
  return { ...tenant, invoiceId, seriesId: series?.id ?? '' };
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
