import { createClient, type Client } from '@invoicepress/client';
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createTenant, startEmbedded } from '../src/embedded.ts';
import { samples } from '../src/samples/index.ts';
import { temporaryFolder } from '../src/services/daemon.ts';
import { aBundle } from '../src/testing/index.ts';
import { hostile } from './hostile-templates.ts';

/** For all of them, on a busy machine. */
const PATIENCE_MS = 600_000;
const PAUSE_MS = 500;

const folder = await temporaryFolder('hostile-templates');
const stack = await startEmbedded({
  dataDir: folder.path,
  workers: 1,
  temporary: true,
  environment: { RENDERER_POOL_SIZE: '1', TEMPLATE_TIMEOUT_MS: '5000', TEMPLATE_MAX_MB: '300' },
});
after(async () => {
  await stack[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});
const clientOf = async (slug: string): Promise<Client> => {
  const credentials = await createTenant(stack, { slug, name: slug, client: 'shop' });
  return createClient({ baseUrl: stack.apiUrl, ...credentials });
};
const [attacker, neighbour] = [await clientOf('attacker'), await clientOf('neighbour')];

const { series: _series, ...sample } = samples[0]!.invoice;
let count = 0;
const submit = async (client: Client, overrides: Partial<typeof sample> = {}): Promise<string> =>
  (await client.submitInvoice({ ...sample, formats: ['pdf'], ...overrides, number: `H-${(count += 1)}` })).id;
/** Others' invoices, in the same worker, as long as the work goes on. @returns what it gives, and how many were ready */
const whileOthersGoOn = async <T>(work: Promise<T>): Promise<{ result: T; others: number }> => {
  const over = new AbortController();
  const watched = work.finally(() => over.abort());
  watched.catch(() => {});
  let others = 0;
  while (!over.signal.aborted) {
    const [invoice] = await neighbour.waitUntilSettled([await submit(neighbour)]);
    assert.equal(invoice?.status, 'ready');
    others += 1;
    await sleep(PAUSE_MS);
  }
  return { result: await watched, others };
};

test('whatever a template does, its check ends, others go on, and its author hears what it was', async (t) => {
  const uploads = hostile.map(({ files }, index) =>
    attacker.createTemplate({ name: `hostile-${index}`, bundle: aBundle(files) }),
  );
  const templates = await Promise.all(uploads);
  const checks = async () => {
    const found = [];
    for (const { id } of templates) found.push(await attacker.waitUntilChecked(id, { timeoutMs: PATIENCE_MS }));
    return found;
  };
  const { result, others } = await whileOthersGoOn(Promise.race([checks(), stack.broken]));
  assert.ok(others > 0);
  for (const [index, { name, message, place }] of hostile.entries()) {
    const { status, diagnostics } = result[index]!;
    const first = diagnostics.find(({ severity }) => severity === 'error');
    await t.test(name, () => {
      assert.equal(status, message ? 'invalid' : 'valid');
      if (message) assert.match(first?.message ?? '', message);
      if (place) assert.deepEqual({ file: first?.file, line: first?.line, column: first?.column }, place);
    });
  }
});

test('a template that passes its check and fails on an invoice fails that invoice, and no other', async () => {
  const { id } = await attacker.createTemplate({
    name: 'gullible',
    bundle: aBundle({ 'main.typ': '#for note in json("invoice.json").notes [#eval(note, mode: "markup")]' }),
  });
  assert.equal((await attacker.waitUntilChecked(id)).status, 'valid');
  await attacker.activateTemplate(id, { version: 1, default: false });
  const notes = [
    '#for a in range(9000) { for b in range(9000) { for c in range(9000) {} } }',
    '#let s = "x" * 1000; #for i in range(40) { s += s }',
    '#read("/etc/passwd")',
    '#panic("no")',
  ];
  const ids = await Promise.all(notes.map((note) => submit(attacker, { template: 'gullible', notes: [note] })));
  const { result, others } = await whileOthersGoOn(attacker.waitUntilSettled(ids, { timeoutMs: PATIENCE_MS }));
  assert.ok(others > 0);
  assert.deepEqual(
    result.map(({ status, failure }) => [status, failure?.code]),
    notes.map(() => ['failed', 'template-error']),
  );
  const reasons = [/longer than 5000 ms/, /it took (longer|more) than/, /file not found/, /panicked with: "no"/];
  for (const [index, reason] of reasons.entries()) {
    assert.match(result[index]?.failure?.reason ?? '', reason);
    assert.match(result[index]?.failure?.remedy ?? '', /activate the new version/);
  }
  const [harmless] = await attacker.waitUntilSettled([await submit(attacker, { template: 'gullible' })]);
  assert.equal(harmless?.status, 'ready');
});
