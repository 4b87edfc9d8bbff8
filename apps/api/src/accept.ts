import { acceptInvoices, type Acceptance, type AcceptanceAudit, type TenantTransaction } from '@invoicepress/database';
import { enqueueRender } from '@invoicepress/queue';
import type { InvoiceDraft } from '@invoicepress/invoice';
import type { InvoiceRecord } from '@invoicepress/database';
import { step } from '@invoicepress/telemetry';
import type { Caller } from './auth/tokens.ts';
import type { Context } from './context.ts';
import { dailyQuotaProblem, storageQuotaProblem, type Quotas } from './quotas.ts';
import { RequestProblem } from './problems.ts';

/** The built-in template at its present version, for tenants that bring none of their own. */
export const TEMPLATE = 'default@1';

type Outcome = Acceptance | { refused: 'storage-quota'; quotas: Quotas };

/** Each is accepted or refused by itself; whatever the quotas have no room for leaves nothing behind. */
export const accept = async (
  tx: TenantTransaction,
  drafts: InvoiceDraft[],
  caller: Caller,
  quotas: Quotas,
  now: Date,
  audit: AcceptanceAudit,
): Promise<Outcome[]> => {
  const { invoicesPerDay: perDay, storageBytes, storedBytes } = quotas;
  if (storageBytes !== undefined && storedBytes >= storageBytes)
    return drafts.map(() => ({ refused: 'storage-quota', quotas }));
  const options = { clientId: caller.clientId, now, template: TEMPLATE, perDay, audit };
  const acceptances = await acceptInvoices(tx, drafts, options);
  step('accepting');
  return acceptances;
};

/** Hands committed invoices to the workers. A queue that is away costs nothing but time: the sweeper enqueues them later. */
export const dispatch = async (
  { queue, telemetry }: Pick<Context, 'queue' | 'telemetry'>,
  invoices: InvoiceRecord[],
): Promise<void> => {
  step('accepted');
  const result = await enqueueRender(
    queue,
    invoices.map(({ id, tenantId, generation }) => ({ invoiceId: id, tenantId, generation })),
  );
  if (!result.enqueued) telemetry.enqueueFailed({ count: invoices.length, error: result.error });
  step('dispatched');
};

export const refusalProblem = (refusal: Exclude<Outcome, { accepted: unknown }>, now: Date): RequestProblem => {
  const existing = 'existingId' in refusal && refusal.existingId ? `; see /v1/invoices/${refusal.existingId}` : '';
  switch (refusal.refused) {
    case 'daily-quota':
      return dailyQuotaProblem(refusal.perDay, now);
    case 'storage-quota':
      return storageQuotaProblem(refusal.quotas);
    case 'series':
      return new RequestProblem('invalid-invoice', 'see "errors" for each field', {
        errors: [
          {
            pointer: '/series',
            detail: `there is no number series "${refusal.value}"; define it with POST /v1/number-series`,
          },
        ],
      });
    case 'externalId':
      return new RequestProblem(
        'external-id-taken',
        `an invoice with the externalId "${refusal.value}" exists${existing}`,
        {
          errors: [{ pointer: '/externalId', detail: 'is taken for ever' }],
        },
      );
    case 'number':
      return new RequestProblem(
        'number-taken',
        `an invoice with the number "${refusal.value}" exists${existing}; send another number`,
        {
          errors: [{ pointer: '/number', detail: 'is taken for ever' }],
        },
      );
  }
};
