import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { formats, type SubmitInvoice } from '@invoicepress/client';
import { createRenderer } from '@invoicepress/documents';
import { issueInvoice } from '@invoicepress/invoice';
import { verifyDocument, verifyEmbedded, type Download } from '../src/demo-verify.ts';
import { draftOf, samples } from '../src/samples/index.ts';

const renderer = createRenderer();

/** What a client holds after it downloaded the documents of a sample. */
const downloads = (submitted: SubmitInvoice): (Download & { pages: number })[] => {
  const { draft, assets } = draftOf({ ...submitted, formats: [...formats] });
  const invoice = issueInvoice(draft, submitted.number ?? 'DEMO-2026-00007', '2026-11-22');
  return renderer.render(invoice, assets).map(({ format, bytes, pageCount = 0 }) => ({
    format,
    bytes,
    link: linkTo(bytes),
    invoice,
    submitted,
    pages: pageCount,
  }));
};
const linkTo = (bytes: Uint8Array) => ({
  sizeBytes: bytes.length,
  sha256: createHash('sha256').update(bytes).digest('hex'),
});
const sampleNamed = (name: string): SubmitInvoice => samples.find((sample) => sample.name === name)!.invoice;

for (const { name, invoice } of samples) {
  test(`every document of ${name} has its number and its totals, and its CII is in the Factur-X file`, async () => {
    const made = downloads(invoice);
    assert.deepEqual(
      made.map(({ format }) => format),
      formats,
    );
    for (const download of made) {
      const before = Buffer.from(download.bytes);
      const { pages, attachments } = await verifyDocument(download);
      assert.equal(pages, download.pages);
      assert.ok(before.equals(download.bytes), 'the bytes can still be saved');
      assert.equal(attachments.size > 0, download.format === 'facturx');
      if (download.format === 'facturx') verifyEmbedded('', attachments, documentIn(made, 'cii').bytes);
    }
  });
}
const documentIn = <T extends { format: string }>(made: T[], format: string): T =>
  made.find((download) => download.format === format)!;

test('a number so long that it breaks across lines is found all the same', async () => {
  const { series: _series, ...submitted } = sampleNamed('es-winery');
  const number = 'FACTURA/LOGROÑO/2026/OCTUBRE/000000000000000000000000042';
  for (const made of downloads({ ...submitted, number })) await verifyDocument(made);
});

test('a number that XML has to escape is found all the same', async () => {
  const { series: _series, ...submitted } = sampleNamed('es-winery');
  for (const made of downloads({ ...submitted, number: `<A&B> "7" 'x'` })) await verifyDocument(made);
});

const all = downloads(sampleNamed('de-agency'));
const download = documentIn(all, 'pdf');
const { bytes, invoice } = download;
const gross = invoice.totals.taxInclusive;
/** Of the same length, in no sum of the invoice. */
const otherGross = gross.replaceAll(/\d/g, (digit) => String((Number(digit) + 1) % 10));

for (const format of ['ubl', 'cii', 'json'] as const) {
  const structured = documentIn(all, format);
  const altered = (from: string, to: string) => {
    const text = Buffer.from(structured.bytes).toString();
    assert.ok(text.includes(from), `${from} is in it`);
    const changed = new TextEncoder().encode(text.replaceAll(from, to));
    return { ...structured, bytes: changed, link: linkTo(changed) };
  };
  test(`another number, gross total or amount to be paid is found in ${format}`, async () => {
    await assert.rejects(verifyDocument(altered('NG-2026-0310', 'NG-2026-0311')), /has the number "NG-2026-0311"/);
    const total = `has the gross total ${otherGross}, the API says ${gross}`;
    await assert.rejects(verifyDocument(altered(gross, otherGross)), new RegExp(total));
    const due = { ...invoice, totals: { ...invoice.totals, payable: '1.00' } };
    const payable = `has ${invoice.totals.payable} to be paid, the API says 1.00`;
    await assert.rejects(verifyDocument({ ...structured, invoice: due }), new RegExp(payable));
  });
}

test('a Factur-X file without its XML, or with another, is found', () => {
  const cii = documentIn(all, 'cii').bytes;
  verifyEmbedded('R-1', new Map([['factur-x.xml', cii]]), cii);
  assert.throws(() => verifyEmbedded('R-1', new Map(), cii), /facturx document of invoice R-1 has no XML in it/);
  const other = new Map([['xrechnung.xml', cii.slice(1)]]);
  assert.throws(() => verifyEmbedded('R-1', other, cii), /of invoice R-1 is not its cii document/);
});

test('a flipped byte is found', async () => {
  const flipped = Uint8Array.from(bytes);
  flipped[flipped.length >> 1]! ^= 1;
  await assert.rejects(
    verifyDocument({ ...download, bytes: flipped }),
    /pdf document of invoice NG-2026-0310 has the SHA-256 [0-9a-f]{64}, the API says [0-9a-f]{64}/,
  );
});

test('a missing byte is found', async () => {
  await assert.rejects(verifyDocument({ ...download, bytes: bytes.slice(0, -1) }), /has \d+ bytes, the API says \d+/);
});

test('bytes that are no PDF are found, whatever their checksum', async () => {
  const html = new TextEncoder().encode('<h1>Bad gateway</h1>');
  await assert.rejects(
    verifyDocument({ ...download, bytes: html, link: linkTo(html) }),
    /pdf document of invoice NG-2026-0310 cannot be read/,
  );
});

test("another invoice's number is found", async () => {
  await assert.rejects(
    verifyDocument({ ...download, invoice: { ...invoice, number: 'NG-2026-0311' } }),
    /does not show its number/,
  );
});

// Neither another total, nor a part of the one that is shown, nor a longer one will do.
const tenth = (Number(gross) / 10).toFixed(2);
for (const taxInclusive of [otherGross, gross.slice(1), gross.slice(2), `1${gross}`, tenth, gross.slice(0, -1)]) {
  test(`a total of ${taxInclusive} is found to be wrong`, async () => {
    const wrong = { ...invoice, totals: { ...invoice.totals, taxInclusive } };
    await assert.rejects(verifyDocument({ ...download, invoice: wrong }), /does not show its gross total/);
  });
}

test('a total in the manner of another language is found', async () => {
  await assert.rejects(
    verifyDocument({ ...download, submitted: { language: 'en' } }),
    /does not show its gross total, \d\d,\d{3}\.\d\d/,
  );
});
