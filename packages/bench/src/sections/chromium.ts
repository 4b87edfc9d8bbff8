/** The default template against what browser-based services do, from an invoice's data to the bytes of its PDF. */
import { createRenderer } from '@invoicepress/documents';
import { openInvoicePage } from '../chromium/invoice-page.ts';
import { totalCpuMs } from '../cpu.ts';
import type { Figure, Section } from '../figures.ts';
import { wasInterrupted } from '../interrupted.ts';
import { aDraft, issue } from '../invoices.ts';
import { median } from '../statistics.ts';

const sizes = { full: { rounds: 7, documents: 30 }, quick: { rounds: 1, documents: 2 } };

export const chromium: Section = {
  name: 'chromium',
  title: 'Default template against headless Chromium with a page kept open, one invoice after another',
  run: async ({ quick, say }) => {
    const { rounds, documents } = quick ? sizes.quick : sizes.full;
    const renderer = createRenderer();
    await using page = await openInvoicePage();
    const template: Print = (invoice) => Promise.resolve(renderer.render(invoice)[0]?.bytes ?? new Uint8Array());
    const browser: Print = (invoice) => page.print(invoice);

    const ours: Times[] = [];
    const theirs: Times[] = [];
    for (let round = 0; round <= rounds; round++) {
      if (wasInterrupted()) throw new Error('interrupted');
      const [own, other] = [await timed(template, round, documents), await timed(browser, round, documents)];
      if (round === 0) continue; // to warm up
      ours.push(own);
      theirs.push(other);
      say(`round ${round} of ${rounds}: template ${own.ms.toFixed(1)} ms, Chromium ${other.ms.toFixed(1)} ms`);
    }
    return [
      over(
        'default template',
        'ms',
        ours.map(({ ms }) => ms),
      ),
      over(
        'HTML of the same looks, page.pdf()',
        'ms',
        theirs.map(({ ms }) => ms),
      ),
      {
        ...over(
          'template faster than Chromium',
          '×',
          ratios(theirs, ours, ({ ms }) => ms),
        ),
        target: { atLeast: 5 },
      },
      ...processorTime(ours, theirs),
    ];
  },
};

type Print = (invoice: ReturnType<typeof issue>) => Promise<Uint8Array>;

/** Milliseconds per document. */
interface Times {
  ms: number;
  cpuMs: number | undefined;
}

/** The same invoices for both in a round, and others in the next, so that neither finds its work done. */
const timed = async (print: Print, round: number, documents: number): Promise<Times> => {
  const seeds = Array.from({ length: documents }, (_, index) => round * documents + index);
  const invoices = seeds.map((seed) => issue(aDraft(`WEB-${seed}`, seed)));
  const cpuBefore = await totalCpuMs();
  const startedAt = performance.now();
  for (const invoice of invoices) await print(invoice);
  const ms = (performance.now() - startedAt) / documents;
  const cpuAfter = await totalCpuMs();
  const known = cpuBefore !== undefined && cpuAfter !== undefined;
  return { ms, cpuMs: known ? (cpuAfter - cpuBefore) / documents : undefined };
};

const over = (name: string, unit: string, rounds: number[]): Figure => ({ name, value: median(rounds), unit, rounds });

const ratios = (theirs: Times[], ours: Times[], of: (times: Times) => number): number[] =>
  theirs.map((times, index) => of(times) / of(ours[index] ?? times));

const processorTime = (ours: Times[], theirs: Times[]): Figure[] => {
  const known = (times: Times[]) => times.flatMap(({ cpuMs }) => cpuMs ?? []);
  if (known(ours).length < ours.length || known(theirs).length < theirs.length) return [];
  return [
    over('processor time, default template', 'ms', known(ours)),
    over('processor time, Chromium', 'ms', known(theirs)),
    over(
      'template cheaper than Chromium',
      '×',
      ratios(theirs, ours, ({ cpuMs }) => cpuMs ?? Number.NaN),
    ),
  ];
};
