/** What one tenant's month-end costs another: its single invoices alone, and behind a crowd. */
import { createClient, type Client } from '@invoicepress/client';
import { createTenant } from '@invoicepress/stack/embedded';
import { startRedis } from '@invoicepress/stack/services/redis';
import { setTimeout as sleep } from 'node:timers/promises';
import { onStack } from '../bench-stack.ts';
import type { Figure, Section, SectionContext } from '../figures.ts';
import { someDrafts } from '../invoices.ts';
import { submitBatch } from '../pipeline.ts';
import { percentile } from '../statistics.ts';

const sizes = {
  full: { warm: 20, singles: 60, crowd: 20_000, batch: 1_000 },
  quick: { warm: 2, singles: 5, crowd: 300, batch: 100 },
};

/** Between two looks at an invoice; its time is the database's, so that looking is not measured. */
const LOOK_MS = 20;
const READY_TIMEOUT_MS = 120_000;

export const fairness: Section = {
  name: 'fairness',
  title: "Fairness: a tenant's single invoices, alone and behind 20,000 of another",
  run: async (context) => {
    await using redis = await startRedis();
    return [
      ...(await measure(context, 'Redis', { QUEUE_URL: redis.url })),
      ...(await measure(context, 'PostgreSQL', {})),
    ];
  },
};

const measure = (
  { quick, profileDir, say }: SectionContext,
  queue: string,
  environment: Record<string, string>,
): Promise<Figure[]> => {
  const { warm, singles, crowd, batch } = quick ? sizes.quick : sizes.full;
  return onStack({ environment, profileDir }, async (crowded, stack) => {
    const credentials = await createTenant(stack, { slug: 'single', name: 'Single', client: 'single' });
    const client = createClient({ baseUrl: stack.apiUrl, ...credentials });
    await oneByOne(client, 'WARM', warm);
    say(`${queue}: ${singles} invoices alone …`);
    const alone = await oneByOne(client, 'ALONE', singles);

    say(`${queue}: ${crowd} of another tenant …`);
    const ids: string[] = [];
    for (let start = 0; start < crowd; start += batch)
      ids.push(...(await submitBatch(crowded, someDrafts(`CROWD${start}`, batch))));
    const before = await countReady(crowded, ids);
    say(`${queue}: ${singles} invoices behind ${crowd - before} …`);
    const behind = await oneByOne(client, 'BEHIND', singles);
    const after = await countReady(crowded, ids);
    if (after === ids.length) throw new Error('the crowd was done too early; nothing was measured');

    const p95 = { alone: percentile(alone, 0.95), behind: percentile(behind, 0.95) };
    say(`${queue}: p95 ${p95.alone} ms alone, ${p95.behind} ms behind the crowd`);
    return [
      { name: `${queue}: submission to ready, alone, p50`, value: percentile(alone, 0.5), unit: 'ms', rounds: alone },
      { name: `${queue}: alone, p95`, value: p95.alone, unit: 'ms' },
      { name: `${queue}: behind the crowd, p50`, value: percentile(behind, 0.5), unit: 'ms', rounds: behind },
      { name: `${queue}: behind the crowd, p95`, value: p95.behind, unit: 'ms' },
      { name: `${queue}: p95 behind against alone`, value: p95.behind / p95.alone, unit: '×', target: { atMost: 5 } },
      { name: `${queue}: of the crowd, waiting all the while`, value: ids.length - after, unit: '' },
      { name: `${queue}: of the crowd, ready meanwhile`, value: after - before, unit: '', target: { atLeast: 1 } },
    ];
  });
};

/** Each is handed in when the one before is ready. @returns milliseconds from its submission to `readyAt` */
const oneByOne = async (client: Client, prefix: string, count: number): Promise<number[]> => {
  const times: number[] = [];
  for (const draft of someDrafts(prefix, count)) {
    const submittedAt = Date.now();
    const { id } = await client.submitInvoice(draft);
    times.push(Date.parse(await readyAt(client, id)) - submittedAt);
  }
  return times;
};

const readyAt = async (client: Client, id: string): Promise<string> => {
  for (const deadline = Date.now() + READY_TIMEOUT_MS; Date.now() < deadline; await sleep(LOOK_MS)) {
    const { status, readyAt: time, failure } = await client.getInvoice(id);
    if (time) return time;
    if (status === 'failed') throw new Error(`an invoice failed: ${failure?.reason ?? 'no reason is known'}`);
  }
  throw new Error(`an invoice was not ready after ${READY_TIMEOUT_MS / 1_000} s`);
};

/** They become ready in their order, give or take those in hand, so a search finds the first that is not. */
const countReady = async (client: Client, ids: string[]): Promise<number> => {
  let [low, high] = [0, ids.length];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const { status } = await client.getInvoice(ids[middle] ?? '');
    if (status === 'ready') low = middle + 1;
    else high = middle;
  }
  return low;
};
