import { operatorAct, recordAudit, withTenant, type Database } from '@invoicepress/database';
import { ObjectCorrupt, ObjectMissing, type ListedObject, type Storage } from '@invoicepress/storage';
import { inTurns, listedPages, ownersOf } from './stored.ts';

export interface ArchiverParts {
  /** With the role invoicepress_privacy. */
  database: Database;
  storage: Pick<Storage, 'list' | 'erase' | 'archive'>;
}

const DAY_MS = 24 * 3_600_000;

export interface ArchiveCounts {
  /** All that were looked at. */
  objects: number;
  moved: number;
  /** Their bytes are not those that were stored; see `onDamaged`. */
  damaged: number;
}

/**
 * Moves the documents of invoices that are ready since longer than `afterDays` into a colder class, each read back. The
 * class stands in the listing, so nothing is moved twice, and whatever stops it, the next run goes on.
 *
 * @throws Error where storage has no classes
 */
export const archiveTenant = async (
  { database, storage }: ArchiverParts,
  tenantId: string,
  {
    storageClass,
    afterDays,
    asOf = new Date(),
    onPage,
    onDamaged,
  }: {
    storageClass: string;
    afterDays: number;
    asOf?: Date;
    onPage?: (counts: ArchiveCounts) => void;
    onDamaged?: (key: string) => void;
  },
): Promise<ArchiveCounts> => {
  const { archive } = storage;
  if (!archive)
    throw new Error('A folder has no storage classes; documents are archived in an S3 bucket (STORAGE_URL=s3://…).');
  const counts: ArchiveCounts = { objects: 0, moved: 0, damaged: 0 };
  const before = new Date(asOf.getTime() - afterDays * DAY_MS);
  for await (const objects of listedPages(storage, `${tenantId}/`)) {
    counts.objects += objects.length;
    const warm = objects.filter((object) => object.storageClass !== storageClass);
    const keys = await dueOf(database, tenantId, warm, { before, storageClass });
    await inTurns(keys, (key) =>
      archive(key, storageClass).then(
        () => void (counts.moved += 1),
        (error: unknown) => {
          if (error instanceof ObjectMissing) return; // erased since it was listed
          if (!(error instanceof ObjectCorrupt)) throw error;
          counts.damaged += 1;
          onDamaged?.(key);
        },
      ),
    );
    await eraseAgain({ database, storage }, tenantId, keys);
    onPage?.(counts);
  }
  return counts;
};

/** Those of these objects that are documents old enough, with an entry of the audit trail about what becomes of them. */
const dueOf = async (
  database: Database,
  tenantId: string,
  warm: ListedObject[],
  { before, storageClass }: { before: Date; storageClass: string },
): Promise<string[]> => {
  if (warm.length === 0) return [];
  return withTenant(database, tenantId, async (tx) => {
    const ownerOf = await ownersOf(tx, warm);
    const due = warm.flatMap((object) => {
      const owner = ownerOf(object);
      const isDue = owner?.readyAt && owner.readyAt < before && !owner.erasing;
      return isDue && owner.storageKeys.includes(object.key) ? [{ key: object.key, invoiceId: owner.id }] : [];
    });
    const touched = [...new Set(due.map(({ invoiceId }) => invoiceId))];
    if (due.length > 0) await recordAudit(tx, operatorAct('privacy archive'), { touched, after: { storageClass } });
    return due.map(({ key }) => key);
  });
};

/** A copy that was under way while its invoice was erased brought the object back: it goes again. */
const eraseAgain = async ({ database, storage }: ArchiverParts, tenantId: string, keys: string[]): Promise<void> => {
  if (keys.length === 0) return;
  const moved = keys.map((key) => ({ key }));
  const ownerOf = await withTenant(database, tenantId, (tx) => ownersOf(tx, moved));
  await inTurns(
    keys.filter((key) => ownerOf({ key })?.erasing),
    storage.erase,
  );
};
