import {
  lockHolds,
  operatorAct,
  recordAudit,
  withTenant,
  type Database,
  type ObjectOwner,
} from '@invoicepress/database';
import type { ListedObject, Storage } from '@invoicepress/storage';
import { inTurns, listedPages, ownersOf } from './stored.ts';

export interface SweeperParts {
  /** With the role invoicepress_privacy. */
  database: Database;
  storage: Pick<Storage, 'list' | 'erase'>;
}

/**
 * Why an object without a row is left where it is: its invoice is `held`; it is `young`; its invoice is `unsettled`, and
 * the next attempt may find and use it; or its invoice is `unknown` to the database, as after a restore.
 */
export type Reason = 'held' | 'young' | 'unsettled' | 'unknown';

/** Told of each orphan, and why it is left, if it is. */
export type OnOrphan = (orphan: ListedObject, left?: Reason) => void;

export interface OrphanCounts {
  /** All that were looked at. */
  objects: number;
  orphans: number;
  orphanBytes: number;
  deleted: number;
  left: Record<Reason, number>;
}

/**
 * How old an orphan has to be. An attempt ends with its lease (20 seconds, an hour at most, extended while it runs), or
 * is put back by the sweeper. What is deleted here is safe at any age, for the documents of a settled invoice never
 * change; the day is for clocks that differ, and spares the look at what is under way.
 */
const SAFE_AGE_MS = 24 * 3_600_000;

/**
 * Finds what lies in storage and no row refers to, left by attempts that did not come to their commit, and deletes it
 * if it may: of settled invoices that nothing holds. In bounded pages; whatever stops it, the next run finds the rest.
 */
export const sweepOrphans = async (
  parts: SweeperParts,
  tenantId: string,
  {
    command = 'privacy orphans',
    prefix = `${tenantId}/`,
    asOf = new Date(),
    remove,
    onOrphan,
    onPage,
  }: {
    command?: string;
    /** Of one invoice; all of the tenant's when left out. */
    prefix?: string;
    asOf?: Date;
    remove: boolean;
    onOrphan?: OnOrphan;
    onPage?: (counts: OrphanCounts) => void;
  },
): Promise<OrphanCounts> => {
  const counts = noCounts();
  const before = safeBefore(asOf);
  for await (const objects of listedPages(parts.storage, prefix)) {
    const keys = await withTenant(parts.database, tenantId, async (tx) => {
      if (remove) await lockHolds(tx);
      const ownerOf = await ownersOf(tx, objects);
      const doomed = tally(counts, objects, (object) => judge(object, ownerOf(object), before), onOrphan);
      const touched = [...new Set(doomed.flatMap((object) => ownerOf(object)?.id ?? []))];
      // The entry comes first: nothing is deleted without one.
      if (remove && touched.length > 0) await recordAudit(tx, operatorAct(command), { touched });
      return doomed.map(({ key }) => key);
    });
    if (remove) counts.deleted += await inTurns(keys, parts.storage.erase);
    onPage?.(counts);
  }
  return counts;
};

const judge = (object: ListedObject, owner: ObjectOwner | undefined, before: Date): Verdict => {
  if (!owner) return 'unknown';
  if (owner.storageKeys.includes(object.key)) return 'referenced';
  if (owner.held) return 'held';
  if (!owner.settled) return 'unsettled';
  return object.storedAt < before ? 'goes' : 'young';
};

export const noCounts = (): OrphanCounts => ({
  objects: 0,
  orphans: 0,
  orphanBytes: 0,
  deleted: 0,
  left: { held: 0, young: 0, unsettled: 0, unknown: 0 },
});

export const safeBefore = (asOf: Date): Date => new Date(asOf.getTime() - SAFE_AGE_MS);

/** What is to become of an object: a row refers to it, it is an orphan that goes, or one that is left. */
export type Verdict = 'referenced' | 'goes' | Reason;

/** Counts a page. @returns those that go */
export const tally = (
  counts: OrphanCounts,
  objects: ListedObject[],
  verdictOn: (object: ListedObject) => Verdict,
  onOrphan?: OnOrphan,
): ListedObject[] =>
  objects.filter((object) => {
    counts.objects += 1;
    const verdict = verdictOn(object);
    if (verdict === 'referenced') return false;
    counts.orphans += 1;
    counts.orphanBytes += object.sizeBytes;
    if (verdict !== 'goes') counts.left[verdict] += 1;
    onOrphan?.(object, verdict === 'goes' ? undefined : verdict);
    return verdict === 'goes';
  });
