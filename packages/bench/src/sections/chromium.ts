/** The default template against what browser-based services do, from an invoice's data to the bytes of its PDF. */
import { createRenderer } from '@invoicepress/documents';
import { openInvoicePage } from '../chromium/invoice-page.ts';
import type { Section } from '../figures.ts';
import { aDraft, issue } from '../invoices.ts';
import { median } from '../statistics.ts';

const sizes = { full: { rounds: 7, documents: 30, warm: 10 }, quick: { rounds: 1, documents: 2, warm: 1 } };

export const chromium: Section = {
  name: 'chromium',
  title: 'Default template against headless Chromium with a page kept open',
  run: async ({ quick, say }) => {
    const { rounds, documents, warm } = quick ? sizes.quick : sizes.full;
    const renderer = createRenderer();
    await using page = await openInvoicePage();
    const invoices = Array.from({ length: documents }, (_, seed) => issue(aDraft(`WEB-${seed + 1}`, seed)));
    const typst = () => Promise.resolve(invoices.map((invoice) => renderer.render(invoice).bytes));
    const browser = async () => {
      const pdfs: Uint8Array[] = [];
      for (const invoice of invoices) pdfs.push(await page.print(invoice));
      return pdfs;
    };
    const timed = async (print: () => Promise<Uint8Array[]>) => {
      const startedAt = performance.now();
      await print();
      return (performance.now() - startedAt) / documents;
    };

    for (let i = 0; i < warm; i += documents) for (const print of [typst, browser]) await print();
    const ours: number[] = [];
    const theirs: number[] = [];
    for (let round = 1; round <= rounds; round++) {
      ours.push(await timed(typst));
      theirs.push(await timed(browser));
      say(
        `round ${round} of ${rounds}: template ${ours.at(-1)?.toFixed(1)} ms, Chromium ${theirs.at(-1)?.toFixed(1)} ms`,
      );
    }
    const ratios = theirs.map((ms, index) => ms / (ours[index] ?? Number.NaN));
    return [
      { name: 'default template', value: median(ours), unit: 'ms', rounds: ours },
      { name: 'HTML of the same looks, page.pdf()', value: median(theirs), unit: 'ms', rounds: theirs },
      {
        name: 'template faster than Chromium',
        value: median(ratios),
        unit: '×',
        rounds: ratios,
        target: { atLeast: 5 },
      },
    ];
  },
};
