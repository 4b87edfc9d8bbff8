/**
 * `npm run demo`: starts the embedded stack, hands it sample invoices as a client app would, waits until their
 * documents are ready in every format, fetches and verifies each, and leaves them in demo-output/.
 */
import { createClient, formatInfo, formats, type Client, type Format, type Invoice } from '@invoicepress/client';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runCommand, unlessAborted } from './command.ts';
import { fetchProofs } from './demo-proofs.ts';
import { verifyDocument, verifyEmbedded } from './demo-verify.ts';
import { createTenant, startEmbedded } from './embedded.ts';
import { createProgress } from './progress.ts';
import { brandedSellers, demoSeries, samples, type Sample } from './samples/index.ts';

const outputDir = join(import.meta.dirname, '../../../demo-output');
const WAIT_MS = 120_000;

interface Summary {
  submitted: number;
  ready: number;
  failed: number;
  documents: Fetched;
  /** Bundles that were downloaded and verified. */
  proofs: number;
  seconds: number;
}

interface Fetched {
  /** How many in each format. */
  counts: Record<Format, number>;
  pages: number;
  bytes: number;
}

const say = (line: string) => process.stderr.write(`${line}\n`);

const demo = async (interrupted: AbortSignal): Promise<Summary> => {
  await using parts = new AsyncDisposableStack();
  const dataDir = await mkdtemp(join(tmpdir(), 'invoicepress-demo-'));
  parts.defer(() => rm(dataDir, { recursive: true, force: true }));
  const steps: string[] = [];
  const stack = parts.use(
    await startEmbedded({
      dataDir,
      workers: 1,
      temporary: true,
      onStep: (step) => steps.push(step),
      signal: interrupted,
    }),
  );
  const unlessBroken = <T>(work: Promise<T>) => unlessAborted(interrupted, Promise.race([work, stack.broken]));
  say(`Started ${steps.join(', ')}; the API listens on ${stack.apiUrl}`);

  const credentials = await unlessBroken(createTenant(stack, { slug: 'demo', name: 'Demo', client: 'demo' }));
  const client = createClient({ baseUrl: stack.apiUrl, ...credentials });
  const started = performance.now();
  const invoices = await unlessBroken(submitAll(client));
  const settled = await unlessBroken(waitForAll(client, invoices));
  const documents = await unlessBroken(fetchAll(client, settled));
  const proofs = await unlessBroken(fetchProofs(client, stack.apiUrl, settled, outputDir));
  return {
    submitted: invoices.length,
    ready: settled.filter(({ status }) => status === 'ready').length,
    failed: settled.filter(({ status }) => status !== 'ready').length,
    documents,
    proofs,
    seconds: (performance.now() - started) / 1_000,
  };
};

/** All of them, unless the sample has reasons of its own. */
const formatsOf = ({ formats: wanted = [...formats] }: Sample['invoice']): Format[] => wanted;

/** The first sample alone, and again under the same key, as a client does whose connection broke; the others at once. */
const submitAll = async (client: Client): Promise<Invoice[]> => {
  await client.createNumberSeries(demoSeries);
  for (const { logo, profile } of brandedSellers) {
    const { sha256 } = await client.uploadLogo(Buffer.from(logo.svg));
    await client.createSellerProfile({ ...profile, branding: { ...profile.branding, logo: sha256 } });
  }
  const [first, ...others] = samples.map(({ invoice }) => ({ ...invoice, formats: formatsOf(invoice) }));
  if (!first) throw new Error('there are no samples');
  const idempotencyKey = crypto.randomUUID();
  const once = await client.submitInvoice(first, { idempotencyKey });
  const again = await client.submitInvoice(first, { idempotencyKey });
  if (again.id !== once.id) throw new Error('a repeated submission made a second invoice');
  const { outcomes } = await client.submitBatch(others);
  return [
    once,
    ...outcomes.map((outcome, i) => {
      if ('problem' in outcome)
        throw new Error(`sample "${samples[i + 1]?.name}" was refused: ${JSON.stringify(outcome.problem)}`);
      return outcome.invoice;
    }),
  ];
};

const waitForAll = async (client: Client, invoices: Invoice[]): Promise<Invoice[]> => {
  const bar = createProgress('Typesetting');
  const settled = await client.waitUntilSettled(
    invoices.map(({ id }) => id),
    {
      timeoutMs: WAIT_MS,
      onProgress: (seen) => bar.show(seen.filter(({ status }) => status === 'ready').length, invoices.length),
    },
  );
  bar.end();
  for (const { number, failure } of settled) if (failure) say(`${number} failed: ${failure.reason} ${failure.remedy}`);
  return settled;
};

const fetchAll = async (client: Client, invoices: Invoice[]): Promise<Fetched> => {
  await rm(outputDir, { recursive: true, force: true });
  await mkdir(outputDir, { recursive: true });
  const all: Fetched = { counts: { pdf: 0, facturx: 0, ubl: 0, cii: 0, json: 0 }, pages: 0, bytes: 0 };
  const bar = createProgress('Fetching   ');
  for (const [index, invoice] of invoices.entries()) {
    const sample = samples[index];
    if (!sample) throw new Error('an invoice has no sample');
    if (invoice.status !== 'ready') continue;
    for (const { format, bytes, pages } of await fetchDocuments(client, invoice, sample)) {
      all.counts[format] += 1;
      all.pages += pages;
      all.bytes += bytes.length;
    }
    bar.show(index + 1, invoices.length);
  }
  bar.end();
  return all;
};

const fetchDocuments = async (client: Client, invoice: Invoice, sample: Sample) => {
  const made = invoice.documents.map(({ format }) => format);
  if (made.join() !== formatsOf(sample.invoice).join())
    throw new Error(`invoice ${invoice.number} has documents in ${made.join(', ')}; it asked for others`);
  const files = await Promise.all(made.map((format) => fetchDocument(client, invoice, format, sample)));
  const [facturx, cii] = (['facturx', 'cii'] as const).map((name) => files.find(({ format }) => format === name));
  if (facturx && cii) verifyEmbedded(invoice.number, facturx.attachments, cii.bytes);
  return files;
};

const fetchDocument = async (
  client: Client,
  invoice: Invoice,
  format: Format,
  { name, invoice: submitted }: Sample,
) => {
  const { bytes, link } = await client.downloadDocument(invoice.id, format);
  const verified = await verifyDocument({ format, bytes, link, invoice, submitted });
  const extension = `.${formatInfo[format].extension}`;
  await writeFile(join(outputDir, `${link.fileName.slice(0, -extension.length)} ${name}${extension}`), bytes);
  return { format, bytes, ...verified };
};

await runCommand('demo', async (interrupted) => {
  const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } });
  const { submitted, ready, failed, documents, proofs, seconds } = await demo(interrupted);
  const { counts, pages, bytes } = documents;
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const each = formats.map((format) => `${counts[format]} ${format}`).join(', ');
  say(
    `${each}: ${pages} pages, ${Math.round(bytes / 1_024)} KB, are in demo-output/. Next: npm start, then open /docs.`,
  );
  say(`${proofs} proof bundles hold: signature, hashes, rules, and every document made again with the same bytes.`);
  process.stdout.write(
    values.json
      ? `${JSON.stringify({ submitted, ready, failed, documents: total, formats: counts, proofs, seconds: Number(seconds.toFixed(1)) })}\n`
      : `demo: ${submitted} submitted, ${ready} ready, ${failed} failed, ${total} documents verified in ${seconds.toFixed(1)} s\n`,
  );
  process.exitCode = failed === 0 ? 0 : 1;
});
