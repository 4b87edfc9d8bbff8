import { issueInvoice } from '@invoicepress/invoice';
import { aDraft, aLine } from '@invoicepress/invoice/testing';
import { defaultTemplate } from '@invoicepress/documents';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import {
  createRendererPool,
  RenderCrashed,
  RenderRefused,
  type PoolObserver,
  type PoolSettings,
  type RendererPool,
  type RenderOrder,
} from '@invoicepress/renderers';
import { commandLine, environmentOf, gone, renderersOf } from './processes.ts';
import { eventually } from './site.ts';

const aPool = (settings: Partial<PoolSettings> = {}, observer: PoolObserver = {}): RendererPool =>
  createRendererPool(
    {
      RENDERER_POOL_SIZE: 1,
      RENDER_TIMEOUT_MS: 60_000,
      RENDERER_RECYCLE_MB: 4_000,
      RENDERER_MAX_MB: 8_000,
      VERIFY_DOCUMENTS: false,
      ...settings,
    },
    observer,
  );

const anOrder = (lines = 2, notes: { text: string }[] = []): RenderOrder => {
  const draft = aDraft({ notes, lines: Array.from({ length: lines }, (_, i) => aLine({ name: `Item ${i + 1}` })) });
  return {
    tenantId: 'acme',
    invoice: JSON.stringify(issueInvoice(draft, 'R-1', '2026-03-02')),
    template: defaultTemplate,
  };
};

const renderers = () => renderersOf(process.pid);

test('while a long invoice is typeset, this process goes on with its work', async () => {
  await using pool = aPool();
  await pool.render(anOrder());
  const order: string[] = [];
  const long = pool.render(anOrder(2_000)).then(() => order.push('typeset'));
  for (let i = 0; i < 100; i += 1) await turn();
  order.push('a hundred turns of the loop');
  await long;
  assert.deepEqual(order, ['a hundred turns of the loop', 'typeset']);
});

test('a renderer is told no secret, and may write no file and start no process', async () => {
  process.env['CANARY_SECRET'] = 'tweet';
  try {
    await using pool = aPool();
    await pool.render(anOrder());
    const [pid] = await renderers();
    const names = (await environmentOf(pid!)).map((variable) => variable.split('=')[0]!);
    assert.deepEqual(
      names.filter((name) => !name.startsWith('NODE_CHANNEL_')),
      ['RAYON_NUM_THREADS'],
    );
    const argv = await commandLine(pid!);
    assert.ok(argv.includes('--permission'));
    assert.ok(!argv.some((argument) => /allow-(fs-write|child-process|worker|wasi)/.test(argument)));
  } finally {
    delete process.env['CANARY_SECRET'];
  }
});

test('tenants take turns, however many invoices of one of them wait', async () => {
  await using pool = aPool();
  const served: string[] = [];
  const orders = ['acme', 'acme', 'acme', 'acme', 'beta', 'beta'].map(async (tenantId) => {
    await pool.render({ ...anOrder(), tenantId });
    served.push(tenantId);
  });
  await Promise.all(orders);
  assert.deepEqual(served, ['acme', 'acme', 'beta', 'acme', 'beta', 'acme']);
});

test('as many invoices are typeset at a time as there are renderers; the others wait their turn', async () => {
  await using pool = aPool({ RENDERER_POOL_SIZE: 2 });
  const documents = Array.from({ length: 6 }, () => pool.render(anOrder()));
  await eventually('both work', () => pool.stats().busy === 2);
  assert.equal(pool.stats().waiting, 4);
  assert.equal((await renderers()).length, 2);
  const all = await Promise.all(documents);
  assert.equal(
    new Set(all.map(([pdf]) => Buffer.from(pdf!.bytes).toString('base64'))).size,
    1,
    'the same invoice gives the same bytes',
  );
  assert.deepEqual({ ...pool.stats(), rssBytes: 0 }, { size: 2, busy: 0, waiting: 0, rssBytes: 0 });
});

test('a renderer that has grown is replaced after its document', async () => {
  const replaced: string[] = [];
  await using pool = aPool({ RENDERER_RECYCLE_MB: 100 }, { rendererReplaced: (reason) => void replaced.push(reason) });
  await pool.render(anOrder());
  const [first] = await renderers();
  await pool.render(anOrder());
  assert.deepEqual(replaced, ['memory', 'memory']);
  assert.ok(pool.stats().size === 1);
  await gone(first!);
});

test('a renderer that stays small is kept', async () => {
  await using pool = aPool();
  await pool.render(anOrder());
  const before = await renderers();
  await pool.render(anOrder());
  assert.deepEqual(await renderers(), before);
});

test("a refusal is not the renderer's fault, which goes on", async () => {
  await using pool = aPool();
  const refused = anOrder(2, [{ text: '\u{13000}' }]);
  await assert.rejects(pool.render(refused), (error) => error instanceof RenderRefused && error.remedy !== '');
  const before = await renderers();
  await pool.render(anOrder());
  assert.deepEqual(await renderers(), before);
});

test('an idle renderer that died is replaced before anybody notices', async () => {
  const replaced: string[] = [];
  await using pool = aPool({}, { rendererReplaced: (reason) => void replaced.push(reason) });
  await pool.render(anOrder());
  const [pid] = await renderers();
  process.kill(pid!, 'SIGKILL');
  await eventually('the pool has heard of it', () => !pool.alive());
  assert.equal((await pool.render(anOrder()))[0]!.pageCount, 1);
  assert.deepEqual(replaced, ['crash']);
  assert.ok(pool.alive());
});

test('an abort ends the render that it belongs to, and that renderer', async () => {
  await using pool = aPool();
  const stop = new AbortController();
  const render = pool.render(anOrder(2_000), stop.signal);
  await eventually('it has begun', () => pool.stats().busy === 1);
  stop.abort();
  await assert.rejects(render, RenderCrashed);
  assert.equal((await pool.render(anOrder()))[0]!.pageCount, 1);
});

test('disposal kills every renderer at once, and whoever waits is told', async () => {
  let pids: number[];
  let unfinished: Promise<PromiseSettledResult<unknown>[]>;
  const pool = aPool({ RENDERER_POOL_SIZE: 2 });
  {
    await using _ = pool;
    unfinished = Promise.allSettled(Array.from({ length: 5 }, () => pool.render(anOrder(2_000))));
    await eventually('both work', async () => (await renderers()).length === 2);
    pids = await renderers();
  }
  assert.deepEqual(
    (await unfinished).map(({ status }) => status),
    Array.from({ length: 5 }, () => 'rejected'),
  );
  await Promise.all(pids.map(gone));
  await assert.rejects(pool.render(anOrder()), /stopping/);
  assert.deepEqual(await renderers(), []);
});
