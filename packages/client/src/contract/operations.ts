/** What the API does, by resource; each file of operations/ has one. */
import { auditOperations } from './operations/audit.ts';
import { creditNoteOperations } from './operations/credit-notes.ts';
import { eventOperations } from './operations/events.ts';
import { exportOperations } from './operations/exports.ts';
import { invoiceOperations } from './operations/invoices.ts';
import { numberSeriesOperations } from './operations/number-series.ts';
import { sellerOperations } from './operations/sellers.ts';
import { signInOperations } from './operations/sign-in.ts';
import { templateOperations } from './operations/templates.ts';
import { webhookOperations } from './operations/webhooks.ts';

export type { Operation } from './operations/operation.ts';

/** In the order in which the document shows them. */
export const operations = {
  ...signInOperations,
  ...invoiceOperations,
  ...creditNoteOperations,
  ...exportOperations,
  ...eventOperations,
  ...numberSeriesOperations,
  ...sellerOperations,
  ...webhookOperations,
  ...templateOperations,
  ...auditOperations,
};

export type OperationName = keyof typeof operations;
