import { verifyChain, type ChainHead, type ChainReport, type Database } from '@invoicepress/database';

type Named = ChainReport & { slug: string };

interface Verification {
  tenants: { id: string; slug: string }[];
  anchors?: Map<string, ChainHead> | undefined;
  /** Entries that were followed so far, over all tenants. */
  onProgress?: (entries: number) => void;
}

/** Follows the chain of each tenant, one after the other. A tenant that an anchor names and nobody knows was deleted. */
export async function* verifyAll(
  database: Database,
  { tenants, anchors, onProgress }: Verification,
): AsyncGenerator<Named> {
  let done = 0;
  for (const { id, slug } of tenants) {
    const report = await verifyChain(database, id, {
      anchor: anchors?.get(id),
      onProgress: (verified) => onProgress?.(done + verified),
    });
    done += report.verified;
    yield { ...report, slug };
  }
}

/** Tenants of an anchor that are not there any more. */
export const vanished = (anchors: Map<string, ChainHead>, tenants: { id: string }[]): string[] => {
  const known = new Set(tenants.map(({ id }) => id));
  return [...anchors.keys()].filter((id) => !known.has(id));
};

/** One line about a tenant. */
export const lineOf = ({ slug, verified, broken, unchained }: Named, now: Date): string => {
  const waiting = unchained.since
    ? `, ${unchained.count} not chained yet (the oldest for ${Math.ceil((now.getTime() - unchained.since.getTime()) / 1_000)} s)`
    : '';
  if (!broken) return `${slug}: ${verified} entries hold${waiting}`;
  const entry = broken.entryId ? ` (entry ${broken.entryId})` : '';
  return `${slug}: BROKEN at position ${broken.position}${entry}: ${broken.reason}; ${verified} entries before it hold${waiting}`;
};
