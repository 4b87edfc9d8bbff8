import type { Assets, RenderedDocument, TemplateFile } from '@invoicepress/documents';
import { faultInTemplate, type IssuedInvoice } from '@invoicepress/invoice';
import { templatePath, type Files } from '@invoicepress/proof';
import { createTemplatePool, isSandboxed, RenderRefused, TemplateStopped } from '@invoicepress/renderers';

/** Documents, or why there are none: nothing was made here, or what was made does not come to an end well. */
export type Made = RenderedDocument[] | { notRun: string } | { failed: string };

export interface TemplateBounds {
  /** Milliseconds for all PDFs of an invoice; more than workers give, for this machine may be slower. */
  timeoutMs?: number;
  /** Whether the kernel holds a process to its bounds. Asked before any template runs. */
  sandboxed?: typeof isSandboxed;
}

/** As workers have it unless their operator says otherwise. */
const MAX_MB = 1_024;
const TIMEOUT_MS = 60_000;

interface Order {
  files: Files;
  /** With the formats that are to be made. */
  invoice: IssuedInvoice;
  assets: Assets;
}

/**
 * Makes PDFs by the template that a bundle brings along: a stranger's program, run in the sandbox that workers have for
 * such, or not at all.
 */
export const renderUploaded = async (
  { files, invoice, assets }: Order,
  { timeoutMs = TIMEOUT_MS, sandboxed = isSandboxed }: TemplateBounds = {},
): Promise<Made> => {
  const template = templateIn(files);
  const fault = faultInTemplate(template);
  if (fault) return { failed: `its template is none that could have been uploaded: ${fault}` };
  const settings = {
    TEMPLATE_RENDERER_POOL_SIZE: 1,
    TEMPLATE_TIMEOUT_MS: timeoutMs,
    TEMPLATE_MAX_MB: MAX_MB,
    VERIFY_DOCUMENTS: false, // the figures are read by a check of their own
  };
  if (!(await sandboxed(settings)))
    return {
      notRun:
        'its template is a program, and this system does not hold one to bounds of memory (as Linux does), so it was not run',
    };
  await using pool = createTemplatePool(settings);
  try {
    const bundle = { tenantId: '', sha256: '', files: template };
    return (await pool.render(bundle, { invoice: JSON.stringify(invoice), assets })).documents;
  } catch (error) {
    if (error instanceof TemplateStopped) return { notRun: `it was stopped here. ${error.message}` };
    if (error instanceof RenderRefused) return { failed: error.message };
    return { notRun: `its renderer could not be used: ${error instanceof Error ? error.message : String(error)}` };
  }
};

const templateIn = (files: Files): TemplateFile[] => {
  const folder = templatePath('');
  return [...files]
    .filter(([path]) => path.startsWith(folder))
    .map(([path, content]) => ({ path: path.slice(folder.length), content }));
};
