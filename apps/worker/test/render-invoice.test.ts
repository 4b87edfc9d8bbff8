import { cancelInvoice, withTenant } from '@invoicepress/database';
import { formatInfo, formats, type Format } from '@invoicepress/invoice';
import { StorageUnreachable } from '@invoicepress/storage';
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { aWorker } from './a-worker.ts';
import { aSite, eventually } from './site.ts';

for (const backends of [
  { queue: 'Redis', storage: 'S3' },
  { queue: 'PostgreSQL', storage: 'files' },
] as const) {
  const name = `${backends.queue} and ${backends.storage}`;
  test(`with ${name}, a queued invoice becomes ready, and its PDF lies in storage under its hash`, async () => {
    await using site = await aSite(backends);
    await using worker = await aWorker(site);
    await worker.consume();
    const [job] = await site.submit({ number: 'R-2026-0815' });
    await site.until([job!], 'ready');

    const invoice = await site.invoice(job!);
    const [document, ...others] = invoice.documents;
    assert.deepEqual(others, []);
    const bytes = await site.storage.get(document!.storageKey);
    assert.equal(createHash('sha256').update(bytes).digest('hex'), document!.sha256);
    assert.equal(document!.storageKey, `${site.tenantId}/${invoice.id}/${document!.sha256}.pdf`);
    assert.deepEqual(
      {
        format: document!.format,
        mediaType: document!.mediaType,
        sizeBytes: document!.sizeBytes,
        pageCount: document!.pageCount,
      },
      { format: 'pdf', mediaType: 'application/pdf', sizeBytes: bytes.length, pageCount: 1 },
    );
    assert.match(await textOf(bytes), /R-2026-0815/);
    assert.equal(invoice.leaseExpiresAt, null);
    assert.ok(invoice.readyAt);
  });
}

test('an invoice becomes ready with a document for each of its formats, in their order', async () => {
  await using site = await aSite({ storage: 'S3' });
  await using worker = await aWorker(site);
  const [job] = await site.accept({ number: 'R-7', formats: [...formats] });
  assert.deepEqual(await worker.attempt(job!), { outcome: 'done' });
  const { status, documents } = await site.invoice(job!);
  assert.equal(status, 'ready');
  assert.deepEqual(
    documents.map(({ format, mediaType, pageCount }) => [format, mediaType, pageCount]),
    [
      ['pdf', 'application/pdf', 1],
      ['facturx', 'application/pdf', 1],
      ['ubl', 'application/xml', null],
      ['cii', 'application/xml', null],
      ['json', 'application/json', null],
    ],
  );
  for (const { format, storageKey, sha256, sizeBytes } of documents) {
    const bytes = Buffer.from(await site.storage.get(storageKey));
    assert.equal(createHash('sha256').update(bytes).digest('hex'), sha256);
    assert.equal(bytes.length, sizeBytes);
    assert.equal(storageKey, `${site.tenantId}/${job!.invoiceId}/${sha256}.${formatInfo[format as Format].extension}`);
    assert.match(format === 'pdf' || format === 'facturx' ? await textOf(bytes) : bytes.toString(), /R-7/);
  }
});

test('what has no pages is rendered without any', async () => {
  await using site = await aSite();
  await using worker = await aWorker(site);
  const [job] = await site.accept({ formats: ['ubl'] });
  await worker.attempt(job!);
  assert.deepEqual(
    (await site.invoice(job!)).documents.map(({ format }) => format),
    ['ubl'],
  );
  assert.equal(worker.logged('invoice_ready')[0]!.pages, 0);
});

test('a document that cannot be stored keeps the whole invoice from being ready', async () => {
  await using site = await aSite();
  await using worker = await aWorker(site);
  const { storage } = worker.context;
  let away = true;
  worker.context.storage = {
    ...storage,
    put: (object) =>
      away && object.mediaType === 'application/xml'
        ? Promise.reject(new StorageUnreachable('away'))
        : storage.put(object),
  };
  const [job] = await site.accept({ formats: ['pdf', 'ubl', 'json'] });
  assert.equal((await worker.attempt(job!)).outcome, 'delay');
  const before = await site.invoice(job!);
  assert.deepEqual([before.status, before.documents], ['queued', []]);

  away = false;
  assert.deepEqual(await worker.attempt(job!), { outcome: 'done' });
  const { status, documents } = await site.invoice(job!);
  assert.deepEqual([status, documents.length], ['ready', 3]);
});

test('a ready invoice is told of once, with its ids, its milliseconds and its bytes', async () => {
  await using site = await aSite();
  await using worker = await aWorker(site);
  const [job] = await site.accept({ formats: ['pdf', 'cii'] });
  await worker.attempt(job!);

  const lines = worker.logged('invoice_ready');
  assert.equal(lines.length, 1);
  const { tenantId, clientId, invoiceId, milliseconds, payloadBytes, documentBytes, pages } = lines[0]!;
  assert.deepEqual(
    { tenantId, clientId, invoiceId },
    { tenantId: site.tenantId, clientId: site.clientId, invoiceId: job!.invoiceId },
  );
  assert.ok(Number(milliseconds) >= 0 && Number.isFinite(milliseconds));
  const [payload] = await site.superuser.prisma.$queryRaw<{ bytes: number }[]>`
    SELECT octet_length(issued::text) AS bytes FROM invoice_payload`;
  assert.deepEqual(payloadBytes, payload!.bytes);
  const { documents } = await site.invoice(job!);
  assert.equal(
    documentBytes,
    documents.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
  );
  assert.equal(pages, 1);
});

test('the same job again changes nothing', async () => {
  await using site = await aSite();
  await using worker = await aWorker(site);
  const [job] = await site.accept({});
  assert.deepEqual(await worker.attempt(job!), { outcome: 'done' });
  const before = await site.invoice(job!);
  assert.deepEqual(await worker.attempt(job!), { outcome: 'done' });
  assert.deepEqual(await site.invoice(job!), before);
  assert.equal(worker.logged('invoice_ready').length, 1);
});

test('a job of an older generation does nothing', async () => {
  await using site = await aSite();
  await using worker = await aWorker(site);
  const [job] = await site.accept({});
  const before = await site.invoice(job!);
  assert.deepEqual(await worker.attempt({ ...job!, generation: job!.generation - 1 }), { outcome: 'done' });
  assert.deepEqual(await site.invoice(job!), before);
});

test('an invoice that was canceled before it was claimed stays canceled, without documents', async () => {
  await using site = await aSite();
  await using worker = await aWorker(site);
  const [job] = await site.submit({});
  await withTenant(site.superuser, site.tenantId, (tx) => cancelInvoice(tx, job!.invoiceId));
  await worker.consume();
  await eventually('the queue is done with the job', async () => (await site.queue.presence([job!]))[0] === 'finished');
  const invoice = await site.invoice(job!);
  assert.equal(invoice.status, 'canceled');
  assert.deepEqual(invoice.documents, []);
  assert.equal(invoice.leaseEpoch, 0);
});

test("a job for another tenant's invoice finds nothing", async () => {
  await using site = await aSite();
  await using worker = await aWorker(site);
  const [job] = await site.accept({});
  assert.deepEqual(await worker.attempt({ ...job!, tenantId: crypto.randomUUID() }), { outcome: 'done' });
  assert.equal((await site.invoice(job!)).status, 'queued');
});

const textOf = async (bytes: Uint8Array): Promise<string> => {
  const loading = getDocument({ data: Uint8Array.from(bytes), verbosity: 0 });
  const pdf = await loading.promise;
  const { items } = await (await pdf.getPage(1)).getTextContent();
  await loading.destroy();
  return items.map((item) => ('str' in item ? item.str : '')).join(' ');
};
