/** What a client app waits for when it hands in invoices. */
import type { Client } from '@invoicepress/client';
import { setTimeout as sleep } from 'node:timers/promises';
import { onStack } from '../bench-stack.ts';
import type { Figure, Section } from '../figures.ts';
import { someDrafts } from '../invoices.ts';
import { submitBatch, untilReady } from '../pipeline.ts';
import { auditCost } from './audit-cost.ts';
import { median, percentile } from '../statistics.ts';

const sizes = {
  full: { warm: 50, singles: 300, batches: 7, batchSizes: [10, 100, 1_000], auditRounds: 4, audited: 60 },
  quick: { warm: 2, singles: 10, batches: 1, batchSizes: [5], auditRounds: 1, audited: 4 },
};

/** Between two single submissions: long enough for the workers to finish the one before. */
const IDLE_MS = 60;

export const submission: Section = {
  name: 'submission',
  title: 'Submission over HTTP, the workers idle',
  run: ({ quick, profileDir, say }) => {
    const { warm, singles, batches, batchSizes, auditRounds, audited } = quick ? sizes.quick : sizes.full;
    return onStack({ profileDir }, async (client, { ownerUrl }) => {
      await submitSingly(client, 'WARM', warm);
      say(`${singles} single submissions …`);
      const times = await submitSingly(client, 'ONE', singles);
      const figures: Figure[] = [
        { name: 'POST /v1/invoices, p50', value: percentile(times, 0.5), unit: 'ms' },
        { name: 'POST /v1/invoices, p95', value: percentile(times, 0.95), unit: 'ms' },
      ];
      for (const size of batchSizes) {
        say(`${batches} batches of ${size} …`);
        figures.push(await inBatches(client, size, batches));
      }
      say(`${2 * auditRounds * audited} single submissions, with and without their audit entries …`);
      return [...figures, ...(await auditCost(auditRounds, (name) => submitSingly(client, name, audited), ownerUrl))];
    });
  },
};

/** @returns milliseconds of each */
const submitSingly = async (client: Client, prefix: string, count: number): Promise<number[]> => {
  const times: number[] = [];
  const ids: string[] = [];
  for (const draft of someDrafts(prefix, count)) {
    const startedAt = performance.now();
    const { id } = await client.submitInvoice(draft);
    times.push(performance.now() - startedAt);
    ids.push(id);
    await sleep(IDLE_MS);
  }
  await untilReady(client, ids);
  return times;
};

const inBatches = async (client: Client, size: number, batches: number): Promise<Figure> => {
  const rounds: number[] = [];
  for (let batch = 1; batch <= batches; batch++) {
    const drafts = someDrafts(`B${size}-${batch}`, size);
    const startedAt = performance.now();
    const ids = await submitBatch(client, drafts);
    rounds.push((performance.now() - startedAt) / size);
    await untilReady(client, ids);
  }
  return { name: `per invoice in batches of ${size}`, value: median(rounds), unit: 'ms', rounds };
};
