import type { AuditRecord } from './audit.ts';
import { CHAIN_START, hashEntry, readChain, unchainedEntries, type ChainHead, type Unchained } from './audit-chain.ts';
import type { Database } from './open-database.ts';

/** The first place at which a chain does not hold; nothing after it is vouched for. */
export interface ChainBreak {
  position: number;
  /** The entry that stands there, if one does. */
  entryId?: string;
  reason: string;
}

export interface ChainReport {
  tenantId: string;
  /** Entries that hold, from the first on. */
  verified: number;
  head?: ChainHead;
  broken?: ChainBreak;
  unchained: Unchained;
}

/** Entries that are held in memory at a time. */
const PAGE = 1_000;

/**
 * Follows a tenant's chain from its beginning, page by page. An `anchor` is a head that was seen before: it must still
 * be there, which is what finds a chain that was cut off at its end, or written anew.
 */
export const verifyChain = async (
  database: Database,
  tenantId: string,
  {
    anchor,
    onProgress,
  }: { anchor?: ChainHead | undefined; onProgress?: ((verified: number) => void) | undefined } = {},
): Promise<ChainReport> => {
  let head: ChainHead = { position: 0, hash: CHAIN_START };
  let broken: ChainBreak | undefined;
  for (let full = true; full && !broken;) {
    const page = await readChain(database, tenantId, { after: head.position, limit: PAGE });
    full = page.length === PAGE;
    for (const entry of page) {
      broken = faultIn(entry, head, anchor);
      if (broken) break;
      head = { position: head.position + 1, hash: entry.hash ?? '' };
    }
    onProgress?.(head.position);
  }
  if (!broken && anchor && anchor.position > head.position)
    broken = {
      position: head.position + 1,
      reason: `the chain ends here, and the anchor is at ${anchor.position}: what came between was deleted`,
    };
  return {
    tenantId,
    verified: head.position,
    ...(head.position > 0 && { head }),
    ...(broken && { broken }),
    unchained: await unchainedEntries(database, tenantId),
  };
};

const faultIn = (entry: AuditRecord, head: ChainHead, anchor?: ChainHead): ChainBreak | undefined => {
  const position = head.position + 1;
  const fault = (reason: string): ChainBreak => ({ position, entryId: entry.id, reason });
  if (Number(entry.position) !== position)
    return { position, reason: `there is no entry at this position; the next is at ${Number(entry.position)}` };
  if (entry.previousHash !== head.hash)
    return fault('it does not follow the entry before it: one of the two was moved, replaced or inserted');
  if (hashEntry(entry, { position, previousHash: head.hash }) !== entry.hash)
    return fault('its hash is not that of its content: it was changed');
  if (anchor?.position === position && anchor.hash !== entry.hash)
    return fault('it is not the entry that the anchor names: the chain was written anew, here or before');
  return undefined;
};
