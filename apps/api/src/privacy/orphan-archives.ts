import { findArchiveOwners, withTenant, type ArchiveOwner } from '@invoicepress/database';
import type { ListedObject } from '@invoicepress/storage';
import {
  noCounts,
  safeBefore,
  tally,
  type OnOrphan,
  type OrphanCounts,
  type SweeperParts,
  type Verdict,
} from './orphans.ts';
import { inTurns, folderOf as exportOf, listedPages } from './stored.ts';

/**
 * Finds archives of exports that no row refers to, left by workers that had lost their export, and deletes them. Their
 * keys name no tenant, so all are asked. They are copies, and can be made again: also those of unknown exports go.
 */
export const sweepArchives = async (
  parts: SweeperParts,
  tenantIds: readonly string[],
  { asOf = new Date(), remove, onOrphan }: { asOf?: Date; remove: boolean; onOrphan?: OnOrphan },
): Promise<OrphanCounts> => {
  const counts = noCounts();
  const before = safeBefore(asOf);
  for await (const objects of listedPages(parts.storage, 'exports/')) {
    const ids = new Set(objects.map(({ key }) => exportOf(key)));
    const owners = new Map<string, ArchiveOwner>();
    for (const tenantId of tenantIds)
      for (const owner of await withTenant(parts.database, tenantId, (tx) => findArchiveOwners(tx, ids)))
        owners.set(owner.id, owner);
    const doomed = tally(
      counts,
      objects,
      (object) => judge(object, owners.get(exportOf(object.key)), before),
      onOrphan,
    );
    if (remove)
      counts.deleted += await inTurns(
        doomed.map(({ key }) => key),
        parts.storage.erase,
      );
  }
  return counts;
};

const judge = ({ key, storedAt }: ListedObject, owner: ArchiveOwner | undefined, before: Date): Verdict => {
  if (owner?.storageKeys.includes(key)) return 'referenced';
  if (owner && !owner.settled) return 'unsettled';
  return storedAt < before ? 'goes' : 'young';
};
