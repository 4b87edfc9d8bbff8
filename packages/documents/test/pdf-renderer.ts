import type { IssuedInvoice } from '@invoicepress/invoice';
import { createRenderer, type RenderedDocument } from '../src/index.ts';

/** A renderer for tests that look at the pages: it gives the first of an invoice's documents, a PDF by default. */
export function createPdfRenderer(): { render(invoice: IssuedInvoice): RenderedDocument } {
  const renderer = createRenderer();
  return {
    render(invoice) {
      const [document] = renderer.render(invoice);
      if (!document) throw new Error(`invoice ${invoice.number} has no formats`);
      return document;
    },
  };
}
