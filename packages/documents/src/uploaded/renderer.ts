/**
 * Invoices laid out by a template that somebody uploaded. Its world is the files of its bundle, the invoice and its
 * look as JSON, a logo, and our fonts; docs/templates.md describes them. What comes out is what the default template gives:
 * PDF/A-3b, tagged, and the same bytes for the same invoice. Typst keeps a template from files and from the network only
 * as far as its process does: run this where it is confined, and can be killed.
 */
import type { IssuedInvoice, TemplateDiagnostic } from '@invoicepress/invoice';
import type { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler';
import { openCoverage } from '../fonts.ts';
import { printable } from '../printable.ts';
import { lookOf } from '../look.ts';
import { assetOf, documentsOf, pdfStandard, type Assets, type RenderedDocument } from '../render.ts';
import { TemplateError } from '../template-error.ts';
import { createEmptyCompiler, rulerInEmptyWorld, pathInWorld } from '../typst.ts';
import { viewOf } from '../view.ts';
import { faultInPdf, maxPages } from './bounds.ts';
import { diagnosticsOf, exportDiagnostics, toLine } from './diagnostics.ts';
import { faultsInSources, isSource } from './sources.ts';

/** Of a bundle: its path in it, with "/" between folders. */
export interface TemplateFile {
  path: string;
  content: Uint8Array;
}

export interface TemplateRenderer {
  /** As `Renderer.render`, with what Typst warned of. @throws {TemplateError} with diagnostics, when the template is at fault */
  render(invoice: IssuedInvoice, assets?: Assets): { documents: RenderedDocument[]; warnings: TemplateDiagnostic[] };
}

/** Of the data that a template gets. It grows when a field changes its meaning or goes. */
const contract = 1;
/** Typst caches what it computes; what was of no use for so many renders is dropped. */
const keptSweeps = 4;

const isFont = (path: string): boolean => /\.(?:ttf|otf)$/.test(path);

/** @throws {TemplateError} when the sources cannot be used at all */
export function createTemplateRenderer(files: readonly TemplateFile[]): TemplateRenderer {
  const faults = faultsInSources(files);
  if (faults.length > 0) throw templateAtFault(faults);
  const coverage = openCoverage();
  const compiler = createEmptyCompiler(
    files.filter(({ path }) => isFont(path)).map(({ content }) => Buffer.from(content)),
  );
  const ruler = rulerInEmptyWorld(compiler);
  const map = (name: string, content: string | Uint8Array) =>
    compiler.mapShadow(pathInWorld(name), Buffer.from(content as Uint8Array));
  for (const { path, content } of files) {
    if (isSource(path)) compiler.addSource(pathInWorld(path), Buffer.from(content).toString());
    else map(path, content);
  }
  const typeset = (invoice: IssuedInvoice, assets: Assets) => {
    const view = viewOf(printable(invoice, coverage), ruler);
    const json = JSON.stringify({ contract, ...view });
    const { branding } = invoice;
    map('invoice.json', json);
    map('fonts.json', JSON.stringify(coverage.familiesFor(json, view.script, branding?.font)));
    map('look.json', JSON.stringify(lookOf(branding)));
    if (branding?.logo) map('logo', assetOf(assets, branding.logo.sha256));
    const typesetAt = Date.parse(`${invoice.issueDate}T00:00:00Z`) / 1_000;
    return typesetPages(compiler, typesetAt);
  };
  return {
    render(invoice, assets = {}) {
      const warnings: TemplateDiagnostic[] = [];
      const documents = documentsOf(invoice, (printed) => {
        const { pdf, pages, warnings: found } = typeset(printed, assets);
        warnings.push(...found);
        compiler.evictCache(keptSweeps);
        return { bytes: pdf, pageCount: pages };
      });
      return { documents, warnings };
    },
  };
}

/** @param timestamp of a document that sets no date itself, in seconds */
function typesetPages(compiler: NodeCompiler, timestamp: number) {
  const compiled = compiler.compile({ mainFilePath: pathInWorld('main.typ') });
  const failed = compiled.takeError();
  if (failed) throw templateAtFault(diagnosticsOf(compiler.fetchDiagnostics(failed)));
  const warned = compiled.takeWarnings();
  const warnings = warned ? diagnosticsOf(compiler.fetchDiagnostics(warned)) : [];
  if (warnings.some(({ severity }) => severity === 'error')) throw templateAtFault(warnings);

  const document = compiled.result;
  if (!document) throw new Error('Typst gave neither a document nor an error.');
  const pages = document.numOfPages;
  if (pages > maxPages)
    throw templateAtFault([
      { severity: 'error', message: `the document has ${pages} pages, and may have ${maxPages}` },
    ]);
  let pdf;
  try {
    pdf = compiler.pdf(document, { pdfStandard, creationTimestamp: timestamp });
  } catch (error) {
    throw templateAtFault(exportDiagnostics(error), error);
  }
  const fault = faultInPdf(pdf, pages);
  if (fault) throw templateAtFault([{ severity: 'error', ...fault }]);
  return { pdf, pages, warnings };
}

function templateAtFault(diagnostics: TemplateDiagnostic[], cause?: unknown): TemplateError {
  const [first] = diagnostics;
  return new TemplateError(
    `The template could not typeset this invoice: ${first ? toLine(first) : 'Typst does not say why'}.`,
    'Mend the template and activate the new version, or submit the invoice with another one.',
    { diagnostics, cause },
  );
}
