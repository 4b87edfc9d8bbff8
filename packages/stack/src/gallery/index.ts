/**
 * `pnpm --filter @invoicepress/stack gallery`: draws some of the demo's invoices into docs/gallery, a PNG for each page.
 * docs/gallery.md shows them.
 */
import { createRenderer } from '@invoicepress/documents';
import { issueInvoice } from '@invoicepress/invoice';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { draftOf, samples } from '../samples/index.ts';
import { toPng, type Pixels } from './png.ts';

const folder = join(import.meta.dirname, '../../../../docs/gallery');
const DOTS_PER_INCH = 100;
const POINTS_PER_INCH = 72;

/** Samples by name; of the one with 120 lines, as many as fill three pages. */
const shown: { name: string; lines?: number }[] = [
  { name: 'en-gb-design-studio' },
  { name: 'de-agency' },
  { name: 'fr-bookbinder-deposit' },
  { name: 'ar-ae-date-farm' },
  { name: 'zh-cn-tea' },
  { name: 'ja-yen-two-rates' },
  { name: 'de-credit-note' },
  { name: 'de-wholesale-120-lines', lines: 50 },
  { name: 'de-winery-branded' },
  { name: 'en-cargo-bikes-branded' },
];

const renderer = createRenderer();

const typeset = ({ name, lines }: (typeof shown)[number]): Uint8Array => {
  const sample = samples.find((candidate) => candidate.name === name);
  if (!sample) throw new Error(`there is no sample "${name}"`);
  const { draft, assets } = draftOf({
    ...sample.invoice,
    lines: sample.invoice.lines.slice(0, lines),
    formats: ['pdf'],
  });
  const [pdf] = renderer.render(issueInvoice(draft, draft.number ?? 'DEMO-2026-00042', '2026-11-22'), assets);
  if (!pdf) throw new Error(`the sample "${name}" became no PDF`);
  return pdf.bytes;
};

/** The reader's own, of which its types only say that it is an object; a canvas as in a browser. */
interface CanvasFactory {
  create(
    width: number,
    height: number,
  ): {
    canvas: never;
    context: { getImageData(x: number, y: number, width: number, height: number): { data: Uint8ClampedArray } };
  };
}

/** With the reader that the demo and the tests use already, so that a picture shows what a reader sees. */
const draw = async (pdf: Uint8Array): Promise<Pixels[]> => {
  const loading = getDocument({ data: new Uint8Array(pdf), verbosity: 0 });
  const document = await loading.promise;
  const pages: Pixels[] = [];
  for (let number = 1; number <= document.numPages; number++) {
    const page = await document.getPage(number);
    const viewport = page.getViewport({ scale: DOTS_PER_INCH / POINTS_PER_INCH });
    const [width, height] = [Math.round(viewport.width), Math.round(viewport.height)];
    const { canvas, context } = (document.canvasFactory as CanvasFactory).create(width, height);
    await page.render({ canvas, viewport, background: 'white' }).promise;
    pages.push({ width, height, rgba: context.getImageData(0, 0, width, height).data });
  }
  await loading.destroy();
  return pages;
};

await rm(folder, { recursive: true, force: true });
await mkdir(folder, { recursive: true });
let [count, bytes] = [0, 0];
for (const invoice of shown) {
  const pages = await draw(typeset(invoice));
  for (const [index, pixels] of pages.entries()) {
    const png = toPng(pixels);
    await writeFile(join(folder, `${invoice.name}${pages.length > 1 ? `-${index + 1}` : ''}.png`), png);
    [count, bytes] = [count + 1, bytes + png.length];
  }
}
process.stdout.write(`gallery: ${count} pages, ${Math.round(bytes / 1_024)} KB, are in docs/gallery/\n`);
