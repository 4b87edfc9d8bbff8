import type { DocumentLink } from '@invoicepress/client';
import { formats } from '@invoicepress/invoice';
import { aDraft } from '@invoicepress/invoice/testing';
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, test } from 'node:test';
import { assertProblem } from './assert-problem.ts';
import { claim, makeFailed, makeReady } from './make-ready.ts';
import { startApi } from './start-api.ts';

let now = new Date();
const api = await startApi({}, { clock: () => now });
after(() => api[Symbol.asyncDispose]());
const tenant = await api.tenant();
const submit = async (number: string) => (await tenant.client.submitInvoice(aDraft({ number }))).id;
const ready = await submit('R/2026 № 1');
const bytes = await makeReady(api, tenant, ready);
const link = `/v1/invoices/${ready}/documents/pdf`;

test('a ready invoice lists its documents', async () => {
  const { status, documents, readyAt } = await tenant.client.getInvoice(ready);
  assert.equal(status, 'ready');
  assert.ok(readyAt);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  assert.deepEqual(documents, [
    { format: 'pdf', mediaType: 'application/pdf', sizeBytes: bytes.length, sha256, pages: 1, href: link },
  ]);
});

test('a document is a redirect to a fresh link, which needs no token', async () => {
  for (const accept of ['*/*', 'application/pdf', 'text/html,application/xhtml+xml,*/*;q=0.8']) {
    const response = await tenant.fetch(link, { headers: { accept } });
    assert.equal(response.status, 302, accept);
    assert.match(response.headers.get('vary') ?? '', /accept/i);
    assert.equal(response.headers.get('cache-control'), 'no-store');
    const document = await fetch(response.headers.get('location') ?? '');
    assert.equal(document.status, 200);
    assert.deepEqual(await document.bytes(), bytes);
  }
});

test('asked for JSON, the link comes with what is known of the document', async () => {
  const response = await tenant.fetch(link, { headers: { accept: 'application/json' } });
  assert.equal(response.status, 200);
  const { url, expiresAt, ...rest } = (await response.json()) as DocumentLink;
  const [document] = (await tenant.client.getInvoice(ready)).documents;
  assert.deepEqual(rest, {
    fileName: 'R-2026-1.pdf',
    mediaType: 'application/pdf',
    sizeBytes: bytes.length,
    sha256: document?.sha256,
  });
  assert.equal(Date.parse(expiresAt) - now.getTime(), 300_000);
  assert.deepEqual(await (await fetch(url)).bytes(), bytes);
});

test('a document is served with fixed headers, whoever asks', async () => {
  const { url } = await tenant.client.getDocumentLink(ready);
  const response = await fetch(url, { headers: { accept: 'text/html' } });
  assert.equal(response.headers.get('content-type'), 'application/pdf');
  assert.match(response.headers.get('content-disposition') ?? '', /^inline; filename="R-2026/);
  assert.equal(response.headers.get('x-content-type-options'), 'nosniff');
  assert.equal(response.headers.get('content-length'), String(bytes.length));
  assert.match(response.headers.get('cache-control') ?? '', /private|no-store/);
});

test('a changed link is refused', async () => {
  const { url } = await tenant.client.getDocumentLink(ready);
  const other = await submit('other');
  await makeReady(api, tenant, other, '%PDF-1.7 another document');
  const theirs = new URL((await tenant.client.getDocumentLink(other)).url);
  const changed = (change: (link: URL) => void) => {
    const copy = new URL(url);
    change(copy);
    return copy;
  };
  for (const forged of [
    changed((copy) => (copy.pathname = theirs.pathname)),
    changed((copy) => copy.searchParams.set('expires', '99999999999')),
    changed((copy) => copy.searchParams.set('type', 'text/html')),
    changed((copy) => copy.searchParams.set('disposition', 'attachment')),
    changed((copy) => copy.searchParams.set('name', 'virus.exe')),
    changed((copy) => copy.searchParams.set('signature', '')),
    changed((copy) => copy.searchParams.delete('signature')),
    changed((copy) => copy.searchParams.append('type', 'text/html')),
    changed((copy) => (copy.pathname = '/files/../../etc/passwd')),
    changed((copy) => (copy.pathname = '/files/a')),
    changed((copy) => (copy.search = '')),
  ]) {
    const response = await fetch(forged);
    assert.ok([403, 404].includes(response.status), forged.href);
    await assertProblem(response, response.status === 403 ? 'invalid-link' : 'not-found');
  }
});

test('a link expires after five minutes', async () => {
  const { url } = await tenant.client.getDocumentLink(ready);
  const before = now;
  now = new Date(before.getTime() + 299_000);
  assert.equal((await fetch(url)).status, 200);
  now = new Date(before.getTime() + 301_000);
  const { detail } = await assertProblem(await fetch(url), 'invalid-link');
  now = before;
  assert.match(detail, /expired.*fresh/);
});

test('a document that storage has lost is not found, and asking for it is no crash', async () => {
  const sha256 = createHash('sha256').update('never stored').digest('hex');
  const url = await api.context.storage.signedUrl({
    key: `${tenant.id}/${ready}/${sha256}.pdf`,
    fileName: 'a.pdf',
    mediaType: 'application/pdf',
    disposition: 'inline',
    expiresInSeconds: 60,
  });
  await assertProblem(await fetch(url), 'not-found');
});

test('what is not ready has no document yet, and is worth another look', async () => {
  const queued = await submit('queued');
  const rendering = await submit('rendering');
  await claim(api, tenant, rendering);
  for (const [id, word] of [
    [queued, 'queued'],
    [rendering, 'rendering'],
  ] as const) {
    const response = await tenant.fetch(`/v1/invoices/${id}/documents/pdf`);
    assert.match((await assertProblem(response, 'wrong-status')).detail, new RegExp(word));
    assert.equal(response.headers.get('retry-after'), '1');
  }
});

test('what failed or was canceled will have none, and is not worth waiting for', async () => {
  const failed = await submit('failed');
  await makeFailed(api, tenant, failed);
  const canceled = await submit('canceled');
  await tenant.client.cancelInvoice(canceled);
  for (const [id, words] of [
    [failed, /no image\. Send a PNG/],
    [canceled, /canceled/],
  ] as const) {
    const response = await tenant.fetch(`/v1/invoices/${id}/documents/pdf`);
    assert.match((await assertProblem(response, 'wrong-status')).detail, words);
    assert.equal(response.headers.get('retry-after'), null);
  }
});

test('every format is served under its own name and media type', async () => {
  const id = await submit('R-2');
  const text = await makeReady(api, tenant, id, 'whatever it says', formats);
  const { documents } = await tenant.client.getInvoice(id);
  assert.deepEqual(
    documents.map(({ format, href, pages }) => [format, href, pages]),
    formats.map((format) => [format, `/v1/invoices/${id}/documents/${format}`, pagesOf[format]]),
  );
  const expected = {
    pdf: ['R-2.pdf', 'application/pdf'],
    facturx: ['R-2.facturx.pdf', 'application/pdf'],
    ubl: ['R-2.ubl.xml', 'application/xml'],
    cii: ['R-2.cii.xml', 'application/xml'],
    json: ['R-2.json', 'application/json'],
  };
  for (const format of formats) {
    const document = await tenant.client.getDocumentLink(id, format);
    assert.deepEqual([document.fileName, document.mediaType], expected[format]);
    const response = await fetch(document.url);
    assert.equal(response.headers.get('content-type'), expected[format][1]);
    assert.match(response.headers.get('content-disposition') ?? '', new RegExp(`filename="${expected[format][0]}"`));
    assert.deepEqual(await response.bytes(), text);
  }
});
const pagesOf = { pdf: 1, facturx: 1, ubl: undefined, cii: undefined, json: undefined };

test('a format that was not asked for is not found, and the answer says which there are and how to get more', async () => {
  const { detail } = await assertProblem(await tenant.fetch(`/v1/invoices/${ready}/documents/ubl`), 'not-found');
  assert.match(detail, /no document in the format "ubl", but in pdf; name others on submission, in "formats"/);
});

test('there is no document in a format that nobody renders', async () => {
  for (const format of ['docx', 'PDF', '__proto__', '%00', 'x'.repeat(2_000)]) {
    await assertProblem(await tenant.fetch(`/v1/invoices/${ready}/documents/${format}`), 'not-found');
  }
});
