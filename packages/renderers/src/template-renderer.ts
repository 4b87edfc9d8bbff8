/**
 * A renderer for one template of one tenant: a confined child process (sandbox.ts) that gets the template with its first
 * request and serves no other.
 */
import { createTemplateRenderer, drawPage, TemplateError, type TemplateRenderer } from '@invoicepress/documents';
import type { IssuedInvoice } from '@invoicepress/invoice';
import type { RenderReply, RenderRequest } from './renderer-protocol.ts';
import { differencesOf } from './serve-renders.ts';

let renderer: TemplateRenderer | undefined;

const render = async ({ invoice: json, assets, files = [], picture, verify }: RenderRequest): Promise<RenderReply> => {
  try {
    renderer ??= createTemplateRenderer(files);
    const invoice = JSON.parse(json) as IssuedInvoice;
    const { documents, warnings } = renderer.render(invoice, assets);
    const differences = verify ? await differencesOf(documents, invoice, 'uploaded') : [];
    if (differences.length > 0) return { kind: 'differs', differences, rssBytes: process.memoryUsage.rss() };
    const drawn = picture === undefined ? undefined : await drawPage(documents[0]?.bytes ?? new Uint8Array(), picture);
    return { kind: 'rendered', documents, warnings, picture: drawn, rssBytes: process.memoryUsage.rss() };
  } catch (error) {
    const rssBytes = process.memoryUsage.rss();
    if (error instanceof TemplateError) {
      const { reason, remedy, diagnostics } = error;
      return { kind: 'refused', reason, remedy, diagnostics, rssBytes };
    }
    return { kind: 'failed', message: error instanceof Error ? error.message : String(error), rssBytes };
  }
};

const reply = (message: RenderReply) => process.send?.(message);

process.on('message', (request: RenderRequest) => void render(request).then(reply));
process.on('disconnect', () => process.exit(0)); // the worker is gone
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => {}); // the pool decides when it ends
reply({ kind: 'ready' });
