import { cancelInvoice, withTenant } from '@invoicepress/database';
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

test('a ready invoice is told of once, with its ids, its milliseconds and its bytes', async () => {
  await using site = await aSite();
  await using worker = await aWorker(site);
  const [job] = await site.accept({});
  await worker.attempt(job!);

  const lines = worker.logged('invoice_ready');
  assert.equal(lines.length, 1);
  const { tenantId, clientId, invoiceId, milliseconds, payloadBytes } = lines[0]!;
  assert.deepEqual(
    { tenantId, clientId, invoiceId },
    { tenantId: site.tenantId, clientId: site.clientId, invoiceId: job!.invoiceId },
  );
  assert.ok(Number(milliseconds) >= 0 && Number.isFinite(milliseconds));
  const [payload] = await site.superuser.prisma.invoicePayload.findMany();
  assert.deepEqual(payloadBytes, Buffer.byteLength(JSON.stringify(payload!.issued)));
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
