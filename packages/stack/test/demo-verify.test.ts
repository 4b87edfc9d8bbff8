import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { SubmitInvoice, toDraft } from '@invoicepress/client';
import { createRenderer } from '@invoicepress/documents';
import { issueInvoice } from '@invoicepress/invoice';
import { verifyDocument, type Download } from '../src/demo-verify.ts';
import { samples } from '../src/samples/index.ts';

const renderer = createRenderer();

/** What a client holds after it downloaded the document of a sample. */
const aDownload = (submitted: SubmitInvoice): Download & { pages: number } => {
  const invoice = issueInvoice(
    toDraft(SubmitInvoice.parse(submitted)),
    submitted.number ?? 'DEMO-2026-00007',
    '2026-11-22',
  );
  const { bytes, pages } = renderer.render(invoice);
  return { bytes, link: linkTo(bytes), invoice, submitted, pages };
};
const linkTo = (bytes: Uint8Array) => ({
  sizeBytes: bytes.length,
  sha256: createHash('sha256').update(bytes).digest('hex'),
});
const sampleNamed = (name: string): SubmitInvoice => samples.find((sample) => sample.name === name)!.invoice;

for (const { name, invoice } of samples) {
  test(`the PDF of ${name} shows its number and its gross total`, async () => {
    const download = aDownload(invoice);
    const before = Buffer.from(download.bytes);
    assert.deepEqual(await verifyDocument(download), { pages: download.pages });
    assert.ok(before.equals(download.bytes), 'the bytes can still be saved');
  });
}

test('a number so long that it breaks across lines is found all the same', async () => {
  const { series: _series, ...submitted } = sampleNamed('es-winery');
  await verifyDocument(aDownload({ ...submitted, number: 'FACTURA/LOGROÑO/2026/OCTUBRE/000000000000000000000000042' }));
});

const download = aDownload(sampleNamed('de-agency'));
const { bytes, invoice } = download;

test('a flipped byte is found', async () => {
  const flipped = Uint8Array.from(bytes);
  flipped[flipped.length >> 1]! ^= 1;
  await assert.rejects(
    verifyDocument({ ...download, bytes: flipped }),
    /PDF of invoice NG-2026-0310 has the SHA-256 [0-9a-f]{64}, the API says [0-9a-f]{64}/,
  );
});

test('a missing byte is found', async () => {
  await assert.rejects(verifyDocument({ ...download, bytes: bytes.slice(0, -1) }), /has \d+ bytes, the API says \d+/);
});

test('bytes that are no PDF are found, whatever their checksum', async () => {
  const html = new TextEncoder().encode('<h1>Bad gateway</h1>');
  await assert.rejects(
    verifyDocument({ ...download, bytes: html, link: linkTo(html) }),
    /PDF of invoice NG-2026-0310 cannot be read/,
  );
});

test("another invoice's number is found", async () => {
  await assert.rejects(
    verifyDocument({ ...download, invoice: { ...invoice, number: 'NG-2026-0311' } }),
    /does not show its number/,
  );
});

// The document shows 10.534,50: neither another total, nor a part of it, nor a longer one will do.
for (const taxInclusive of ['10534.51', '534.50', '0534.50', '110534.50', '1053.45', '10534.5']) {
  test(`a total of ${taxInclusive} is found to be wrong`, async () => {
    const wrong = { ...invoice, totals: { ...invoice.totals, taxInclusive } };
    await assert.rejects(verifyDocument({ ...download, invoice: wrong }), /does not show its gross total/);
  });
}

test('a total in the manner of another language is found', async () => {
  await assert.rejects(
    verifyDocument({ ...download, submitted: { language: 'en' } }),
    /does not show its gross total, 10,534\.50/,
  );
});
