import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ListedObject, ListPage, ListRequest } from './storage.ts';
import { codeOf } from './write-once.ts';

/** A page of the files below `root`, in the order in which S3 lists keys. Each page reads the tenant's folder anew. */
export const listFiles = async (root: string, { prefix, after = '', limit }: ListRequest): Promise<ListPage> => {
  const objects: ListedObject[] = [];
  for (const folder of await foldersOf(root, prefix, after)) {
    for (const name of await namesIn(join(root, folder))) {
      const key = folder + name;
      if (key <= after) continue;
      if (objects.length === limit) return { objects, next: objects.at(-1)?.key };
      const found = await fileAt(join(root, key));
      if (found) objects.push({ key, sizeBytes: found.size, storedAt: found.mtime, storageClass: undefined });
    }
  }
  return { objects, next: undefined };
};

/** The folders of the tenant's invoices, `tenant/invoice/` each, that may have something after this key. */
const foldersOf = async (root: string, prefix: string, after: string): Promise<string[]> => {
  if (prefix.split('/').length > 2) return [prefix]; // of one invoice
  const folders = (await namesIn(join(root, prefix))).map((name) => `${prefix}${name}/`);
  // With the slash, for it sorts after a "-": S3 compares whole keys.
  return folders.filter((folder) => folder >= after.slice(0, folder.length)).toSorted();
};

/** Sorted; none of what is not there, or no folder. */
const namesIn = (folder: string): Promise<string[]> =>
  readdir(folder).then((names) => names.toSorted(), unless([], 'ENOENT', 'ENOTDIR'));

const fileAt = (path: string) =>
  stat(path).then((entry) => (entry.isFile() ? entry : undefined), unless(undefined, 'ENOENT'));

/** What stands for an error of these codes; others are thrown on. */
const unless =
  <T>(value: T, ...codes: string[]) =>
  (error: unknown): T => {
    if (codes.includes(codeOf(error))) return value;
    throw error;
  };
