import type { Assets, RenderedDocument } from '@invoicepress/documents';
import type { IssuedInvoice } from '@invoicepress/invoice';

/** What travels between the pool and a renderer, over Node's IPC channel with structured cloning. */
export interface RenderRequest {
  invoice: IssuedInvoice;
  template: string;
  /** What the invoice names by its SHA-256. */
  assets?: Assets | undefined;
}

export type RenderReply =
  | { kind: 'ready' }
  | { kind: 'rendered'; documents: RenderedDocument[]; rssBytes: number }
  /** The same input will fail again, for this reason. */
  | { kind: 'refused'; reason: string; remedy: string; rssBytes: number }
  /** Something else went wrong, perhaps not again. */
  | { kind: 'failed'; message: string; rssBytes: number };
