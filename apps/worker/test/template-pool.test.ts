import { sampleInvoice } from '@invoicepress/documents/samples';
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import {
  createTemplatePool,
  TemplateStopped,
  type TemplatePool,
  type TemplatePoolSettings,
} from '@invoicepress/renderers';
import { environmentOf, gone, renderersOf } from './processes.ts';

const aPool = (settings: Partial<TemplatePoolSettings> = {}): TemplatePool =>
  createTemplatePool({
    TEMPLATE_RENDERER_POOL_SIZE: 1,
    TEMPLATE_TIMEOUT_MS: 60_000,
    TEMPLATE_MAX_MB: 300,
    VERIFY_DOCUMENTS: false,
    ...settings,
  });

const order = { invoice: JSON.stringify(sampleInvoice('plain')) };
const aBundle = (main: string, tenantId = 'tenant') => ({
  tenantId,
  sha256: Buffer.from(main).toString('hex'),
  files: [{ path: 'main.typ', content: Buffer.from(main) }],
});
const endless = '#for a in range(9000) { for b in range(9000) { for c in range(9000) {} } }';

test('a template that does not end is stopped at its deadline, and the next one gets a renderer', async () => {
  await using pool = aPool({ TEMPLATE_TIMEOUT_MS: 1_000 });
  await assert.rejects(
    pool.render(aBundle(endless), order),
    (error) => error instanceof TemplateStopped && /longer than 1000 ms/.test(error.message),
  );
  await using patient = aPool();
  assert.ok((await patient.render(aBundle('A'), order)).documents.length === 1);
});

test('an allocation beyond its bound fails at once, however quick it comes', async () => {
  await using pool = aPool();
  for (const bomb of ['#let s = "x" * 1000\n#for i in range(40) { s += s }', '#grid(columns: 100000000)[A]'])
    await assert.rejects(
      pool.render(aBundle(bomb), order),
      (error) => error instanceof TemplateStopped && /more than 300 MB of memory/.test(error.message),
    );
});

test('a renderer serves one template of one tenant, and gives way to another', async () => {
  await using pool = aPool();
  await pool.render(aBundle('A'), order);
  const [first] = await renderersOf(process.pid);
  await pool.render(aBundle('A'), order);
  assert.deepEqual(await renderersOf(process.pid), [first]);
  await pool.render(aBundle('A', 'another tenant'), order);
  const [second] = await renderersOf(process.pid);
  assert.notEqual(second, first);
  await gone(first!);
});

test('as many wait as there are too many, and each has its turn', async () => {
  await using pool = aPool();
  const rendered = ['A', 'B', 'A', 'C'].map((main) => pool.render(aBundle(main), order));
  assert.equal(pool.inHand(), 4);
  assert.equal((await Promise.all(rendered)).length, 4);
  assert.equal(pool.inHand(), 0);
});

test('the kernel bounds data, processor time and files of a renderer, and it is told no secret', async () => {
  await using pool = aPool();
  await pool.render(aBundle('A'), order);
  const [pid] = await renderersOf(process.pid);
  const limits = await readFile(`/proc/${pid}/limits`, 'utf8');
  assert.match(limits, /Max cpu time +1500 /);
  assert.match(limits, /Max file size +0 /);
  assert.match(limits, new RegExp(`Max data size +${(300 + 1_024 + 128) * 2 ** 20} `));
  const names = (await environmentOf(pid!)).map((variable) => variable.split('=')[0]!);
  assert.ok(!names.includes('PATH') && !names.includes('DATABASE_URL'), names.join());
});

test('a package of the network is asked of nobody', async () => {
  const asked: string[] = [];
  const proxy = createServer().on('connect', (request, socket) => {
    asked.push(String(request.url));
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const before = process.env['HTTPS_PROXY'];
  process.env['HTTPS_PROXY'] = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  try {
    await using pool = aPool();
    await assert.rejects(pool.render(aBundle('#import "@preview/cetz:0.3.0": canvas'), order), /no packages here/);
    assert.deepEqual(asked, []);
  } finally {
    if (before === undefined) delete process.env['HTTPS_PROXY'];
    else process.env['HTTPS_PROXY'] = before;
    proxy.close();
  }
});

test('fonts of the machine are not there', async () => {
  await using pool = aPool();
  const { warnings } = await pool.render(aBundle('#set text(font: "DejaVu Sans")\nA'), order);
  assert.match(warnings?.[0]?.message ?? '', /unknown font family: dejavu sans/);
});
