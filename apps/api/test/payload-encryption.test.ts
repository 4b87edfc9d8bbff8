/** With PAYLOAD_MASTER_KEYS: what the database holds of an invoice opens for those who have business with it, until its key is destroyed. */
import type { Invoice, SubmitInvoice } from '@invoicepress/client';
import {
  acceptInvoices,
  databaseSettings,
  openDatabase,
  payloadSettings,
  placeHold,
  releaseHold,
  withTenant,
} from '@invoicepress/database';
import type { InvoiceDraft } from '@invoicepress/invoice';
import { aDraft } from '@invoicepress/invoice/testing';
import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { text } from 'node:stream/consumers';
import { fromBufferPromise } from 'yauzl';
import { destroyKey } from '../src/privacy/destroy-key.ts';
import { eraseBuyer, type EraserParts } from '../src/privacy/erase.ts';
import { exportData } from '../src/privacy/export.ts';
import { assertProblem } from './assert-problem.ts';
import { makeReady } from './make-ready.ts';
import { startApi, type Tenant } from './start-api.ts';

const masterKeys = { PAYLOAD_MASTER_KEYS: `test:${randomBytes(32).toString('base64')}` };
const api = await startApi({ STORAGE_TIMEOUT_MS: '60000', ...masterKeys });
const privacy = openDatabase(
  {
    ...databaseSettings.parse({ DATABASE_URL: api.postgres.urls.privacy, DATABASE_POOL_SIZE: 2 }),
    ...payloadSettings.parse(masterKeys),
  },
  { applicationName: 'privacy-in-tests' },
);
after(async () => {
  await privacy[Symbol.asyncDispose]();
  await api[Symbol.asyncDispose]();
});
const { prisma } = api.superuser;
const parts: EraserParts = { database: privacy, storage: api.context.storage, today: '2026-11-27', extraYears: 0 };

const erika = {
  ...aDraft().buyer,
  name: 'Erika Musterfrau',
  vatId: 'ATU12345675',
  identifiers: [{ id: 'K-77' }],
  contact: { name: 'Erika', email: 'Erika@example.com' },
};
const OLD = { issueDate: '2015-03-01', dueDate: '2015-04-01' };
const submission = (overrides: Partial<SubmitInvoice> = {}): SubmitInvoice =>
  aDraft({ number: randomUUID(), buyer: erika, ...overrides } as never);
const aReady = async (tenant: Tenant, overrides: Partial<SubmitInvoice> = {}): Promise<Invoice> => {
  const { id } = await tenant.client.submitInvoice(submission(overrides));
  await makeReady(api, tenant, id);
  return tenant.client.getInvoice(id);
};
/** As it was stored before there were master keys. */
const aPlainOne = async (tenant: Tenant): Promise<string> => {
  const options = { clientId: tenant.clientId, now: new Date(), template: 'default@1' };
  const [outcome] = await withTenant(api.superuser, tenant.id, (tx) =>
    acceptInvoices(tx, [submission() as InvoiceDraft], options),
  );
  assert.ok(outcome && 'accepted' in outcome);
  return outcome.accepted.id;
};
/** Of a buyer: whose invoices would be erased or redacted. */
const find = async ({ id: tenantId }: Tenant, subject: object): Promise<string[]> =>
  (await Array.fromAsync(eraseBuyer(parts, { tenantId, subject, dryRun: true }))).map(({ id }) => id);
const payloads = (tenant: Tenant): Promise<{ stored: string; country: string }[]> => prisma.$queryRaw`
  SELECT issued::text AS stored, issued #>> '{seller,address,country}' AS country
  FROM invoice_payload WHERE tenant_id = ${tenant.id}::uuid ORDER BY invoice_id`;
const keys = (tenant: Tenant): Promise<{ version: number; wrapped: Uint8Array | null }[]> => prisma.$queryRaw`
  SELECT version, wrapped_key AS wrapped FROM tenant_key WHERE tenant_id = ${tenant.id}::uuid ORDER BY version`;

test('the database holds no content of an invoice, but what says how long it is to be kept', async () => {
  const [tenant, other] = [await api.tenant(), await api.tenant()];
  await Promise.all(Array.from({ length: 4 }, () => tenant.client.submitInvoice(submission())));
  await tenant.client.submitBatch([submission(), submission()]);
  await other.client.submitInvoice(submission());
  const found = await payloads(tenant);
  assert.equal(found.length, 6);
  for (const { stored, country } of found) {
    assert.doesNotMatch(stored, /Erika|ATU12345675|K-77|Beratung|IBAN/i);
    assert.match(stored, /^\{"sealed": "1\.[A-Za-z0-9+/]+=*", "seller": \{"address": \{"country": "[A-Z]{2}"\}\}\}$/);
    assert.equal(country, aDraft().seller.address.country);
  }
  assert.deepEqual([(await keys(tenant)).length, (await keys(other)).length], [1, 1], 'a key per tenant');
});

test('a sealed invoice can be credited and proved, as long as its key is there', async () => {
  const tenant = await api.tenant();
  const invoice = await aReady(tenant);
  const creditNote = await tenant.client.createCreditNote(invoice.id, { number: randomUUID() });
  assert.equal(creditNote.totals.payable, invoice.totals.payable);
  const bundle = Buffer.from(await tenant.client.downloadProof(invoice.id)).toString('latin1');
  assert.match(bundle, /^PK/);

  // A tenant whose key no process knows yet: first its master key is missing, then it is destroyed.
  const lost = await api.tenant();
  const { id } = await aReady(lost);
  const path = `/v1/invoices/${id}/credit-notes`;
  await prisma.$executeRaw`UPDATE tenant_key SET wrapped_by = 'gone' WHERE tenant_id = ${lost.id}::uuid`;
  const { detail } = await assertProblem(await lost.fetch(path), 'unavailable');
  assert.match(detail ?? '', /the key that the tenant's invoices are sealed with/);
  await assertProblem(await lost.post('/v1/invoices', submission()), 'unavailable');
  assert.equal((await keys(lost)).length, 1, 'no other key takes the place of one that cannot be had');
  await prisma.$executeRaw`
    UPDATE tenant_key SET wrapped_key = NULL, destroyed_at = now() WHERE tenant_id = ${lost.id}::uuid`;
  await assertProblem(await lost.fetch(path), 'payload-destroyed');
  await assertProblem(await lost.fetch(`/v1/invoices/${id}/documents/bundle`), 'payload-destroyed');
  const { name, vatId } = erika;
  assert.deepEqual([await find(lost, { name }), await find(lost, { vatId })], [[id], []], 'its row knows a name');
});

test('a buyer is found, exported in the clear and erased, sealed or not', async () => {
  const tenant = await api.tenant();
  const mine = [await aPlainOne(tenant), (await aReady(tenant, OLD)).id];
  const { id: foreign } = await tenant.client.submitInvoice(
    submission({
      buyer: {
        ...erika,
        name: 'Other AG',
        vatId: 'ATU99999999',
        identifiers: [{ id: 'K-78' }],
        contact: { email: 'other@example.com' },
      },
    }),
  );
  for (const subject of [
    { name: erika.name },
    { vatId: erika.vatId },
    { email: 'erika@EXAMPLE.com' },
    { buyerId: 'K-77' },
  ])
    assert.deepEqual(await find(tenant, subject), mine, JSON.stringify(subject));
  assert.deepEqual(
    await find(tenant, { email: 'erika@example.com', buyerId: 'K-78' }),
    [],
    'all that is given must agree',
  );

  const folder = await mkdtemp(join(tmpdir(), 'invoicepress-sealed-'));
  try {
    const file = join(folder, 'erika.zip');
    const subject = { vatId: erika.vatId };
    const counts = await exportData(
      { database: privacy, storage: api.context.storage },
      { tenantId: tenant.id, subject, file },
    );
    assert.deepEqual(counts, { invoices: 2, documents: 1 });
    const lines = (await unzipped(file, 'invoices.jsonl'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { payload: { issued: { buyer: object } } });
    assert.deepEqual(
      lines.map(({ payload }) => payload.issued.buyer),
      [erika, erika],
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const outcomes = await Array.fromAsync(eraseBuyer(parts, { tenantId: tenant.id, subject: { buyerId: 'K-77' } }));
  assert.deepEqual(
    outcomes.map(({ id, outcome }) => [id, outcome]),
    [
      [mine[0], 'unsettled'],
      [mine[1], 'erased'],
    ],
  );
  assert.equal((await tenant.client.getInvoice(foreign)).erasedAt, undefined);
});

test('destroying the key of a tenant is refused while anything must be kept, and erases all of it otherwise', async () => {
  const tenant = await api.tenant();
  const old = await aReady(tenant, OLD);
  const waiting = await tenant.client.submitInvoice(submission());
  const destroy = (more = {}) => destroyKey(parts, tenant.id, more);
  const inTenant = <T>(work: Parameters<typeof withTenant<T>>[2]) => withTenant(privacy, tenant.id, work);
  const refused = async (why: RegExp) => {
    await assert.rejects(destroy(), why);
    await assert.rejects(destroy({ dryRun: true }), why);
    assert.ok((await keys(tenant))[0]?.wrapped);
  };
  await refused(/nothing was destroyed: invoice .* is on its way; cancel it/);
  await tenant.client.cancelInvoice(waiting.id);
  const hold = await inTenant((tx) => placeHold(tx, { reason: 'a dispute' }));
  await refused(/the tenant is held; release the hold/);
  await inTenant((tx) => releaseHold(tx, hold!));
  await assert.rejects(destroyKey({ ...parts, extraYears: 20 }, tenant.id), /has to be kept by law/);
  assert.deepEqual(await destroy({ dryRun: true }), { destroyed: 0, erased: 0 });
  assert.equal((await tenant.client.getInvoice(old.id)).erasedAt, undefined);

  assert.deepEqual(await destroy(), { destroyed: 1, erased: 2 });
  assert.deepEqual(await keys(tenant), [{ version: 1, wrapped: null }]);
  assert.deepEqual(await payloads(tenant), []);
  for (const { id } of [old, waiting]) assert.ok((await tenant.client.getInvoice(id)).erasedAt);
  assert.deepEqual(await destroy(), { destroyed: 0, erased: 0 }, 'it may be run again');
  const told = await Array.fromAsync(tenant.client.listAudit({ action: 'privacy destroy-key' }));
  assert.ok(
    told.some(({ touched }) => touched.includes(tenant.id)),
    'the audit trail tells of it',
  );
});

test('a tenant whose key was destroyed gets a new one with its next invoice', async () => {
  const tenant = await api.tenant();
  await aReady(tenant, OLD);
  await destroyKey(parts, tenant.id);
  const { id } = await tenant.client.submitInvoice(submission());
  await tenant.client.submitInvoice(submission());
  assert.deepEqual(
    (await keys(tenant)).map(({ version, wrapped }) => [version, wrapped !== null]),
    [
      [1, false],
      [2, true],
    ],
  );
  assert.match((await payloads(tenant))[0]?.stored ?? '', /^\{"sealed": "2\./);
  assert.equal((await tenant.client.getInvoice(id)).status, 'queued');
});

const unzipped = async (file: string, name: string): Promise<string> => {
  const zip = await fromBufferPromise(await readFile(file), { autoClose: false });
  for await (const entry of zip.eachEntry())
    if (entry.fileName === name) return text(await zip.openReadStreamPromise(entry));
  throw new Error(`there is no ${name}`);
};
