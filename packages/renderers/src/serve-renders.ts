import { TemplateError, type Renderer } from '@invoicepress/documents';
import type { findDifferences } from '@invoicepress/documents/consistency';
import type { IssuedInvoice } from '@invoicepress/invoice';
import type { RenderReply, RenderRequest } from './renderer-protocol.ts';

/** What a renderer does as long as it lives: it answers requests, one after the other. */
export const serveRenders = (renderer: Renderer): void => {
  const render = async ({ invoice: json, assets, verify }: RenderRequest): Promise<RenderReply> => {
    try {
      const invoice = JSON.parse(json) as IssuedInvoice;
      const documents = renderer.render(invoice, assets);
      const differences = verify ? await differencesOf(documents, invoice) : [];
      const rssBytes = process.memoryUsage.rss();
      return differences.length > 0
        ? { kind: 'differs', differences, rssBytes }
        : { kind: 'rendered', documents, rssBytes };
    } catch (error) {
      const rssBytes = process.memoryUsage.rss();
      if (error instanceof TemplateError)
        return { kind: 'refused', reason: error.reason, remedy: error.remedy, rssBytes };
      return { kind: 'failed', message: error instanceof Error ? error.message : String(error), rssBytes };
    }
  };

  const reply = (message: RenderReply) => process.send?.(message);
  process.on('message', (request: RenderRequest) => void render(request).then(reply));
  process.on('disconnect', () => process.exit(0)); // the worker is gone
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => {}); // the pool decides when it ends
  reply({ kind: 'ready' });
};

/** The reader of PDFs is loaded by those renderers alone that read. What it cannot read, nobody else may be able to. */
export const differencesOf: typeof findDifferences = async (...given) => {
  const reader = await import('@invoicepress/documents/consistency');
  return reader
    .findDifferences(...given)
    .catch((error: unknown) => [
      `A document cannot be read back: ${error instanceof Error ? error.message : String(error)}.`,
    ]);
};
