import {
  beginErasure,
  erasuresUnderWay,
  finishErasure,
  operatorAct,
  redactInvoices,
  withTenant,
  type Database,
  type DataSubject,
  type ErasureCandidate,
} from '@invoicepress/database';
import { retainedUntil, retentionCutoffs } from '@invoicepress/invoice';
import type { Storage } from '@invoicepress/storage';
import { buyersInvoices } from './buyers-invoices.ts';
import { sweepOrphans } from './orphans.ts';
import { inTurns, listedPages } from './stored.ts';

export interface EraserParts {
  /** With the role invoicepress_privacy. */
  database: Database;
  storage: Pick<Storage, 'erase' | 'list'>;
  /** "2026-11-27": the day by which time is over or not. */
  today: string;
  extraYears: number;
}

/** What became of an invoice of a buyer who asked for erasure, or what would. */
export interface Outcome {
  id: string;
  number: string;
  /** `unsettled`: cancel it, or ask again when it is ready. */
  outcome: 'erased' | 'redacted' | 'held' | 'unsettled';
  /** Of a redacted one: the last day on which the law wants it kept; `retain` erases it after that. */
  retainedUntil?: string;
}

/** Invoices that are looked at, begun or finished at a time. */
const PAGE = 100;

/**
 * Erases what may go of a buyer's invoices, and redacts what nobody has to keep of the others. Safe to repeat after a
 * crash: whatever was begun is finished first.
 */
export async function* eraseBuyer(
  parts: EraserParts,
  { tenantId, subject, dryRun = false }: { tenantId: string; subject: DataSubject; dryRun?: boolean },
): AsyncGenerator<Outcome> {
  if (!dryRun) await finishBegun(parts, tenantId);
  for await (const page of buyersInvoices(parts.database, { tenantId, subject, pageSize: PAGE })) {
    const judged = page.map((found) => judge(parts, found));
    if (!dryRun) await act(parts, tenantId, judged);
    yield* judged;
  }
}

const judge = ({ today, extraYears }: EraserParts, found: ErasureCandidate): Outcome => {
  const { id, number, status } = found;
  if (found.held) return { id, number, outcome: 'held' };
  if (status === 'failed' || status === 'canceled') return { id, number, outcome: 'erased' };
  if (status !== 'ready') return { id, number, outcome: 'unsettled' };
  const issueDate = found.issueDate.toISOString().slice(0, 10);
  const until = retainedUntil({ country: found.country ?? undefined, issueDate }, extraYears);
  return until < today ? { id, number, outcome: 'erased' } : { id, number, outcome: 'redacted', retainedUntil: until };
};

const act = async (parts: EraserParts, tenantId: string, judged: Outcome[]): Promise<void> => {
  const idsOf = (wanted: Outcome['outcome']) => judged.filter(({ outcome }) => outcome === wanted).map(({ id }) => id);
  await eraseInvoices(parts, tenantId, idsOf('erased'), 'privacy erase-buyer');
  const redacted = idsOf('redacted');
  await withTenant(parts.database, tenantId, (tx) => redactInvoices(tx, redacted, operatorAct('privacy erase-buyer')));
  // The law wants what was issued, and not what an attempt left beside it.
  for (const id of redacted)
    await sweepOrphans(parts, tenantId, {
      command: 'privacy erase-buyer',
      prefix: `${tenantId}/${id}/`,
      remove: true,
    });
};

/** Erases those of these invoices that may go at this moment. @returns how many */
export const eraseInvoices = async (
  parts: EraserParts,
  tenantId: string,
  ids: string[],
  command: string,
): Promise<number> => {
  if (ids.length === 0) return 0;
  const cutoffs = retentionCutoffs(parts.today, parts.extraYears);
  const begun = await withTenant(parts.database, tenantId, (tx) => beginErasure(tx, ids, cutoffs));
  await finishBegun(parts, tenantId, command);
  return begun.length;
};

/** Objects first and rows after, so that a crash in between leaves rows that tell of what is left to do. */
export const finishBegun = async (
  { database, storage }: EraserParts,
  tenantId: string,
  command = 'privacy retain',
): Promise<void> => {
  for (let full = true; full;) {
    const begun = await withTenant(database, tenantId, (tx) => erasuresUnderWay(tx, PAGE));
    full = begun.length === PAGE;
    for (const { id, storageKeys } of begun) {
      const keys = new Set(storageKeys);
      // Also what attempts left that did not come to their commit: no row tells of it.
      for await (const page of listedPages(storage, `${tenantId}/${id}/`)) for (const { key } of page) keys.add(key);
      await inTurns([...keys], storage.erase);
    }
    const ids = begun.map(({ id }) => id);
    await withTenant(database, tenantId, (tx) => finishErasure(tx, ids, operatorAct(command)));
  }
};
