import {
  findExpiredInvoices,
  forgetOldDeliveries,
  forgetOldExports,
  withTenant,
  type TenantTransaction,
} from '@invoicepress/database';
import { retentionCutoffs } from '@invoicepress/invoice';
import { eraseInvoices, finishBegun, type EraserParts } from './erase.ts';

/** Rows that one transaction deletes. */
const BATCH = 100;
const LOG_BATCH = 1_000;

export interface Retained {
  /** Invoices that were erased. */
  erased: number;
  /** Settled deliveries of webhooks, and exports that were over, which are forgotten. */
  deliveries: number;
  exports: number;
}

/**
 * Erases a tenant's invoices whose time is over and that nothing holds, and forgets webhooks and exports from long ago.
 * In bounded batches; when it is stopped, the next run goes on.
 */
export const retainTenant = async (
  parts: EraserParts,
  tenantId: string,
  {
    deliveryLogDays,
    exportLogDays,
    onProgress,
  }: { deliveryLogDays: number; exportLogDays: number; onProgress?: (erased: number) => void },
): Promise<Retained> => {
  const cutoffs = retentionCutoffs(parts.today, parts.extraYears);
  await finishBegun(parts, tenantId);
  let erased = 0;
  for (let more = true; more;) {
    const ids = await withTenant(parts.database, tenantId, (tx) => findExpiredInvoices(tx, cutoffs, BATCH));
    const done = await eraseInvoices(parts, tenantId, ids, 'privacy retain');
    erased += done;
    more = done > 0; // what was found and could not be erased is held since
    if (done > 0) onProgress?.(erased);
  }
  const forget = (step: typeof forgetOldExports, days: number) =>
    inBatches((limit) => withTenant(parts.database, tenantId, (tx: TenantTransaction) => step(tx, { days, limit })));
  const deliveries = await forget(forgetOldDeliveries, deliveryLogDays);
  return { erased, deliveries, exports: await forget(forgetOldExports, exportLogDays) };
};

/** Repeats a step until it finds less than it may take. @returns how much it took in all */
const inBatches = async (step: (limit: number) => Promise<number>): Promise<number> => {
  let total = 0;
  for (let taken = LOG_BATCH; taken === LOG_BATCH; total += taken) taken = await step(LOG_BATCH);
  return total;
};
