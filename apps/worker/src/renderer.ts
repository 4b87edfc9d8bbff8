/**
 * A renderer: a child process that renders one invoice at a time and knows nothing else. It has no environment,
 * no network address, no secret; the pool kills it when it takes too long or too much.
 */
import { createRenderer, TemplateError } from '@invoicepress/documents';
import type { RenderReply, RenderRequest } from './renderer-protocol.ts';

const renderer = createRenderer();

const render = ({ invoice, assets }: RenderRequest): RenderReply => {
  try {
    const documents = renderer.render(invoice, assets);
    return { kind: 'rendered', documents, rssBytes: process.memoryUsage.rss() };
  } catch (error) {
    const rssBytes = process.memoryUsage.rss();
    if (error instanceof TemplateError)
      return { kind: 'refused', reason: error.reason, remedy: error.remedy, rssBytes };
    return { kind: 'failed', message: error instanceof Error ? error.message : String(error), rssBytes };
  }
};

const reply = (message: RenderReply) => process.send?.(message);

process.on('message', (request: RenderRequest) => reply(render(request)));
process.on('disconnect', () => process.exit(0)); // the worker is gone
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => {}); // the pool decides when it ends
reply({ kind: 'ready' });
