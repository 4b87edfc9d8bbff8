/** What the worker's processes hold after thousands of invoices, and whether it grows. */
import type { EmbeddedStack } from '@invoicepress/stack/embedded';
import { onStack } from '../bench-stack.ts';
import type { Figure, Section } from '../figures.ts';
import { someDrafts } from '../invoices.ts';
import { runThroughPipeline } from '../pipeline.ts';
import { childrenOf, memoryOf, sampling } from '../processes.ts';
import { fifth, median } from '../statistics.ts';

const sizes = { full: { invoices: 5_000, batch: 250, everyMs: 500 }, quick: { invoices: 60, batch: 20, everyMs: 20 } };

const RENDERER_LIMIT_MB = 450;
const WORKER_LIMIT_MB = 250;
/** From the second to the last fifth of the run. */
const FLAT_PERCENT = 10;
const MEGABYTE = 2 ** 20;

export const memory: Section = {
  name: 'memory',
  title: 'Memory of the workers, of whichever process holds most',
  run: ({ quick, profileDir, say }) => {
    const { invoices, batch, everyMs } = quick ? sizes.quick : sizes.full;
    return onStack({ profileDir }, async (client, stack) => {
      const workers = stack.programs.filter(({ name }) => name.startsWith('worker')).flatMap(({ pid }) => pid ?? []);
      const main = newSeries();
      const renderers = newSeries();
      {
        await using _ = sampling(everyMs, async () => {
          await add(main, workers);
          await add(renderers, (await Promise.all(workers.map(childrenOf))).flat());
        });
        say(`${invoices} invoices …`);
        await runThroughPipeline(client, someDrafts('MEM', invoices), batch);
      }
      const replaced = await rendererReplacements(stack);
      return [
        { name: 'invoices', value: invoices, unit: '' },
        ...figuresOf('renderer', renderers, RENDERER_LIMIT_MB, invoices),
        { name: 'renderers replaced meanwhile', value: replaced, unit: '' },
        ...figuresOf('worker', main, WORKER_LIMIT_MB, invoices),
      ];
    });
  },
};

interface Series {
  /** The largest of the processes, look by look, in bytes. */
  largest: number[];
  peakBytes: number;
}

const newSeries = (): Series => ({ largest: [], peakBytes: 0 });

const add = async (series: Series, pids: number[]): Promise<void> => {
  const seen = (await Promise.all(pids.map(memoryOf))).filter((each) => each !== undefined);
  if (seen.length === 0) return;
  series.largest.push(Math.max(...seen.map(({ rssBytes }) => rssBytes)));
  series.peakBytes = Math.max(series.peakBytes, ...seen.map(({ peakBytes }) => peakBytes));
};

const figuresOf = (name: string, { largest, peakBytes }: Series, limit: number, invoices: number): Figure[] => {
  const early = median(fifth(largest, 2));
  const late = median(fifth(largest, 5));
  const between = 0.6 * invoices; // from the middle of the second fifth to the middle of the last
  return [
    { name: `${name}, highest`, value: peakBytes / MEGABYTE, unit: 'MB', target: { atMost: limit } },
    { name: `${name}, second fifth`, value: early / MEGABYTE, unit: 'MB' },
    { name: `${name}, last fifth`, value: late / MEGABYTE, unit: 'MB' },
    {
      name: `${name}, growth between them`,
      value: (late / early - 1) * 100,
      unit: '%',
      target: { atMost: FLAT_PERCENT },
    },
    { name: `${name}, slope`, value: ((late - early) / MEGABYTE / between) * 1_000, unit: 'MB/1,000' },
  ];
};

const METRICS_TIMEOUT_MS = 5_000;

/** From the workers' own metrics. */
const rendererReplacements = async ({ metricsUrls }: EmbeddedStack): Promise<number> => {
  let replaced = 0;
  for (const url of metricsUrls) {
    const response = await fetch(url, { signal: AbortSignal.timeout(METRICS_TIMEOUT_MS) });
    for (const [, count] of (await response.text()).matchAll(/^invoicepress_renderer_replaced_total\S* (\d+)$/gm))
      replaced += Number(count);
  }
  return replaced;
};
