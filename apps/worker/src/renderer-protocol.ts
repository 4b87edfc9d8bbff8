import type { Assets, RenderedDocument } from '@invoicepress/documents';

/** What travels between the pool and a renderer, over Node's IPC channel with structured cloning. */
export interface RenderRequest {
  /** An `IssuedInvoice` as JSON. */
  invoice: string;
  template: string;
  /** What the invoice names by its SHA-256. */
  assets?: Assets | undefined;
  /** Whether the documents are read back and compared with the invoice. */
  verify: boolean;
}

export type RenderReply =
  | { kind: 'ready' }
  | { kind: 'rendered'; documents: RenderedDocument[]; rssBytes: number }
  /** The same input will fail again, for this reason. */
  | { kind: 'refused'; reason: string; remedy: string; rssBytes: number }
  /** They were made, and do not say what the invoice says; a sentence for each difference. */
  | { kind: 'differs'; differences: string[]; rssBytes: number }
  /** Something else went wrong, perhaps not again. */
  | { kind: 'failed'; message: string; rssBytes: number };
