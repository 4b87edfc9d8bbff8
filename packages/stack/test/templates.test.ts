/** The sample bundle of docs/templates, from its upload to its invoices, through the real service. */
import { createClient, ProblemError } from '@invoicepress/client';
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { createTenant, startEmbedded } from '../src/embedded.ts';
import { verifyDocument } from '../src/demo-verify.ts';
import { samples } from '../src/samples/index.ts';
import { temporaryFolder } from '../src/services/daemon.ts';
import { aBundle } from '../src/testing/index.ts';

const PATIENCE_MS = 120_000;

const folder = await temporaryFolder('templates');
const stack = await startEmbedded({ dataDir: folder.path, workers: 1, temporary: true });
after(async () => {
  await stack[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});
const credentials = await createTenant(stack, { slug: 'tests', name: 'Tests', client: 'tests' });
const client = createClient({ baseUrl: stack.apiUrl, ...credentials });

const source = join(import.meta.dirname, '../../../docs/templates/letterhead');
const letterhead = Object.fromEntries(readdirSync(source).map((path) => [path, readFileSync(join(source, path))]));
const { series: _series, ...invoice } = samples[0]!.invoice;
const submit = async (number: string, overrides: object = {}) => {
  const { id } = await client.submitInvoice({ ...invoice, ...overrides, number, formats: ['facturx'] });
  const [settled] = await client.waitUntilSettled([id], { timeoutMs: PATIENCE_MS });
  assert.equal(settled?.status, 'ready', JSON.stringify(settled?.failure));
  return { settled, ...(await client.downloadDocument(id, 'facturx')) };
};

const { id } = await client.createTemplate({ name: 'letterhead', bundle: aBundle(letterhead) });

test('the sample bundle passes its check without a word', async () => {
  const { status, diagnostics } = await client.waitUntilChecked(id, { timeoutMs: PATIENCE_MS });
  assert.deepEqual({ status, diagnostics }, { status: 'valid', diagnostics: [] });
});

test('a preview is a picture of the page, or the PDF, of a sample or of an invoice at hand', async () => {
  const picture = await client.previewTemplate(id, { sample: 'many-lines', page: 2 });
  const png = Buffer.from(picture.bytes);
  assert.equal(picture.mediaType, 'image/png');
  assert.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20)], [909, 1286]);
  assert.ok(png.length > 20_000, 'the page is not empty');
  const pdf = await client.previewTemplate(id, { invoice, format: 'pdf' });
  assert.equal(pdf.mediaType, 'application/pdf');
  assert.ok((await textOf(pdf.bytes)).includes('Pemberley Tea Rooms Ltd'));
  await assert.rejects(
    client.previewTemplate(id, { page: 7 }),
    (error) => error instanceof ProblemError && /there is no page 7: the document has 1/.test(error.problem.detail),
  );
});

test('a preview of a version that is broken says where', async () => {
  const main = '= Invoice\n#let invoice = json("invoice.json")\n#invoice.amount';
  const { versions } = await client.createTemplateVersion(id, aBundle({ 'main.typ': main }));
  const error = await client.previewTemplate(id, { version: versions[0]!.version }).catch((thrown: unknown) => thrown);
  assert.ok(error instanceof ProblemError);
  const [first] = error.problem.diagnostics ?? [];
  assert.match(first?.message ?? '', /dictionary does not contain key "amount"/);
  assert.deepEqual([first?.file, first?.line, first?.column], ['main.typ', 3, 10]);
});

test('an activated template lays out invoices, with the XML inside, in the same bytes each time', async () => {
  await client.activateTemplate(id, { version: 1 });
  const { settled, bytes, link } = await submit('L-1');
  await verifyDocument({ format: 'facturx', bytes, link, invoice: settled, submitted: invoice });
  const builtIn = await submit('L-2', { template: 'default' });
  assert.notEqual(builtIn.link.sha256, link.sha256);
  const again = await client.previewTemplate(id, { version: 1, invoice: { ...invoice, number: 'L-1' }, format: 'pdf' });
  assert.ok(Buffer.from(bytes).subarray(0, again.bytes.length).equals(again.bytes), 'the preview is the document');
});

const textOf = async (pdf: Uint8Array): Promise<string> => {
  const loading = getDocument({ data: new Uint8Array(pdf), verbosity: 0 });
  const document = await loading.promise;
  const { items } = await (await document.getPage(1)).getTextContent();
  await loading.destroy();
  return items.map((item) => ('str' in item ? item.str : '')).join(' ');
};
