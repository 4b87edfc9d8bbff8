/**
 * `npm run demo`: starts the embedded stack, hands it sample invoices as a client app would, waits until their
 * documents are ready, fetches and verifies each, and leaves them in demo-output/.
 */
import { createClient, type Client, type Invoice } from '@invoicepress/client';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runCommand, unlessAborted } from './command.ts';
import { verifyDocument } from './demo-verify.ts';
import { createTenant, startEmbedded } from './embedded.ts';
import { createProgress } from './progress.ts';
import { demoSeries, samples } from './samples/index.ts';

const outputDir = join(import.meta.dirname, '../../../demo-output');
const WAIT_MS = 120_000;

interface Summary {
  submitted: number;
  ready: number;
  failed: number;
  documents: number;
  pages: number;
  bytes: number;
  seconds: number;
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
  return {
    submitted: invoices.length,
    ready: settled.filter(({ status }) => status === 'ready').length,
    failed: settled.filter(({ status }) => status !== 'ready').length,
    ...documents,
    seconds: (performance.now() - started) / 1_000,
  };
};

/** The first sample alone, and again under the same key, as a client does whose connection broke; the others at once. */
const submitAll = async (client: Client): Promise<Invoice[]> => {
  await client.createNumberSeries(demoSeries);
  const [first, ...others] = samples.map(({ invoice }) => invoice);
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

const fetchAll = async (
  client: Client,
  invoices: Invoice[],
): Promise<{ documents: number; pages: number; bytes: number }> => {
  await rm(outputDir, { recursive: true, force: true });
  await mkdir(outputDir, { recursive: true });
  let [documents, pages, bytes] = [0, 0, 0];
  const bar = createProgress('Fetching   ');
  for (const [index, invoice] of invoices.entries()) {
    if (invoice.status !== 'ready') continue;
    const sample = samples[index];
    if (!sample) throw new Error('an invoice has no sample');
    const { bytes: pdf, link } = await client.downloadDocument(invoice.id);
    const verified = await verifyDocument({ bytes: pdf, link, invoice, submitted: sample.invoice });
    await writeFile(join(outputDir, `${link.fileName.replace(/\.pdf$/, '')} ${sample.name}.pdf`), pdf);
    documents += 1;
    pages += verified.pages;
    bytes += pdf.length;
    bar.show(documents, invoices.length);
  }
  bar.end();
  return { documents, pages, bytes };
};

await runCommand('demo', async (interrupted) => {
  const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } });
  const { submitted, ready, failed, documents, pages, bytes, seconds } = await demo(interrupted);
  say(
    `${documents} PDFs of ${pages} pages, ${Math.round(bytes / 1_024)} KB, are in demo-output/. Next: npm start, then open /docs.`,
  );
  process.stdout.write(
    values.json
      ? `${JSON.stringify({ submitted, ready, failed, documents, seconds: Number(seconds.toFixed(1)) })}\n`
      : `demo: ${submitted} submitted, ${ready} ready, ${failed} failed, ${documents} documents verified in ${seconds.toFixed(1)} s\n`,
  );
  process.exitCode = failed === 0 && documents === submitted ? 0 : 1;
});
