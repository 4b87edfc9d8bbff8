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

export interface EraserParts {
  /** With the role invoicepress_privacy. */
  database: Database;
  storage: Pick<Storage, 'erase'>;
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

/** Invoices that are looked at, begun or finished at a time, and objects that are deleted at a time. */
const PAGE = 100;
const OBJECTS_AT_ONCE = 8;

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
  await withTenant(parts.database, tenantId, (tx) =>
    redactInvoices(tx, idsOf('redacted'), operatorAct('privacy erase-buyer')),
  );
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
    const keys = begun.flatMap(({ storageKeys }) => storageKeys);
    for (let start = 0; start < keys.length; start += OBJECTS_AT_ONCE)
      await Promise.all(keys.slice(start, start + OBJECTS_AT_ONCE).map((key) => storage.erase(key)));
    const ids = begun.map(({ id }) => id);
    await withTenant(database, tenantId, (tx) => finishErasure(tx, ids, operatorAct(command)));
  }
};
