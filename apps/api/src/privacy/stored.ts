import { findObjectOwners, type ObjectOwner, type TenantTransaction } from '@invoicepress/database';
import type { ListedObject, Storage } from '@invoicepress/storage';

/** Objects that are listed at a time: each page is one request of S3. */
const PAGE = 1_000;
/** Objects that are deleted or moved at a time. */
const AT_ONCE = 8;

/** Pages of what lies under `tenant/` or `tenant/invoice/`. */
export async function* listedPages(storage: Pick<Storage, 'list'>, prefix: string): AsyncGenerator<ListedObject[]> {
  for (let after: string | undefined, more = true; more;) {
    const { objects, next } = await storage.list({ prefix, after, limit: PAGE });
    if (objects.length > 0) yield objects;
    [after, more] = [next, next !== undefined];
  }
}

/** Finds for each object the invoice that it lies under, if there is one. */
export const ownersOf = async (
  tx: TenantTransaction,
  objects: readonly Pick<ListedObject, 'key'>[],
): Promise<(object: Pick<ListedObject, 'key'>) => ObjectOwner | undefined> => {
  const owners = await findObjectOwners(tx, new Set(objects.map(({ key }) => folderOf(key))));
  return ({ key }) => owners.get(folderOf(key));
};

/** The id of the invoice, or of the export, that a key is under. */
export const folderOf = (key: string): string => key.split('/')[1] ?? '';

/** Does this with each of them, a few at a time. @returns how many there were */
export const inTurns = async (keys: readonly string[], act: (key: string) => Promise<void>): Promise<number> => {
  for (let start = 0; start < keys.length; start += AT_ONCE)
    await Promise.all(keys.slice(start, start + AT_ONCE).map(act));
  return keys.length;
};
