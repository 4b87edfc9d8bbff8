import type { Invoice, SubmitInvoice } from '@invoicepress/client';
import {
  databaseSettings,
  openDatabase,
  placeEvents,
  placeHold,
  releaseHold,
  withTenant,
  type Database,
} from '@invoicepress/database';
import { aDraft } from '@invoicepress/invoice/testing';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { buffer } from 'node:stream/consumers';
import { fromBufferPromise } from 'yauzl';
import { eraseBuyer, type EraserParts, type Outcome } from '../src/privacy/erase.ts';
import { exportData } from '../src/privacy/export.ts';
import { retainTenant } from '../src/privacy/retain.ts';
import { assertProblem } from './assert-problem.ts';
import { makeFailed, makeReady } from './make-ready.ts';
import { startApi, type Tenant } from './start-api.ts';

const api = await startApi({ STORAGE_TIMEOUT_MS: '60000' });
const database: Database = openDatabase(
  databaseSettings.parse({ DATABASE_URL: api.postgres.urls.privacy, DATABASE_POOL_SIZE: 2 }),
  { applicationName: 'privacy-in-tests' },
);
after(async () => {
  await database[Symbol.asyncDispose]();
  await api[Symbol.asyncDispose]();
});
const parts: EraserParts = { database, storage: api.context.storage, today: '2026-11-27', extraYears: 0 };

const VAT_ID = 'ATU12345675';
const { address } = aDraft().buyer;
const erika: SubmitInvoice['buyer'] = {
  name: 'Erika Musterfrau',
  vatId: VAT_ID,
  identifiers: [{ id: 'K-77' }],
  contact: { name: 'Erika', email: 'Erika@example.com' },
  address,
};
const metadata = { note: 'Erika likes blue' };
const submission = (overrides: Partial<SubmitInvoice> = {}): SubmitInvoice =>
  aDraft({ number: randomUUID(), buyer: erika, metadata, ...overrides } as never);
const submit = async ({ client }: Tenant, overrides: Partial<SubmitInvoice> = {}): Promise<Invoice> =>
  client.submitInvoice(submission(overrides));
const aReady = async (tenant: Tenant, overrides: Partial<SubmitInvoice> = {}): Promise<Invoice> => {
  const { id } = await submit(tenant, overrides);
  await makeReady(api, tenant, id);
  return tenant.client.getInvoice(id);
};
const unzip = async (bytes: Buffer): Promise<Map<string, Buffer>> => {
  const zip = await fromBufferPromise(bytes, { autoClose: false });
  const files = new Map<string, Buffer>();
  for await (const entry of zip.eachEntry())
    files.set(entry.fileName, await buffer(await zip.openReadStreamPromise(entry)));
  return files;
};
const logs = { deliveryLogDays: 90, exportLogDays: 30 };
const OLD = { issueDate: '2015-03-01', dueDate: '2015-04-01' };
const erase = async (
  tenant: Tenant,
  subject = { vatId: VAT_ID } as object,
  more = {},
): Promise<Record<string, Outcome>> => {
  const outcomes = await Array.fromAsync(eraseBuyer(parts, { tenantId: tenant.id, subject, ...more }));
  return Object.fromEntries(outcomes.map((outcome) => [outcome.id, outcome]));
};
const keysOf = async (tenant: Tenant, id: string): Promise<string[]> =>
  withTenant(api.worker, tenant.id, async (tx) =>
    (await tx.db.document.findMany({ where: { invoiceId: id } })).map(({ storageKey }) => storageKey),
  );
/** Whether this text lies anywhere in the tenant's rows. */
const isKept = async (tenant: Tenant, text: string): Promise<string[]> => {
  const tables = await api.superuser.prisma.$queryRaw<{ table: string }[]>`
    SELECT table_name AS table FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'tenant_id'`;
  const found: string[] = [];
  for (const { table } of tables) {
    const rows = await api.superuser.prisma.$queryRawUnsafe<object[]>(
      `SELECT 1 FROM ${table} WHERE tenant_id = '${tenant.id}' AND ${table}::text ILIKE '%${text}%'`,
    );
    if (rows.length > 0) found.push(table);
  }
  return found.toSorted();
};

test('what was never issued, or need not be kept any more, leaves nothing of its buyer but a number', async () => {
  const tenant = await api.tenant();
  await tenant.client.createNumberSeries({ name: 'sales', prefix: 'S-' });
  const numbered = { number: undefined, series: 'sales' } as never;
  const canceled = await submit(tenant, { ...(numbered as object), externalId: 'erika-1' });
  await tenant.client.cancelInvoice(canceled.id);
  const failed = await submit(tenant, numbered);
  await makeFailed(api, tenant, failed.id);
  const old = await aReady(tenant, { ...(numbered as object), ...OLD });
  const keys = await keysOf(tenant, old.id);
  while ((await placeEvents(api.sweeper, 1_000)) > 0);
  assert.deepEqual(await isKept(tenant, 'erika'), ['event', 'idempotency_key', 'invoice', 'invoice_payload']);

  const outcomes = await erase(tenant);
  for (const { id } of [canceled, failed, old]) assert.equal(outcomes[id]?.outcome, 'erased');
  assert.deepEqual(await isKept(tenant, 'erika'), []);
  assert.deepEqual(await isKept(tenant, VAT_ID), []);
  for (const key of keys) assert.equal(await api.context.storage.head(key), undefined);
  const stub = await tenant.client.getInvoice(old.id);
  assert.deepEqual([stub.status, stub.buyerName, stub.documents, stub.metadata], ['ready', '', [], {}]);
  assert.ok(stub.erasedAt);
  await assertProblem(await tenant.fetch(`/v1/invoices/${old.id}/documents/pdf`), 'not-found');
  await assertProblem(await tenant.post(`/v1/invoices/${failed.id}/retry`), 'wrong-status');
  const report = await tenant.client.getNumberReport('sales');
  assert.deepEqual([report.numbers.length, report.gaps], [3, 0], 'every number is still accounted for');
  const told = await Array.fromAsync(tenant.client.listAudit({ action: 'privacy erase-buyer' }));
  assert.deepEqual(told.flatMap(({ touched }) => touched).toSorted(), [canceled.id, failed.id, old.id].toSorted());
});

test('what the law wants kept stays as it was issued, and loses what nobody has to keep', async () => {
  const tenant = await api.tenant();
  const key = randomUUID();
  const body = submission({ issueDate: '2026-02-01' });
  const { id } = await tenant.client.submitInvoice(body, { idempotencyKey: key });
  const bytes = await makeReady(api, tenant, id);
  const batch = await tenant.client.submitBatch([submission(), submission({ buyer: { name: 'Other AG', address } })]);
  const outcomes = await erase(tenant, { email: 'erika@EXAMPLE.com' });
  assert.deepEqual(outcomes[id], { id, number: body.number, outcome: 'redacted', retainedUntil: '2034-12-31' });
  assert.deepEqual(
    Object.values(outcomes).map(({ outcome }) => outcome),
    ['redacted', 'unsettled'],
  );
  const kept = await tenant.client.getInvoice(id);
  assert.deepEqual([kept.buyerName, kept.metadata, kept.erasedAt], [erika.name, {}, undefined]);
  assert.deepEqual((await tenant.client.downloadDocument(id)).bytes, bytes);
  const again = await tenant.client.submitInvoice(body, { idempotencyKey: key });
  assert.deepEqual([again.id, again.buyerName, again.metadata], [id, '', {}], 'a repetition still does nothing');
  assert.equal(batch.accepted, 2);
  assert.deepEqual((await erase(tenant))[id]?.outcome, 'redacted', 'and may be asked for again');
});

test("nobody else's invoices are touched: another buyer's, another tenant's", async () => {
  const [tenant, other] = [await api.tenant(), await api.tenant()];
  const before = [await aReady(tenant, { ...OLD, buyer: { name: 'Other AG', address } })];
  const foreign = await aReady(other, OLD);
  for (const subject of [
    { name: 'Erika Musterfrau' },
    { vatId: VAT_ID },
    { buyerId: 'K-77' },
    { email: 'erika@example.com' },
  ]) {
    const mine = await aReady(tenant, OLD);
    assert.deepEqual(Object.keys(await erase(tenant, subject)), [mine.id], JSON.stringify(subject));
    assert.deepEqual(await erase(tenant, { ...subject, name: 'Somebody else' }), {}, 'all that is given must agree');
  }
  assert.deepEqual(await tenant.client.getInvoice(before[0]?.id ?? ''), before[0]);
  assert.deepEqual(await other.client.getInvoice(foreign.id), foreign);
});

test('a legal hold keeps an invoice, or all of a tenant, from erasure until it is released', async () => {
  const tenant = await api.tenant();
  const [held, free] = [await aReady(tenant, OLD), await aReady(tenant, OLD)];
  const inTenant = <T>(work: Parameters<typeof withTenant<T>>[2]) => withTenant(database, tenant.id, work);
  const hold = await inTenant((tx) => placeHold(tx, { invoiceId: held.id, reason: 'LG Köln 3 O 12/26' }));
  assert.deepEqual(
    Object.values(await erase(tenant, undefined, { subject: { vatId: VAT_ID }, dryRun: true })).map(
      ({ outcome }) => outcome,
    ),
    ['held', 'erased'],
  );
  await erase(tenant);
  assert.deepEqual(await tenant.client.getInvoice(held.id), held, 'not even its metadata');
  assert.ok((await tenant.client.getInvoice(free.id)).erasedAt);
  const all = await inTenant((tx) => placeHold(tx, { reason: 'audit of 2026' }));
  assert.ok(hold && all);
  assert.ok(await inTenant((tx) => releaseHold(tx, hold)));
  assert.deepEqual(await retainTenant(parts, tenant.id, logs), { erased: 0, deliveries: 0, exports: 0 });
  assert.ok(await inTenant((tx) => releaseHold(tx, all)));
  assert.equal(await inTenant((tx) => releaseHold(tx, all)), false);
  assert.equal((await retainTenant(parts, tenant.id, logs)).erased, 1);
  assert.equal(await inTenant((tx) => placeHold(tx, { invoiceId: held.id, reason: 'too late' })), null);
});

test("retention follows the law of the seller's country, and goes on where a crash has stopped it", async () => {
  const tenant = await api.tenant();
  const from = (country: string, issueDate: string) =>
    aReady(tenant, {
      issueDate,
      dueDate: issueDate,
      seller: { ...aDraft().seller, address: { ...address, country } },
    });
  const gone = [await from('DE', '2017-12-31'), await from('AT', '2018-12-31')];
  const stays = [await from('DE', '2018-01-01'), await from('FR', '2017-12-31'), await from('AT', '2019-01-01')];
  let calls = 0;
  const storage: EraserParts['storage'] = {
    erase: (key) => {
      calls += 1;
      if (calls === 2) throw new Error('the machine is gone');
      return api.context.storage.erase(key);
    },
    list: api.context.storage.list,
  };
  await assert.rejects(retainTenant({ ...parts, storage }, tenant.id, logs), /machine is gone/);
  assert.deepEqual(await isKept(tenant, 'Erika').then(({ length }) => length > 0), true);
  await retainTenant(parts, tenant.id, logs);
  for (const { id } of gone) assert.ok((await tenant.client.getInvoice(id)).erasedAt);
  for (const invoice of stays) assert.deepEqual(await tenant.client.getInvoice(invoice.id), invoice);
  assert.equal((await retainTenant({ ...parts, extraYears: 3 }, tenant.id, logs)).erased, 0);
});

test('an export has all that is kept of a buyer, or of a tenant, and no secret', async () => {
  const tenant = await api.tenant();
  await tenant.client.createWebhookEndpoint({ url: 'https://hooks.example.com/' });
  const mine = await aReady(tenant);
  const other = await aReady(tenant, { buyer: { name: 'Other AG', address } });
  while ((await placeEvents(api.sweeper, 1_000)) > 0);
  const folder = await mkdtemp(join(tmpdir(), 'invoicepress-export-'));
  try {
    const write = async (name: string, subject?: object) => {
      const file = join(folder, name);
      const counts = await exportData(
        { database, storage: api.context.storage },
        { tenantId: tenant.id, subject, file },
      );
      return { counts, files: await unzip(await readFile(file)) };
    };
    const buyer = await write('buyer.zip', { vatId: VAT_ID });
    assert.deepEqual(buyer.counts, { invoices: 1, documents: 1 });
    const whole = Buffer.concat([...buyer.files.values()]).toString();
    for (const text of [mine.id, 'Erika@example.com', 'likes blue', 'invoice.ready', 'submitInvoice', '%PDF'])
      assert.ok(whole.includes(text), text);
    assert.ok(!whole.includes(other.id) && !whole.includes('Other AG'));

    const all = await write('tenant.zip');
    assert.deepEqual(all.counts, { invoices: 2, documents: 2 });
    const tenantFile = all.files.get('tenant.json')?.toString() ?? '';
    for (const text of [tenant.slug, tenant.clientId, 'hooks.example.com']) assert.ok(tenantFile.includes(text), text);
    assert.doesNotMatch(tenantFile, /secret/i);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
