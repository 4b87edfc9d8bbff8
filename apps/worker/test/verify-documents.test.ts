import { createTemplate, withTenant } from '@invoicepress/database';
import { formats, issueInvoice } from '@invoicepress/invoice';
import { aDraft, aLine } from '@invoicepress/invoice/testing';
import { defaultTemplate } from '@invoicepress/documents';
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { createRendererPool } from '@invoicepress/renderers';
import { aWorker } from './a-worker.ts';
import { aSite, type Site } from './site.ts';

const environment = { VERIFY_DOCUMENTS: 'true' };
const rendererFile = new URL('broken-renderer.ts', import.meta.url);

test('documents that say what the invoice and its row say are stored', async () => {
  await using site = await aSite();
  await using worker = await aWorker(site, { environment });
  const [job] = await site.accept({ formats: [...formats] });
  assert.deepEqual(await worker.attempt(job!), { outcome: 'done' });
  assert.deepEqual(
    (await site.invoice(job!)).documents.map(({ format }) => format),
    formats,
  );
});

test('a template that sets another amount fails the invoice at once, with both figures, and nothing is stored', async () => {
  await using site = await aSite();
  await using worker = await aWorker(site, { environment, rendererFile });
  const [job] = await site.accept({ formats: ['ubl', 'pdf'] });
  const outcome = await worker.attempt(job!);
  assert.equal(outcome.outcome, 'unrecoverable');
  const { status, failureCode, failureReason, failureRemedy, documents } = await site.invoice(job!);
  assert.deepEqual([status, failureCode, documents], ['failed', 'documents-differ', []]);
  assert.equal(
    failureReason,
    'The ubl document states 356.63 for payable, not 356.64. ' +
      'The pdf document does not show 356.64 EUR for payable, but 356.63.',
  );
  assert.match(failureRemedy!, /Report it with its id/);
  assert.deepEqual(worker.logged('render_retried'), []);
});

/** As an upload makes it, its check still to come. */
const aTemplate = (site: Site, name: string, main: string): Promise<string> =>
  withTenant(site.superuser, site.tenantId, async (tx) => {
    const files = [{ path: 'main.typ', content: Buffer.from(main) }];
    const sha256 = createHash('sha256').update(main).digest('hex');
    const created = await createTemplate(tx, {
      name,
      description: undefined,
      bundle: { files, sha256, sizeBytes: main.length },
    });
    assert.ok('uploaded' in created);
    return created.uploaded.id;
  });
const plainPage = `#set text(font: json("fonts.json"), fallback: false)
#let invoice = json("invoice.json")
#invoice.number
#for line in invoice.recipient [#line\\ ]
#for (label, value) in invoice.details + invoice.highlights [#label #value\\ ]
Sums: #for (label, amount) in invoice.totals + (invoice.payable,) [#amount\\ ]
`;

test('an uploaded template may word and place as it likes, but what is of this invoice has to be on its pages', async () => {
  await using site = await aSite();
  await using worker = await aWorker(site, { environment });
  await aTemplate(site, 'plain', plainPage);
  await aTemplate(site, 'sparse', '#set text(font: json("fonts.json"))\nThank you.');
  const [whole, sparse] = await site.accept(
    { template: 'plain@1', formats: ['facturx'] },
    { template: 'sparse@1', formats: ['pdf'] },
  );
  assert.deepEqual(await worker.attempt(whole!), { outcome: 'done' }, (await site.invoice(whole!)).failureReason ?? '');
  assert.equal((await worker.attempt(sparse!)).outcome, 'unrecoverable');
  const { status, failureCode, failureReason, failureRemedy, documents } = await site.invoice(sparse!);
  assert.deepEqual([status, failureCode, documents], ['failed', 'documents-differ', []]);
  assert.match(failureReason ?? '', /^The pdf document does not show its number/);
  assert.match(failureRemedy ?? '', /print what is named, activate the new version/);
});

test('where nobody asked, nothing is read back', async () => {
  await using site = await aSite();
  await using worker = await aWorker(site, { rendererFile });
  const [job] = await site.accept({ formats: ['ubl', 'pdf'] });
  assert.deepEqual(await worker.attempt(job!), { outcome: 'done' });
});

test('a row that says otherwise than the frozen invoice is found', async () => {
  await using site = await aSite();
  await using worker = await aWorker(site, { environment });
  const [job] = await site.accept({});
  await site.superuser.prisma.$executeRaw`
    UPDATE invoice SET payable = 356.65, buyer_name = 'Nobody' WHERE id = ${job!.invoiceId}::uuid`;
  await worker.attempt(job!);
  const { failureCode, failureReason } = await site.invoice(job!);
  assert.equal(failureCode, 'documents-differ');
  assert.equal(
    failureReason,
    'The row says Nobody for buyer, the frozen invoice Atelier Linde KG. ' +
      'The row says 356.65 for payable, the frozen invoice 356.64.',
  );
});

test('a long invoice is read back within the bounds of a renderer', async () => {
  await using pool = createRendererPool({
    RENDERER_POOL_SIZE: 1,
    RENDER_TIMEOUT_MS: 60_000,
    RENDERER_RECYCLE_MB: 4_000,
    RENDERER_MAX_MB: 2_048,
    VERIFY_DOCUMENTS: true,
  });
  const lines = Array.from({ length: 1_000 }, (_, i) => aLine({ name: `Item ${i + 1}` }));
  const invoice = issueInvoice(aDraft({ lines }), 'R-1', '2026-03-02');
  const [pdf] = await pool.render({ tenantId: 'acme', invoice: JSON.stringify(invoice), template: defaultTemplate });
  assert.ok(pdf!.pageCount! > 20);
});
