/**
 * An invoice becomes a document of each of its formats. The XML (xml/) and the snapshot follow from it directly. A PDF
 * takes four steps: its texts are made fit to print (and refused where no font has the glyph), it becomes a view (every
 * word, date and amount final, in the invoice's language), the template places the view (templates/default/main.typ),
 * and Typst exports the pages. Factur-X (facturx/) is that PDF with the CII attached.
 *
 * Nothing else flows in: no clock, no network, no file but the template, the fonts and the assets that the invoice
 * names by their SHA-256. The same invoice gives the same bytes. Typst is native code that cannot be interrupted, so run
 * this where it can be killed.
 */
import type { BrandFont, Format, IssuedInvoice } from '@invoicepress/invoice';
import type { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler';
import { toFacturX } from './facturx/index.ts';
import { openCoverage, type Coverage } from './fonts.ts';
import { lookOf } from './look.ts';
import { printable } from './printable.ts';
import type { Ruler } from './ruler.ts';
import { toJson } from './snapshot.ts';
import { TemplateError } from './template-error.ts';
import { createCompiler, pathInWorld, rulerOf } from './typst.ts';
import { viewOf, type InvoiceView } from './view.ts';
import { toCii, toUbl } from './xml/index.ts';

/** The template's name and version: it changes whenever the same invoice would no longer give the same bytes. */
export const defaultTemplate = 'default@1';

/** PDF/A-3 for archives: fonts embedded, colours defined, and room for the machine-readable invoice. Always tagged. */
export const pdfStandard = 'a-3b';

/** Typst caches what it computes. Every so many renders, drop what was of no use since so many sweeps. */
const rendersPerSweep = 4;
const keptSweeps = 2;
/** A document of more pages than this leaves a cache of hundreds of megabytes: drop it all at once. */
const longDocument = 20;

export interface RenderedDocument {
  format: Format;
  bytes: Uint8Array;
  /** Of formats that have pages. */
  pageCount?: number;
}

/** The bytes that an invoice names by their SHA-256: its logo. */
export type Assets = Readonly<Record<string, Uint8Array>>;

export interface Renderer {
  /**
   * One document for each of `invoice.formats`, in that order. Blocks until done: some milliseconds for a page, a
   * fraction of one where nothing is typeset. Throws TemplateError when the invoice cannot be printed.
   */
  render(invoice: IssuedInvoice, assets?: Assets): RenderedDocument[];
}

/**
 * Loads the template, and measures its font, once (about 0.2 s); keep the renderer. Return to the event loop between
 * renders: the memory of earlier documents is given back there.
 */
export function createRenderer(): Renderer {
  const coverage = openCoverage();
  const compiler = createCompiler();
  const rulers = new Map<BrandFont, Ruler>();
  const rulerFor = (font: BrandFont = 'Inter'): Ruler => {
    const covered = (character: string) => coverage.hasIn(font, character.charCodeAt(0));
    const found = rulers.get(font) ?? rulerOf(compiler, font, covered);
    rulers.set(font, found);
    return found;
  };
  rulerFor();
  let typesetSoFar = 0;
  const toPdf = (invoice: IssuedInvoice, assets: Assets): Content => {
    const { font } = invoice.branding ?? {};
    const view = viewOf(printable(invoice, coverage), rulerFor(font));
    const bytes = typeset(compiler, invoice, view, { coverage, assets });
    const pages = pageCount(bytes);
    typesetSoFar += 1;
    if (pages > longDocument) compiler.evictCache(0);
    else if (typesetSoFar % rendersPerSweep === 0) compiler.evictCache(keptSweeps);
    return { bytes, pageCount: pages };
  };
  return { render: (invoice, assets = {}) => documentsOf(invoice, (printed) => toPdf(printed, assets)) };
}

export type Content = Omit<RenderedDocument, 'format'>;

/** One document for each of the invoice's formats; its pages are typeset once, when a format has any. */
export function documentsOf(invoice: IssuedInvoice, toPdf: (invoice: IssuedInvoice) => Content): RenderedDocument[] {
  const pdf = once(() => toPdf(invoice));
  const cii = once(() => toCii(invoice));
  const contents: Record<Format, () => Content> = {
    pdf,
    facturx: () => ({ ...pdf(), bytes: toFacturX(pdf().bytes, cii(), invoice) }),
    ubl: () => ({ bytes: Buffer.from(toUbl(invoice)) }),
    cii: () => ({ bytes: Buffer.from(cii()) }),
    json: () => ({ bytes: Buffer.from(toJson(invoice)) }),
  };
  return invoice.formats.map((format) => ({ format, ...contents[format]() }));
}

/** Two formats may be made of the same source, which is made when one of them asks for it. */
function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

function typeset(
  compiler: NodeCompiler,
  { branding }: IssuedInvoice,
  view: InvoiceView,
  { coverage, assets }: { coverage: Coverage; assets: Assets },
): Buffer {
  const json = JSON.stringify(view);
  const map = (name: string, bytes: Uint8Array) => compiler.mapShadow(pathInWorld(name), Buffer.from(bytes));
  map('invoice.json', Buffer.from(json));
  map('fonts.json', Buffer.from(JSON.stringify(coverage.familiesFor(json, view.script, branding?.font))));
  map('look.json', Buffer.from(JSON.stringify(lookOf(branding))));
  if (branding?.logo) map('logo', assetOf(assets, branding.logo.sha256));
  try {
    // Straight to bytes: a document object would hold its pages in native memory until the next garbage collection.
    return compiler.pdf({ mainFilePath: pathInWorld('main.typ') }, { pdfStandard });
  } catch (error) {
    throw new TemplateError(
      `The template ${defaultTemplate} could not typeset this invoice: ${messageOf(error)}.`,
      'Report it with the invoice: the template should handle every valid invoice.',
      { cause: error },
    );
  }
}

/** @throws Error when it was not handed over */
export function assetOf(assets: Assets, sha256: string): Uint8Array {
  const bytes = assets[sha256];
  if (!bytes) throw new Error(`the invoice names an asset that was not handed over: ${sha256}`);
  return bytes;
}

/** The page tree is the first object that Typst writes. */
function pageCount(pdf: Buffer): number {
  const count = /\/Type \/Pages\s+\/Count (\d+)/.exec(pdf.toString('latin1', 0, 256))?.[1];
  if (!count)
    throw new Error('The PDF does not begin with its page tree. Pin Typst, or read the page count elsewhere.');
  return Number(count);
}

/** Typst hands over its diagnostics as one long text; the messages in it are what a person can use. */
function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const messages = [...text.matchAll(/message: "((?:[^"\\]|\\.)*)"/g)].map(([, message]) => message);
  return messages.length > 0 ? messages.slice(0, 3).join('; ') : text.slice(0, 300);
}
