/**
 * A child process of the bare loop: it renders what it is given, one after another, and does nothing else. The code
 * that renders is the worker's; there is no API, database, queue or storage.
 */
import { createRenderer } from '@invoicepress/documents';
import type { IssuedInvoice } from '@invoicepress/invoice';
import { createHash } from 'node:crypto';

export interface BareReply {
  /** Of the rendering alone. */
  seconds: number;
  /** Of the first document. */
  sha256: string;
  pages: number;
  /** The most memory that the process ever held. */
  peakBytes: number;
}

/** What getrusage calls ru_maxrss is in kilobytes. */
const KILOBYTE = 1_024;

const renderer = createRenderer();

const renderAll = (invoices: IssuedInvoice[]): BareReply => {
  const startedAt = performance.now();
  const documents = invoices.flatMap((invoice) => renderer.render(invoice));
  const seconds = (performance.now() - startedAt) / 1_000;
  const [first] = documents;
  return {
    seconds,
    sha256: createHash('sha256')
      .update(first?.bytes ?? '')
      .digest('hex'),
    pages: first?.pageCount ?? 0,
    peakBytes: process.resourceUsage().maxRSS * KILOBYTE,
  };
};

process.on('message', (invoices: IssuedInvoice[]) => process.send?.(renderAll(invoices)));
process.on('disconnect', () => process.exit(0));
