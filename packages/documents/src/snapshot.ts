import { canonicalJson, type IssuedInvoice } from '@invoicepress/invoice';

/** The frozen invoice itself, in the one form that has the same bytes whichever way it was stored. */
export const toJson = (invoice: IssuedInvoice): string => canonicalJson(invoice);
