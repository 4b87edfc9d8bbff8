import type { IssuedInvoice } from '@invoicepress/invoice';

/** Has everything at hand that the other side wants; calling it does the work, and only that is measured. */
export type Prepared = () => string | Uint8Array | Promise<string | Uint8Array>;

/** Somebody else's way to the same documents. */
export interface Rival {
  ubl?(invoice: IssuedInvoice): Prepared;
  cii(invoice: IssuedInvoice): Prepared;
  /** Attaches the invoice to a PDF that is there. */
  facturx(invoice: IssuedInvoice, pdf: Uint8Array): Prepared;
}
