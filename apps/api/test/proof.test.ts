import { openBundle, readManifest, readOwnKey, readPublicKeys, verifySignature } from '@invoicepress/proof';
import { formats, reportRules, ruleSet, type IssuedInvoice } from '@invoicepress/invoice';
import { aDraft } from '@invoicepress/invoice/testing';
import { completeInvoice, retryInvoice, withTenant } from '@invoicepress/database';
import assert from 'node:assert/strict';
import { createHash, createPrivateKey, createPublicKey } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { anSvg } from './a-logo.ts';
import { assertProblem } from './assert-problem.ts';
import { claim, makeFailed, makeReady } from './make-ready.ts';
import { RequestProblem } from '../src/problems.ts';
import { createBudget } from '../src/routes/get-proof.ts';
import { aProofKey, startApi } from './start-api.ts';

const former = createPublicKey(createPrivateKey(aProofKey())).export({ type: 'spki', format: 'pem' }).toString();
const api = await startApi({ PROOF_FORMER_PUBLIC_KEYS: former });
after(() => api[Symbol.asyncDispose]());
const tenant = await api.tenant();
const submit = async (number: string) =>
  (await tenant.client.submitInvoice(aDraft({ number, formats: [...formats] }))).id;
const pathOf = (id: string) => `/v1/invoices/${id}/documents/bundle`;

const ready = await submit('R/2026 № 1');
const bytes = await makeReady(api, tenant, ready, 'whatever it says', formats);

test('a bundle has every document, the frozen invoice, and a manifest that the published key signed', async () => {
  const response = await tenant.fetch(pathOf(ready));
  assert.equal(response.status, 200);
  assert.equal(response.headers.get('content-type'), 'application/zip');
  assert.match(response.headers.get('content-disposition') ?? '', /^attachment; filename="?R-2026-1\.proof\.zip"?$/);
  assert.equal(response.headers.get('cache-control'), 'no-store');
  const zip = await response.bytes();
  assert.equal(response.headers.get('content-length'), String(zip.length));

  const { manifest: signed, signature, keys, files } = await openBundle(zip);
  const published = await readPublicKeys(await (await api.fetch('/.well-known/jwks.json')).text());
  const kid = await verifySignature(signature, signed, published);
  assert.deepEqual((await readOwnKey(keys)).keys, published.keys.slice(0, 1));
  assert.equal(kid, published.keys[0]?.kid);

  const { invoice, files: listed, ...manifest } = readManifest(signed);
  const record = await tenant.client.getInvoice(ready);
  assert.deepEqual(invoice, {
    id: ready,
    tenantId: tenant.id,
    number: 'R/2026 № 1',
    typeCode: '380',
    issueDate: '2026-03-02',
    currency: 'EUR',
    totals: record.totals,
    generation: 1,
    acceptedAt: record.createdAt,
    readyAt: record.readyAt,
  });
  assert.deepEqual(manifest.template, { name: 'default', version: '1' });
  assert.equal(manifest.acceptedUnder, ruleSet);
  assert.deepEqual(
    [...files.keys()],
    listed.map(({ path }) => path),
  );
  for (const { path, sha256, sizeBytes } of listed) {
    const content = files.get(path)!;
    assert.deepEqual([createHash('sha256').update(content).digest('hex'), content.length], [sha256, sizeBytes], path);
  }
  for (const { path, format } of listed)
    if (format) assert.deepEqual(Buffer.from(files.get(path)!), Buffer.from(bytes));
  const snapshot = JSON.parse(Buffer.from(files.get('snapshot.json')!).toString()) as IssuedInvoice;
  assert.equal(snapshot.number, 'R/2026 № 1');
  assert.deepEqual(manifest.rules, reportRules(snapshot));
  assert.deepEqual(manifest.rules.profiles.en16931.violations, []);
});

test('the bundle of a branded invoice has its logo', async () => {
  const branded = await api.tenant();
  const image = anSvg();
  const { sha256 } = await branded.client.uploadLogo(image);
  const { seller, ...draft } = aDraft({ number: 'B-1' });
  await branded.client.createSellerProfile({ name: 'shop', seller, branding: { logo: sha256 } });
  const { id } = await branded.client.submitInvoice({ ...draft, sellerProfile: 'shop' });
  await makeReady(api, branded, id);
  const { manifest, files } = await openBundle(await branded.client.downloadProof(id));
  const [, logo] = readManifest(manifest).files;
  assert.deepEqual(
    [logo?.path, logo?.role, logo?.mediaType, logo?.sha256],
    ['logo.svg', 'logo', 'image/svg+xml', sha256],
  );
  assert.ok(image.equals(files.get('logo.svg') ?? Buffer.alloc(0)));
});

test('it is the same for every request, and the client fetches it in one call', async () => {
  const [first, again] = [await tenant.client.downloadProof(ready), await tenant.client.downloadProof(ready)];
  assert.ok(Buffer.from(first).equals(again));
});

test('it tells the whole way to ready, retries included', async () => {
  const id = await submit('retried');
  await makeFailed(api, tenant, id);
  await withTenant(api.context.database, tenant.id, (tx) => retryInvoice(tx, id));
  const lease = await claim(api, tenant, id, 2);
  assert.ok(lease);
  await api.superuser.prisma
    .$executeRaw`UPDATE invoice SET lease_expires_at = now() - interval '1 hour' WHERE id = ${id}::uuid`;
  await makeReady(api, tenant, id, '%PDF-1.7', ['pdf'], 2);
  const { events, invoice } = readManifest((await openBundle(await tenant.client.downloadProof(id))).manifest);
  assert.equal(invoice.generation, 2);
  assert.deepEqual(
    events.map(({ type, generation, failure }) => [type, generation, failure?.code]),
    [
      ['invoice.accepted', 1, undefined],
      ['invoice.rendering', 1, undefined],
      ['invoice.failed', 1, 'template-error'],
      ['invoice.queued', 2, undefined],
      ['invoice.rendering', 2, undefined],
      ['invoice.ready', 2, undefined],
    ],
  );
});

test('what is not ready has no bundle yet, and what failed has none', async () => {
  const queued = await tenant.fetch(pathOf(await submit('queued')));
  assert.equal(queued.headers.get('retry-after'), '1');
  await assertProblem(queued, 'wrong-status');
  const failed = await submit('failed');
  await makeFailed(api, tenant, failed);
  assert.match(
    (await assertProblem(await tenant.fetch(pathOf(failed)), 'wrong-status')).detail,
    /no image\. Send a PNG/,
  );
});

test("somebody else's invoice is not found, and documents:read is needed", async () => {
  await assertProblem(await (await api.tenant()).fetch(pathOf(ready)), 'not-found');
  await assertProblem(await tenant.fetch(pathOf('nonsense')), 'not-found');
  const reader = await api.clientOf(tenant, { scopes: ['invoices:read'] });
  await assertProblem(await reader.fetch(pathOf(ready)), 'missing-scope');
  await assertProblem(await api.fetch(pathOf(ready)), 'unauthenticated');
});

test('a document that storage has lost is a problem, not half a bundle', async () => {
  const id = await submit('lost');
  await makeReady(api, tenant, id, 'will be lost', ['pdf', 'ubl']);
  const folder = join(fileURLToPath(api.context.config.STORAGE_URL), tenant.id, id);
  for (const name of await readdir(folder)) if (name.endsWith('.xml')) await rm(join(folder, name));
  await assertProblem(await tenant.fetch(pathOf(id)), 'unavailable');
});

test('an invoice whose documents are too large for a bundle is refused before they are read', async () => {
  const id = await submit('large');
  const lease = await claim(api, tenant, id);
  const sha256 = 'ab'.repeat(32);
  const storageKey = `${tenant.id}/${id}/${sha256}.pdf`;
  const document = { format: 'pdf', storageKey, sha256, sizeBytes: 2 ** 28, mediaType: 'application/pdf' } as const;
  await withTenant(api.worker, tenant.id, (tx) => completeInvoice(tx, lease, [document]));
  assert.match((await assertProblem(await tenant.fetch(pathOf(id)), 'too-large')).detail, /one by one/);
});

test('bundles in the making share their memory, and give it back', () => {
  const memory = createBudget(10);
  {
    using _ = memory.take(6);
    assert.throws(
      () => memory.take(5),
      (error) => error instanceof RequestProblem && error.type === 'unavailable',
    );
    using _rest = memory.take(4);
  }
  using _ = memory.take(10);
});

test('the published keys are those in use and before, without a private one', async () => {
  const response = await api.fetch('/.well-known/jwks.json');
  assert.equal(response.headers.get('content-type'), 'application/jwk-set+json; charset=utf-8');
  assert.match(response.headers.get('cache-control') ?? '', /^public, max-age=/);
  const published = (await response.json()) as { keys: Record<string, string>[] };
  const keys = published.keys.filter(({ alg }) => alg === 'EdDSA'); // the others are of tokens
  assert.equal(keys.length, 2);
  for (const key of keys) {
    assert.deepEqual(Object.keys(key).toSorted(), ['alg', 'crv', 'kid', 'kty', 'use', 'x']);
    assert.deepEqual([key.kty, key.crv, key.alg, key.use], ['OKP', 'Ed25519', 'EdDSA', 'sig']);
  }
});
