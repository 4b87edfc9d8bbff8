import type { Assets, RenderedDocument, TemplateFile } from '@invoicepress/documents';
import type { TemplateDiagnostic } from '@invoicepress/invoice';

/** What travels between the pool and a renderer, over Node's IPC channel with structured cloning. */
export interface RenderRequest {
  /** An `IssuedInvoice` as JSON. */
  invoice: string;
  template: string;
  /** What the invoice names by its SHA-256. */
  assets?: Assets | undefined;
  /** Whether the documents are read back and compared with the invoice. */
  verify?: boolean;
  /** Somebody's own template, with the first request of a renderer that serves it alone. */
  files?: TemplateFile[];
  /** The page to draw as well, from 1. */
  picture?: number;
}

export interface Rendered {
  documents: RenderedDocument[];
  /** What the author of a template should know. */
  warnings?: TemplateDiagnostic[];
  /** PNG of the page that was asked for, unless there is none. */
  picture?: Uint8Array | undefined;
}

export type RenderReply =
  | { kind: 'ready' }
  | (Rendered & { kind: 'rendered'; rssBytes: number })
  /** The same input will fail again, for this reason. */
  | { kind: 'refused'; reason: string; remedy: string; diagnostics?: TemplateDiagnostic[]; rssBytes: number }
  /** They were made, and do not say what the invoice says; a sentence for each difference. */
  | { kind: 'differs'; differences: string[]; rssBytes: number }
  /** Something else went wrong, perhaps not again. */
  | { kind: 'failed'; message: string; rssBytes: number };
