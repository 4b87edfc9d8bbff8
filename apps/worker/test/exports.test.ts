import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { startWorker } from './a-worker-process.ts';
import { anExportSite } from './an-export-site.ts';
import { eventually } from './site.ts';

const numbered = (count: number, prefix = 'R-') =>
  Array.from({ length: count }, (_, i) => ({ number: `${prefix}${String(i + 1).padStart(5, '0')}` }));
const bytes = randomBytes(3_000);
const sha256 = createHash('sha256').update(bytes).digest('hex');

for (const storage of ['S3', 'files'] as const) {
  test(`${storage}: an export has every document under a safe name, and an index that no spreadsheet takes for formulas`, async () => {
    await using site = await anExportSite({ storage });
    const buyer = (name: string) => ({ name, address: { country: 'DE' } });
    await site.ready(
      [
        { number: 'INV-1', buyer: buyer('=HYPERLINK("http://evil.example")') },
        { number: '2026/07', buyer: buyer('Söhne, "Linde" & Co'), externalId: '+49' },
        { number: 'inv-1', buyer: buyer('@SUM(A1)') },
        { number: 'CON', buyer: buyer('Plain') },
        { number: '../../x', buyer: buyer('Plain') },
      ],
      ['pdf', 'ubl'],
      bytes,
    );
    const id = await site.create();
    await site.pack();
    const found = await site.untilStatus(id, 'ready');
    assert.deepEqual([found.documentsDone, found.documentsTotal, found.parts.length], [10, 10, 1]);

    const files = await site.unpack(id);
    const index = files.get('index.csv')!.toString();
    files.delete('index.csv');
    assert.equal(files.size, 10);
    for (const [name, content] of files) {
      assert.match(name, /^[A-Za-z0-9_][A-Za-z0-9._~-]*\.(pdf|ubl\.xml)$/);
      assert.ok(content.equals(bytes), name);
    }
    const lower = [...files.keys()].map((name) => name.toLowerCase());
    assert.equal(new Set(lower).size, 10, 'no two names are one where case does not count');
    assert.ok(files.has('INV-1.pdf') && !files.has('CON.pdf'));

    const rows = index.split('\r\n');
    assert.equal(rows.length, 12); // a header, ten rows, and the end of the last
    assert.equal(
      rows[0],
      'number,type,issueDate,dueDate,buyer,currency,taxExclusive,tax,taxInclusive,payable,format,file,sizeBytes,sha256,invoiceId,externalId',
    );
    const first = `INV-1,380,2026-03-02,2026-04-01,"'=HYPERLINK(""http://evil.example"")",EUR,299.70,56.94,356.64,356.64,pdf,INV-1.pdf,3000,${sha256},`;
    assert.ok(rows[1]?.startsWith(first), rows[1]);
    assert.match(index, /,"Söhne, ""Linde"" & Co",.*,'\+49\r\n/);
    assert.match(index, /,'@SUM\(A1\),/);
  });
}

test('after kill -9 another worker goes on behind the last part, within bounded memory, and nothing is lost or doubled', async () => {
  await using site = await anExportSite();
  const large = randomBytes(120_000);
  const count = 2_000; // 240 MB in all
  await site.ready(numbered(count), ['pdf'], large);
  const id = await site.create();
  const environment = { ...site.environment, EXPORT_PART_MB: '4' };
  const partsOf = async () => (await site.find(id)).parts;
  {
    await using first = startWorker(environment);
    await eventually('some parts are finished', async () => (await partsOf()).length >= 3);
    first.kill('SIGKILL');
    await first.exited;
  }
  const before = await site.find(id);
  assert.equal(before.status, 'running');
  // As if its lease had run out since, and the queue had been silent.
  await site.superuser.prisma.$executeRaw`
    UPDATE document_export SET lease_expires_at = now() - interval '1 second', dispatched_at = now() - interval '1 hour'`;

  await using second = startWorker(environment);
  await second.started();
  const status = () => readFile(`/proc/${second.pid}/status`, 'utf8');
  const megabytes = (text: string, name: string) => Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(text)?.[1]) / 1_024;
  const atStart = megabytes(await status(), 'VmRSS');
  const after = await site.untilStatus(id, 'ready');
  const peak = megabytes(await status(), 'VmHWM');
  assert.ok(peak - atStart < 350, `${Math.round(peak - atStart)} MB more than at its start`);

  assert.deepEqual(after.parts.slice(0, before.parts.length), before.parts);
  assert.deepEqual([after.documentsDone, after.documentsTotal], [count, count]);
  const files = await site.unpack(id);
  const names = [...files.keys()].filter((name) => name.endsWith('.pdf')).toSorted();
  assert.deepEqual(
    names,
    numbered(count).map(({ number }) => `${number}.pdf`),
  );
  const indexes = [...files].filter(([name]) => name.startsWith('index'));
  assert.equal(indexes.length, after.parts.length);
  assert.equal(indexes.flatMap(([, text]) => text.toString().trim().split('\r\n').slice(1)).length, count);
});

test('archives of a canceled export and of one whose time is over are deleted, bytes and rows', async () => {
  await using site = await anExportSite({ storage: 'S3' });
  await site.ready(numbered(3), ['pdf'], bytes);
  const [kept, expired] = [await site.create(), await site.create()];
  await site.pack();
  await site.untilStatus(kept, 'ready');
  const { parts } = await site.untilStatus(expired, 'ready');
  await site.superuser.prisma.$executeRaw`UPDATE document_export SET expires_at = now() WHERE id = ${expired}::uuid`;
  await site.untilStatus(expired, 'expired');
  await eventually('its archive is gone', async () => (await site.find(expired)).parts.length === 0);
  assert.equal(await site.storage.head(parts[0]!.storageKey), undefined);
  const [remaining] = (await site.find(kept)).parts;
  assert.ok(await site.storage.head(remaining!.storageKey));
  const { counts } = await site.storage.ready().then(async () => ({ counts: await site.counts() }));
  assert.deepEqual(counts, { ready: 3 }, 'the invoices and their documents are as they were');
});

test('an export of nothing is an archive with an index of nothing', async () => {
  await using site = await anExportSite();
  await site.ready(numbered(1), ['pdf'], bytes);
  const id = await site.create({ number: 'nobody' });
  await site.pack();
  await site.untilStatus(id, 'ready');
  assert.deepEqual([...(await site.unpack(id)).keys()], ['index.csv']);
});

test('a document that storage has lost fails its export in the end, in words, and no other', async () => {
  await using site = await anExportSite();
  await site.ready(numbered(2), ['pdf'], bytes);
  const lost = await site.create();
  await site.superuser.prisma.$executeRaw`ALTER TABLE document DISABLE TRIGGER guard_document`;
  await site.superuser.prisma.$executeRaw`
    UPDATE document SET storage_key = replace(storage_key, 'shared', 'nowhere')
    WHERE invoice_id = (SELECT id FROM invoice WHERE number = 'R-00002')`;
  await site.superuser.prisma.$executeRaw`UPDATE document_export SET attempts = 9 WHERE id = ${lost}::uuid`;
  const other = await site.create({ number: 'R-00001' });
  await site.pack();
  const { failureRemedy } = await site.untilStatus(lost, 'failed');
  assert.match(failureRemedy ?? '', /in the logs under the export id/);
  await site.untilStatus(other, 'ready');
});
