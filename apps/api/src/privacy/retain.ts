import { findExpiredInvoices, forgetOldDeliveries, withTenant } from '@invoicepress/database';
import { retentionCutoffs } from '@invoicepress/invoice';
import { eraseInvoices, finishBegun, type EraserParts } from './erase.ts';

/** Rows that one transaction deletes. */
const BATCH = 100;
const DELIVERY_BATCH = 1_000;

/**
 * Erases a tenant's invoices whose time is over and that nothing holds, and forgets the log of webhooks from long ago.
 * In bounded batches; when it is stopped, the next run goes on.
 */
export const retainTenant = async (
  parts: EraserParts,
  tenantId: string,
  { deliveryLogDays, onProgress }: { deliveryLogDays: number; onProgress?: (erased: number) => void },
): Promise<{ erased: number; deliveries: number }> => {
  const cutoffs = retentionCutoffs(parts.today, parts.extraYears);
  await finishBegun(parts, tenantId);
  let [erased, deliveries] = [0, 0];
  for (let more = true; more;) {
    const ids = await withTenant(parts.database, tenantId, (tx) => findExpiredInvoices(tx, cutoffs, BATCH));
    const done = await eraseInvoices(parts, tenantId, ids, 'privacy retain');
    erased += done;
    more = done > 0; // what was found and could not be erased is held since
    if (done > 0) onProgress?.(erased);
  }
  for (let forgotten = DELIVERY_BATCH; forgotten === DELIVERY_BATCH; deliveries += forgotten)
    forgotten = await withTenant(parts.database, tenantId, (tx) =>
      forgetOldDeliveries(tx, { days: deliveryLogDays, limit: DELIVERY_BATCH }),
    );
  return { erased, deliveries };
};
