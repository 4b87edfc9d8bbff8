/** What `npm run privacy` does with objects themselves, on a bucket of the S3 server of the test run. */
import { databaseSettings, openDatabase, placeHold, withTenant, type Database } from '@invoicepress/database';
import { aDraft } from '@invoicepress/invoice/testing';
import { exportKey, objectKey, ObjectMissing, openStorage, storageSettings } from '@invoicepress/storage';
import { testBucket } from '@invoicepress/stack/testing';
import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import { after, test } from 'node:test';
import { archiveTenant, type ArchiverParts } from '../src/privacy/archive.ts';
import { readPrivacyConfig } from '../src/privacy/config.ts';
import { eraseBuyer, type EraserParts } from '../src/privacy/erase.ts';
import { sweepArchives } from '../src/privacy/orphan-archives.ts';
import { sweepOrphans, type Reason } from '../src/privacy/orphans.ts';
import { retainTenant } from '../src/privacy/retain.ts';
import { makeFailed, makeReady } from './make-ready.ts';
import { startApi, type Tenant } from './start-api.ts';

const bucket = await testBucket();
const api = await startApi({ ...bucket.environment, STORAGE_TIMEOUT_MS: '60000', STORAGE_PUBLIC_URL: '' });
const { storage } = api.context;
const database: Database = openDatabase(
  databaseSettings.parse({ DATABASE_URL: api.postgres.urls.privacy, DATABASE_POOL_SIZE: 2 }),
  { applicationName: 'privacy-in-tests' },
);
after(async () => {
  await database[Symbol.asyncDispose]();
  await api[Symbol.asyncDispose]();
});
const parts: EraserParts = { database, storage, today: '2026-11-27', extraYears: 0 };

const submit = async ({ client }: Tenant, overrides: object = {}): Promise<string> =>
  (await client.submitInvoice(aDraft({ number: randomUUID(), ...overrides }))).id;
const aReady = async (tenant: Tenant, overrides: object = {}): Promise<string> => {
  const id = await submit(tenant, overrides);
  await makeReady(api, tenant, id);
  return id;
};
/** What an attempt leaves that never came to its commit. @returns its key */
const anOrphan = async (tenant: Tenant, invoiceId: string): Promise<string> => {
  const bytes = Buffer.from(`of an earlier template ${randomUUID()}`);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const key = objectKey({ tenantId: tenant.id, invoiceId, sha256, extension: 'pdf' });
  await storage.put({ key, bytes, sha256, mediaType: 'application/pdf' });
  return key;
};
const keysUnder = async (tenant: Tenant, invoiceId: string) =>
  (await storage.list({ prefix: `${tenant.id}/${invoiceId}/`, limit: 100 })).objects;
const committed = async (tenant: Tenant, invoiceId: string): Promise<string[]> =>
  withTenant(api.worker, tenant.id, async (tx) =>
    (await tx.db.document.findMany({ where: { invoiceId } })).map(({ storageKey }) => storageKey),
  );
const inDays = (days: number) => new Date(Date.now() + days * 24 * 3_600_000);

test('orphans of settled invoices are found and deleted, and nothing else is', async () => {
  const [tenant, other] = [await api.tenant(), await api.tenant()];
  const ready = await aReady(tenant);
  const canceled = await submit(tenant);
  await tenant.client.cancelInvoice(canceled);
  const failed = await submit(tenant);
  await makeFailed(api, tenant, failed);
  const [held, queued] = [await aReady(tenant), await submit(tenant)];
  await withTenant(database, tenant.id, (tx) => placeHold(tx, { invoiceId: held, reason: 'a dispute' }));
  const gone = [await anOrphan(tenant, ready), await anOrphan(tenant, canceled)];
  const stay: Record<string, Reason> = {
    [await anOrphan(tenant, failed)]: 'unsettled',
    [await anOrphan(tenant, queued)]: 'unsettled',
    [await anOrphan(tenant, held)]: 'held',
    [await anOrphan(tenant, randomUUID())]: 'unknown',
    [await anOrphan(tenant, 'no-id')]: 'unknown',
  };
  const foreign = await anOrphan(other, await aReady(other));
  const sweep = async (remove: boolean, days = 2) => {
    const told = new Map<string, Reason | undefined>();
    const counts = await sweepOrphans(parts, tenant.id, {
      remove,
      asOf: inDays(days),
      onOrphan: ({ key }, left) => told.set(key, left),
    });
    return { told: Object.fromEntries(told), counts };
  };
  const expected = { ...stay, ...Object.fromEntries(gone.map((key) => [key, undefined])) };
  const looked = await sweep(false);
  assert.deepEqual(looked.told, expected);
  assert.deepEqual(
    [looked.counts.objects, looked.counts.orphans, looked.counts.deleted],
    [9, 7, 0],
    'two documents, seven orphans',
  );
  assert.deepEqual((await sweep(true, 0.9)).counts.deleted, 0, 'none that is younger than a day');
  const swept = await sweep(true);
  assert.deepEqual(swept.told, expected);
  assert.deepEqual([swept.counts.deleted, swept.counts.left], [2, { held: 1, young: 0, unsettled: 2, unknown: 2 }]);
  for (const key of gone) assert.equal(await storage.head(key), undefined);
  const documents = [...(await committed(tenant, ready)), ...(await committed(tenant, held))];
  assert.equal(documents.length, 2);
  for (const key of [...Object.keys(stay), ...documents, foreign]) assert.ok(await storage.head(key), key);
  const entries = await Array.fromAsync(tenant.client.listAudit({ action: 'privacy orphans' }));
  assert.deepEqual(
    entries.map(({ touched }) => touched.toSorted()),
    [[ready, canceled].toSorted()],
  );
});

test('an erased invoice leaves nothing in storage, not even what no row refers to', async () => {
  const tenant = await api.tenant();
  const old = { issueDate: '2015-03-01', dueDate: '2015-04-01' };
  const [erased, stays] = [await aReady(tenant, old), await aReady(tenant)];
  await anOrphan(tenant, erased);
  await anOrphan(tenant, stays);
  const [document] = await committed(tenant, stays);
  await Array.fromAsync(eraseBuyer(parts, { tenantId: tenant.id, subject: { name: aDraft().buyer.name } }));
  assert.deepEqual(await keysUnder(tenant, erased), []);
  assert.equal((await keysUnder(tenant, stays)).length, 2, 'the law wants the one, and the other is of today');
  // A worker that was frozen wakes up after the erasure, stores, and cannot commit.
  await anOrphan(tenant, erased);
  const swept = await sweepOrphans(parts, tenant.id, { remove: true, asOf: inDays(2) });
  assert.equal(swept.deleted, 2);
  assert.deepEqual(await keysUnder(tenant, erased), []);
  assert.deepEqual(
    (await keysUnder(tenant, stays)).map(({ key }) => key),
    [document],
  );
});

test('documents of old invoices move to a colder class, once, and stay what they are', async () => {
  const tenant = await api.tenant();
  const id = await aReady(tenant);
  const failed = await submit(tenant);
  await makeFailed(api, tenant, failed);
  const orphans = [await anOrphan(tenant, id), await anOrphan(tenant, failed)];
  const { bytes } = await tenant.client.downloadDocument(id);
  const archive = (days: number, more: Partial<ArchiverParts['storage']> = {}) =>
    archiveTenant({ database, storage: { ...storage, ...more } }, tenant.id, {
      storageClass: 'GLACIER_IR',
      afterDays: 90,
      asOf: inDays(days),
    });
  assert.deepEqual(await archive(89), { objects: 3, moved: 0, damaged: 0 });
  assert.deepEqual(await archive(91), { objects: 3, moved: 1, damaged: 0 });
  assert.deepEqual(await archive(91), { objects: 3, moved: 0, damaged: 0 }, 'and not again');
  const classes = new Map((await keysUnder(tenant, id)).map(({ key, storageClass }) => [key, storageClass]));
  const [key = ''] = await committed(tenant, id);
  assert.deepEqual([classes.get(key), classes.get(orphans[0] ?? '')], ['GLACIER_IR', 'STANDARD']);
  assert.deepEqual((await tenant.client.downloadDocument(id)).bytes, bytes, 'its links go on working');
  const entries = await Array.fromAsync(tenant.client.listAudit({ action: 'privacy archive' }));
  assert.deepEqual(
    entries.map(({ touched }) => touched),
    [[id]],
  );
});

test('a document that is erased while it moves does not come back', async () => {
  const tenant = await api.tenant();
  const id = await aReady(tenant, { issueDate: '2015-03-01', dueDate: '2015-04-01' });
  const [key = ''] = await committed(tenant, id);
  const bytes = await storage.get(key);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const counts = await archiveTenant(
    {
      database,
      storage: {
        ...storage,
        archive: async (moving) => {
          await Array.fromAsync(eraseBuyer(parts, { tenantId: tenant.id, subject: { name: aDraft().buyer.name } }));
          await assert.rejects(async () => storage.archive?.(moving, 'GLACIER_IR'), ObjectMissing);
          await storage.put({ key, bytes, sha256, mediaType: 'application/pdf' }); // as a copy that began before does
        },
      },
    },
    tenant.id,
    { storageClass: 'GLACIER_IR', afterDays: 1, asOf: inDays(2) },
  );
  assert.equal(counts.moved, 1);
  assert.equal(await storage.head(key), undefined);
});

test('a folder has no classes, and a class that links could not be read from is refused', async () => {
  const settings = { PRIVACY_DATABASE_URL: 'postgres://x', STORAGE_URL: 'file:///tmp/documents' };
  await using folder = openStorage(storageSettings.parse(settings), { signs: false });
  await assert.rejects(
    archiveTenant({ database, storage: folder }, randomUUID(), { storageClass: 'GLACIER_IR', afterDays: 1 }),
    /folder has no storage classes/,
  );
  const read = (ARCHIVE_STORAGE_CLASS: string) => readPrivacyConfig({ ...settings, ARCHIVE_STORAGE_CLASS });
  assert.equal(read('COLD').ARCHIVE_STORAGE_CLASS, 'COLD', 'other servers have names of their own');
  for (const [name, why] of [
    ['GLACIER', /at once/],
    ['DEEP_ARCHIVE', /at once/],
    ['ONEZONE_IA', /less safely/],
    ['STANDARD', /to begin with/],
    ['a class', /no name/],
  ] as const)
    assert.throws(() => read(name), why);
});

test('archives of exports that no row refers to are found and deleted, and exports that are over are forgotten', async () => {
  const tenant = await api.tenant();
  await aReady(tenant);
  const [open, canceled] = [
    await tenant.client.createExport({ buyer: 'Erika' }),
    await tenant.client.createExport({ buyer: 'Erika' }),
  ];
  await tenant.client.cancelExport(canceled.id);
  const archiveOf = async (exportId: string) => {
    const bytes = Buffer.from(`a ZIP file ${randomUUID()}`);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const key = exportKey({ exportId, sha256 });
    await storage.put({ key, bytes, sha256, mediaType: 'application/zip' });
    return { key, sha256, sizeBytes: bytes.length };
  };
  const [kept, unsettled] = [await archiveOf(canceled.id), await archiveOf(open.id)];
  const gone = [await archiveOf(canceled.id), await archiveOf(randomUUID())];
  // Of a canceled export too, a row keeps its archive until the pump of a worker deletes both.
  await api.superuser.prisma.$executeRaw`
    INSERT INTO document_export_part (tenant_id, export_id, number, storage_key, sha256, size_bytes, documents)
    VALUES (${tenant.id}::uuid, ${canceled.id}::uuid, 1, ${kept.key}, ${kept.sha256}, ${kept.sizeBytes}, 1)`;
  const sweep = (days: number) => sweepArchives(parts, [tenant.id], { remove: true, asOf: inDays(days) });
  assert.deepEqual((await sweep(0.9)).left, { held: 0, young: 2, unsettled: 1, unknown: 0 });
  const { objects, deleted, left } = await sweep(2);
  assert.deepEqual([objects, deleted, left.unsettled], [4, 2, 1]);
  for (const { key } of gone) assert.equal(await storage.head(key), undefined);
  for (const { key } of [kept, unsettled]) assert.ok(await storage.head(key));

  const logs = { deliveryLogDays: 90, exportLogDays: 30 };
  const superuser = api.superuser.prisma;
  await superuser.$executeRaw`UPDATE document_export SET created_at = now() - interval '31 days', finished_at = CASE
    WHEN finished_at IS NOT NULL THEN now() - interval '31 days' END WHERE tenant_id = ${tenant.id}::uuid`;
  assert.equal((await retainTenant(parts, tenant.id, logs)).exports, 0, 'one has an archive, one is under way');
  await superuser.$executeRaw`DELETE FROM document_export_part WHERE tenant_id = ${tenant.id}::uuid`;
  assert.equal((await retainTenant(parts, tenant.id, logs)).exports, 1);
  assert.deepEqual(
    (await tenant.client.listExports()).exports.map(({ id }) => id),
    [open.id],
  );
  await assert.rejects(
    withTenant(database, tenant.id, (tx) => tx.db.$executeRaw`DELETE FROM document_export`),
    /queued, and not over/,
  );
});
