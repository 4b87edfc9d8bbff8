import { createClient } from '@invoicepress/client';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createTenant, startEmbedded, type EmbeddedOptions, type EmbeddedStack } from '../src/embedded.ts';
import { fetchProofs } from '../src/demo-proofs.ts';
import { verifyDocument } from '../src/demo-verify.ts';
import { samples } from '../src/samples/index.ts';
import { temporaryFolder } from '../src/services/daemon.ts';
import { testBucket, testRedisUrl, testS3 } from '../src/testing/index.ts';

const some = samples.slice(0, 5);
const PATIENCE_MS = 60_000;

/** The stack, with a client of a new tenant. */
const aStack = async (options: Pick<EmbeddedOptions, 'dataDir' | 'temporary' | 'environment'>) => {
  const stack = await startEmbedded({ workers: 1, ...options });
  const credentials = await createTenant(stack, { slug: 'tests', name: 'Tests', client: 'tests' });
  return {
    stack,
    dataDir: options.dataDir,
    credentials,
    client: createClient({ baseUrl: stack.apiUrl, ...credentials }),
    [Symbol.asyncDispose]: () => stack[Symbol.asyncDispose](),
  };
};

/** As a client app: hands samples in, waits, fetches and verifies each document by its link, and proofs of all. Returns the links. */
const sendThrough = async ({ client, stack, dataDir }: Awaited<ReturnType<typeof aStack>>): Promise<string[]> => {
  await client.createNumberSeries({ name: 'DEMO', prefix: 'DEMO-', padding: 4, yearlyReset: true });
  const { outcomes } = await client.submitBatch(some.map(({ invoice }) => invoice));
  const ids = outcomes.map((outcome) => {
    if ('problem' in outcome) throw new Error(JSON.stringify(outcome.problem));
    return outcome.invoice.id;
  });
  const settled = await client.waitUntilSettled(ids, { timeoutMs: PATIENCE_MS });
  assert.deepEqual(
    settled.map(({ status }) => status),
    some.map(() => 'ready'),
  );
  const links: string[] = [];
  for (const [i, invoice] of settled.entries()) {
    const { bytes, link } = await client.downloadDocument(invoice.id);
    await verifyDocument({ format: 'pdf', bytes, link, invoice, submitted: some[i]!.invoice });
    links.push(link.url);
  }
  assert.equal(await fetchProofs(client, stack.apiUrl, settled, dataDir), some.length);
  return links;
};

/** All processes that descend from these, and they themselves. */
const family = async (pids: number[]): Promise<number[]> => {
  const children = await Promise.all(
    pids.map(async (pid) => {
      const threads = await readdir(`/proc/${pid}/task`).catch(() => []);
      const lists = await Promise.all(
        threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/children`, 'utf8').catch(() => '')),
      );
      return lists.flatMap((list) => list.split(' ').filter(Boolean).map(Number));
    }),
  );
  const next = children.flat();
  return next.length === 0 ? pids : [...pids, ...(await family(next))];
};

const pidsOf = (stack: EmbeddedStack): number[] => stack.programs.map(({ pid }) => pid!);

const allGone = async (pids: number[]): Promise<void> => {
  for (const deadline = Date.now() + PATIENCE_MS; ; await sleep(50)) {
    const states = await Promise.all(
      pids.map((pid) =>
        readFile(`/proc/${pid}/stat`, 'utf8').then(
          (text) => /\) (\w)/.exec(text)?.[1],
          () => undefined,
        ),
      ),
    );
    const left = pids.filter((_, i) => states[i] !== undefined && states[i] !== 'Z');
    if (left.length === 0) return;
    if (Date.now() > deadline) assert.fail(`still running: ${left.join(', ')}`);
  }
};

test('with nothing but a folder, invoices travel through the whole service; it goes on after a stop, which leaves no process', async () => {
  await using folder = await temporaryFolder('embedded');
  let pids: number[];
  let id: string;
  let credentials: { clientId: string; clientSecret: string };
  {
    await using site = await aStack({ dataDir: folder.path, temporary: false });
    credentials = site.credentials;
    const links = await sendThrough(site);
    assert.ok(links.every((link) => link.startsWith(`${site.stack.apiUrl}/files/`)));
    pids = await family(pidsOf(site.stack));
    assert.ok(pids.length > site.stack.programs.length, 'a renderer is among them');
    const log = await readFile(join(site.stack.logDir, 'worker-1.log'), 'utf8');
    assert.equal(log.split('\n').filter((line) => line.includes('"invoice_ready"')).length, some.length);
    assert.equal((await stat(join(folder.path, 'secrets.json'))).mode & 0o777, 0o600);
    const { series: _, ...invoice } = some[0]!.invoice;
    ({ id } = await site.client.submitInvoice({ ...invoice, number: 'KEPT-1' }));
  }
  await allGone(pids);
  await using stack = await startEmbedded({ dataDir: folder.path, workers: 1, temporary: true });
  const client = createClient({ baseUrl: stack.apiUrl, ...credentials });
  const [invoice] = await client.waitUntilSettled([id], { timeoutMs: PATIENCE_MS });
  assert.deepEqual([invoice!.status, invoice!.number], ['ready', 'KEPT-1']);
  assert.equal((await Array.fromAsync(client.listInvoices({ status: 'ready' }))).length, some.length + 1);
});

test('with Redis and S3 by URL it is the production shape: documents come from S3, and a program that is killed is reported', async () => {
  await using folder = await temporaryFolder('embedded');
  const environment = {
    QUEUE_URL: testRedisUrl(),
    QUEUE_PREFIX: `stack-${randomUUID()}`,
    ...(await testBucket()).environment,
  };
  await using site = await aStack({ dataDir: folder.path, temporary: true, environment });
  const links = await sendThrough(site);
  for (const link of links) {
    const url = new URL(link);
    assert.equal(url.origin, new URL(testS3().endpoint).origin);
    assert.ok(Number(url.searchParams.get('X-Amz-Expires')) <= 300);
    const answer = await fetch(link);
    assert.equal(answer.headers.get('content-type'), 'application/pdf');
    const sha256 = createHash('sha256')
      .update(new Uint8Array(await answer.arrayBuffer()))
      .digest('hex');
    assert.ok(url.pathname.endsWith(`/${sha256}.pdf`));
    url.searchParams.delete('X-Amz-Signature');
    assert.equal((await fetch(url)).status, 403);
  }
  const worker = site.stack.programs.find(({ name }) => name === 'worker-1');
  process.kill(worker!.pid!, 'SIGKILL');
  await assert.rejects(site.stack.broken, /worker-1 ended with SIGKILL; its log .* ends with:\n.*"event":"started"/);
});

test('a program that cannot start is reported with the end of its log, and the others are stopped', async () => {
  await using folder = await temporaryFolder('embedded');
  const start = startEmbedded({
    dataDir: folder.path,
    workers: 1,
    temporary: true,
    environment: { LOG_LEVEL: 'shouting' },
  });
  await assert.rejects(
    start,
    /^Error: (api|worker-1) ended with code 1; its log \(.*\.log\) ends with:\n[^]*LOG_LEVEL must be one of/,
  );
});

test('a start that is called off stops what has started', async () => {
  await using folder = await temporaryFolder('embedded');
  const interruption = new AbortController();
  const onStep = (step: string) => {
    if (step === 'worker') setTimeout(() => interruption.abort(new Error('called off')), 100);
  };
  const start = startEmbedded({
    dataDir: folder.path,
    workers: 1,
    temporary: true,
    onStep,
    signal: interruption.signal,
  });
  await assert.rejects(start, /called off/);
  const left = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const commands = await Promise.all(left.map((pid) => readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '')));
  assert.deepEqual(
    commands.filter((environment) => environment.includes(folder.path)),
    [],
  );
});

test('when the process that started it is killed, nothing of it stays', async () => {
  await using folder = await temporaryFolder('embedded');
  const starter = `
    import { startEmbedded } from ${JSON.stringify(import.meta.resolve('../src/embedded.ts'))};
    const stack = await startEmbedded({ dataDir: process.argv[1], workers: 1, temporary: true });
    console.log(JSON.stringify(stack.programs.map(({ pid }) => pid)));
  `;
  const parent = spawn(process.execPath, ['--input-type=module', '-e', starter, folder.path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const line = await new Promise<string>((resolve) => createInterface(parent.stdout).once('line', resolve));
  const pids = await family(JSON.parse(line) as number[]);
  assert.equal(pids.length >= 2, true);
  parent.kill('SIGKILL');
  await allGone(pids);
});
