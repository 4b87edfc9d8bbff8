import type { Format } from '@invoicepress/invoice';
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import {
  cancelExport,
  claimExport,
  claimInvoice,
  completeInvoice,
  createExport,
  ExportLost,
  extendExport,
  findExport,
  finishPart,
  nextDocuments,
  releaseExport,
  takeDueExports,
  withTenant,
  type ExportFilter,
} from '../src/index.ts';
import { anInvoice, startDatabase, type Tenant } from './start-database.ts';
import { aDocument, withoutTenant } from './with-rows.ts';

const roles = await startDatabase();
after(() => roles[Symbol.asyncDispose]());

const aReadyInvoice = async (tenant: Tenant, number: string, formats: Format[] = ['pdf']): Promise<string> => {
  const { id } = await anInvoice(roles, tenant, { number });
  await withTenant(roles.worker, tenant.id, async (tx) => {
    const claimed = await claimInvoice(tx, { invoiceId: id, generation: 1 }, 60_000);
    assert.ok('claim' in claimed);
    await completeInvoice(tx, claimed.claim, formats.map(aDocument));
  });
  return id;
};
const anExport = async ({ id, clientId }: Tenant, filter: ExportFilter = {}): Promise<string> => {
  const outcome = await withTenant(roles.api, id, (tx) => createExport(tx, { clientId, filter }));
  assert.ok('created' in outcome);
  return outcome.created.id;
};
const asWorker = <T>({ id }: Tenant, work: Parameters<typeof withTenant<T>>[2]) => withTenant(roles.worker, id, work);
const claim = async (tenant: Tenant, exportId: string) => {
  const claimed = await asWorker(tenant, (tx) => claimExport(tx, exportId, 60_000));
  assert.ok(claimed);
  return claimed;
};
const aPart = (fields: object = {}) => ({
  storageKey: 'exports/x/y.zip',
  sha256: 'b'.repeat(64),
  sizeBytes: 10,
  documents: 1,
  last: undefined,
  isLast: false,
  ...fields,
});
const expireLease = (exportId: string) =>
  withoutTenant(
    roles.superuser,
    `UPDATE document_export SET lease_expires_at = now() - interval '1s' WHERE id = '${exportId}'`,
  );

test('an export has the documents of its own tenant that match and were ready when it was created, page by page', async () => {
  const [tenant, other] = [await roles.tenant(), await roles.tenant()];
  await aReadyInvoice(other, 'A-1', ['pdf', 'ubl']);
  for (const number of ['A-1', 'A-2']) await aReadyInvoice(tenant, number, ['pdf', 'ubl', 'json']);
  await anInvoice(roles, tenant, { number: 'queued' });
  const exportId = await anExport(tenant, { formats: ['pdf', 'json'] });
  await aReadyInvoice(tenant, 'A-3');
  const first = await claim(tenant, exportId);
  const one = await asWorker(tenant, (tx) => nextDocuments(tx, first, 3));
  const { invoiceId, documentId } = one.at(-1)!;
  const two = await asWorker(tenant, (tx) => nextDocuments(tx, { ...first, cursor: { invoiceId, documentId } }, 3));
  const names = [...one, ...two].map(({ number, format }) => `${number} ${format}`);
  assert.deepEqual(names, ['A-1 pdf', 'A-1 json', 'A-2 pdf', 'A-2 json']);
  const found = await withTenant(roles.api, tenant.id, (tx) => findExport(tx, exportId));
  assert.deepEqual([found?.documentsTotal, found?.documentsDone], [4, 0]);
});

test('whoever lost an export, because its lease ran out or it was canceled, can write nothing of it', async () => {
  const tenant = await roles.tenant();
  const exportId = await anExport(tenant);
  const stale = await claim(tenant, exportId);
  assert.equal(await asWorker(tenant, (tx) => claimExport(tx, exportId, 60_000)), null);
  await expireLease(exportId);
  const current = await claim(tenant, exportId);
  const isLost = async (lost: typeof stale) => {
    await assert.rejects(
      asWorker(tenant, (tx) => finishPart(tx, lost, aPart())),
      ExportLost,
    );
    await assert.rejects(
      asWorker(tenant, (tx) => extendExport(tx, lost, 1)),
      ExportLost,
    );
    await assert.rejects(
      asWorker(tenant, (tx) => releaseExport(tx, lost, { counts: true })),
      ExportLost,
    );
  };
  await isLost(stale);
  await asWorker(tenant, (tx) => finishPart(tx, current, aPart()));
  await withTenant(roles.api, tenant.id, (tx) => cancelExport(tx, exportId));
  await isLost(current);
  const found = await withTenant(roles.api, tenant.id, (tx) => findExport(tx, exportId));
  assert.deepEqual([found?.status, found?.parts.length], ['canceled', 1]);
  assert.equal(await asWorker(tenant, (tx) => claimExport(tx, exportId, 60_000)), null);
});

test('an export goes to the queue once, again when the queue must have lost it, and when its worker is gone', async () => {
  const tenant = await roles.tenant();
  const exportId = await anExport(tenant);
  const due = async (lostAfterMs: number) => {
    const { fresh, again } = await takeDueExports(roles.sweeper, { limit: 10, lostAfterMs });
    const isOurs = (each: { exportId: string }) => each.exportId === exportId;
    return [fresh.filter(isOurs).length, again.filter(isOurs).length];
  };
  assert.deepEqual(await due(60_000), [1, 0]);
  assert.deepEqual(await due(60_000), [0, 0]);
  assert.deepEqual(await due(0), [0, 1]);
  await claim(tenant, exportId);
  assert.deepEqual(await due(0), [0, 0]);
  await expireLease(exportId);
  assert.deepEqual(await due(0), [0, 1]);
});

test('what ended stays ended, and progress is never taken back, whoever writes', async () => {
  const tenant = await roles.tenant();
  const exportId = await anExport(tenant);
  const claimed = await claim(tenant, exportId);
  await asWorker(tenant, (tx) => finishPart(tx, claimed, aPart({ isLast: true })));
  for (const change of ["status = 'queued'", "status = 'canceled'", 'documents_done = 0', 'lease_epoch = 0'])
    await assert.rejects(
      withoutTenant(roles.superuser, `UPDATE document_export SET ${change} WHERE id = '${exportId}'`),
      /cannot go from|only grow/,
      change,
    );
});
