import type { Export } from '@invoicepress/client';
import { claimExport, finishPart, withTenant } from '@invoicepress/database';
import { aDraft } from '@invoicepress/invoice/testing';
import { exportKey } from '@invoicepress/storage';
import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { assertProblem, faultsIn } from './assert-problem.ts';
import { makeReady } from './make-ready.ts';
import { sharedApi, type Tenant } from './start-api.ts';

const api = await sharedApi();

const submitReady = async (tenant: Tenant, overrides: Parameters<typeof aDraft>[0] = {}): Promise<void> => {
  const { id } = await tenant.client.submitInvoice(aDraft({ number: randomUUID(), ...overrides }));
  await makeReady(api, tenant, id, '%PDF', ['pdf', 'ubl']);
};

/** Stands in for a worker: these bytes are the next archive of the export. */
const finish = async (tenant: Tenant, id: string, text: string, isLast: boolean): Promise<void> => {
  const bytes = new TextEncoder().encode(text);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const storageKey = exportKey({ exportId: id, sha256 });
  await api.context.storage.put({ key: storageKey, bytes, sha256, mediaType: 'application/zip' });
  await withTenant(api.worker, tenant.id, async (tx) => {
    await tx.db.$executeRaw`UPDATE document_export SET lease_expires_at = now() - interval '1 second'`;
    const claim = await claimExport(tx, id, 60_000);
    assert.ok(claim);
    const part = { storageKey, sha256, sizeBytes: bytes.length, documents: 1, last: undefined, isLast };
    await finishPart(tx, claim, part);
  });
};

test('an export tells how far it is, and in the end gives its archives by pre-signed URLs', async () => {
  const tenant = await api.tenant();
  await submitReady(tenant, { issueDate: '2026-01-31' });
  await submitReady(tenant, { issueDate: '2026-02-01' });
  const filter = { issuedFrom: '2026-02-01', formats: ['pdf' as const] };
  const created = await tenant.client.createExport(filter);
  assert.deepEqual([created.status, created.filter, created.documents], ['queued', filter, { done: 0, total: 1 }]);
  const archive = `/v1/exports/${created.id}/archive`;
  const early = await tenant.fetch(archive);
  assert.equal(early.headers.get('retry-after'), '5');
  await assertProblem(early, 'export-status');

  await finish(tenant, created.id, 'one', false);
  assert.match((await assertProblem(await tenant.fetch(archive), 'export-status')).detail, /1 of 1 documents/);
  await finish(tenant, created.id, 'two', true);
  const ready = await tenant.client.waitForExport(created.id);
  assert.deepEqual([ready.status, ready.documents, ready.parts.length], ['ready', { done: 2, total: 2 }, 2]);
  const texts = await Array.fromAsync(tenant.client.downloadExport(created.id), ({ bytes, link }) => {
    assert.match(link.fileName, /^export-\d{4}-\d{2}-\d{2}-[0-9a-f]{8}-[12]\.zip$/);
    return new TextDecoder().decode(bytes);
  });
  assert.deepEqual(texts, ['one', 'two']);
  const redirect = await tenant.fetch(archive);
  assert.equal(redirect.status, 302);
  const fetched = await fetch(redirect.headers.get('location') ?? '');
  assert.equal(fetched.headers.get('content-type'), 'application/zip');
  assert.equal(await fetched.text(), 'one');
  await assertProblem(await tenant.fetch(`${archive}?part=3`), 'not-found');
  await assertProblem(await tenant.fetch(`${archive}?part=0`), 'invalid-parameter');
  await assertProblem(await tenant.post(`/v1/exports/${created.id}/cancel`), 'export-status');
});

test('exports are listed newest first, page by page, and are nobody else’s', async () => {
  const [tenant, stranger] = [await api.tenant(), await api.tenant()];
  const ids = [];
  for (let i = 0; i < 3; i++) ids.unshift((await tenant.client.createExport()).id);
  const first = await tenant.client.listExports({ limit: '2' });
  assert.deepEqual(
    first.exports.map(({ id }) => id),
    ids.slice(0, 2),
  );
  assert.ok(first.nextCursor);
  const second = await tenant.client.listExports({ limit: '2', cursor: first.nextCursor });
  assert.deepEqual([second.exports.map(({ id }) => id), second.nextCursor], [ids.slice(2), undefined]);
  assert.deepEqual(await stranger.client.listExports(), { exports: [] });
  for (const path of ['', '/archive'])
    await assertProblem(await stranger.fetch(`/v1/exports/${ids[0]}${path}`), 'not-found');
  await assertProblem(await stranger.post(`/v1/exports/${ids[0]}/cancel`), 'not-found');
  await assertProblem(await tenant.fetch('/v1/exports/nothing'), 'not-found');
});

test('three exports may be unfinished at a time, however many are asked for at once; canceling one makes room', async () => {
  const tenant = await api.tenant();
  const answers = await Promise.all(Array.from({ length: 6 }, () => tenant.post('/v1/exports', {})));
  const created = answers.filter(({ status }) => status === 202);
  assert.equal(created.length, 3);
  for (const answer of answers) if (answer.status !== 202) await assertProblem(answer, 'too-many-exports');
  const { id } = (await created[0]!.json()) as Export;
  assert.equal((await tenant.client.cancelExport(id)).status, 'canceled');
  assert.match(
    (await assertProblem(await tenant.fetch(`/v1/exports/${id}/archive`), 'export-status')).detail,
    /canceled/,
  );
  await tenant.client.createExport();
});

test('the same request with the same key makes one export', async () => {
  const tenant = await api.tenant();
  const post = () => tenant.post('/v1/exports', {}, { 'idempotency-key': 'once' });
  const [first, second] = [await post(), await post()];
  assert.equal(await second.text(), await first.text());
  assert.equal((await tenant.client.listExports()).exports.length, 1);
});

test('what makes no sense is refused with a pointer to each fault, and without the scope it is refused at all', async () => {
  const tenant = await api.tenant();
  const cases: [object, string][] = [
    [{ issuedFrom: '2026-02-30' }, '/issuedFrom'],
    [{ issuedFrom: '2026-03-01', issuedTo: '2026-02-01' }, '/issuedTo'],
    [{ formats: [] }, '/formats'],
    [{ formats: ['docx'] }, '/formats/0'],
    [{ ids: ['x'] }, '/ids/0'],
    [{ metadata: [] }, '/metadata'],
    [{ status: 'ready' }, '/status'],
  ];
  for (const [body, pointer] of cases) {
    const problem = await assertProblem(await tenant.post('/v1/exports', body), 'invalid-request');
    assert.deepEqual(Object.keys(faultsIn(problem)), [pointer], JSON.stringify(body));
  }
  const writer = await api.tenant({ scopes: ['invoices:write', 'invoices:read'] });
  await assertProblem(await writer.post('/v1/exports', {}), 'missing-scope');
  await assertProblem(await writer.fetch('/v1/exports'), 'missing-scope');
});
