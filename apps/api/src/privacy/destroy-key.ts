import { destroyKeys, obstaclesToDestruction, operatorAct, withTenant, type Obstacle } from '@invoicepress/database';
import { retentionCutoffs } from '@invoicepress/invoice';
import { buyersInvoices } from './buyers-invoices.ts';
import { eraseInvoices, finishBegun, type EraserParts } from './erase.ts';

/** Invoices that are erased at a time. */
const PAGE = 100;
const COMMAND = 'privacy destroy-key';

/**
 * Destroys a tenant's keys, so that copies of its invoices that lie elsewhere open no more, and erases all its invoices
 * here. Refused as long as one of them is held, on its way, or has to be kept. When it was stopped, the next run goes on.
 * @param dryRun only says what would refuse it
 * @throws naming what is in the way
 */
export const destroyKey = async (
  parts: EraserParts,
  tenantId: string,
  { dryRun = false, onProgress = () => {} }: { dryRun?: boolean; onProgress?: (erased: number) => void } = {},
): Promise<{ destroyed: number; erased: number }> => {
  const cutoffs = retentionCutoffs(parts.today, parts.extraYears);
  const outcome = await withTenant(parts.database, tenantId, async (tx) => {
    if (!dryRun) return destroyKeys(tx, cutoffs, operatorAct(COMMAND));
    const kept = await obstaclesToDestruction(tx, cutoffs);
    return kept.length > 0 ? { kept } : { destroyed: 0 };
  });
  if ('kept' in outcome) throw new Error(`nothing was destroyed: ${outcome.kept.map(say).join('; ')}`);
  if (dryRun) return { destroyed: 0, erased: 0 };
  let erased = 0;
  await finishBegun(parts, tenantId, COMMAND);
  for await (const page of buyersInvoices(parts.database, { tenantId, subject: undefined, pageSize: PAGE })) {
    const ids = page.map(({ id }) => id);
    erased += await eraseInvoices(parts, tenantId, ids, COMMAND);
    if (ids.length > 0) onProgress(erased);
  }
  return { ...outcome, erased };
};

const remedies: Record<Obstacle['why'], string> = {
  held: 'is held; release the hold when its reason is gone',
  unsettled: 'is on its way; cancel it, or wait until it is ready',
  retained: 'has to be kept by law; see docs/privacy.md',
};

const say = ({ why, invoiceId, number }: Obstacle): string =>
  `${invoiceId === null ? 'the tenant' : `invoice ${number} (${invoiceId})`} ${remedies[why]}`;
