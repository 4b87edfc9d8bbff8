/**
 * Files that appear under their names complete and on disk, or not at all. Synchronous, for a thread of its own (see
 * files-thread.ts): a file takes a dozen calls, and each that is awaited is a hop to another thread and back, which
 * costs more than the call.
 */
import { randomUUID } from 'node:crypto';
import {
  closeSync,
  fdatasyncSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  unlinkSync,
  writeFileSync,
  type Stats,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { StoredOrNot } from './storage.ts';

export interface Writing {
  /** `tenant/invoice/sha256.ext` */
  key: string;
  bytes: Uint8Array;
}

/** `failed` names the error of the file system, such as ENOSPC. */
export type Written = StoredOrNot | 'conflict' | { failed: string };

/**
 * Writes objects below `root`; what they share, such as the sync of their tenant's folder, is done once for all.
 * @param synced tenants' folders whose entry in the root is known to be on disk
 */
export const writeOnce = (root: string, objects: readonly Writing[], synced: Set<string>): Written[] => {
  const written = objects.map((object) => settled(() => place(root, object)));
  const folders = new Map<string, string | undefined>();
  /** The error of the first sync that failed, asked of each folder once. */
  const sync = (folder: string): string | undefined => {
    if (!folders.has(folder)) {
      const outcome = settled(() => syncFolder(folder));
      folders.set(folder, typeof outcome === 'object' ? outcome.failed : undefined);
    }
    return folders.get(folder);
  };
  return written.map((outcome, index) => {
    if (outcome !== 'stored' && outcome !== 'already stored') return outcome;
    // Also when the file was there: the one who moved it there may have died before it came to this.
    const invoiceFolder = dirname(join(root, objects[index]?.key ?? ''));
    const tenantFolder = dirname(invoiceFolder);
    const failed = sync(invoiceFolder) ?? sync(tenantFolder) ?? (synced.has(tenantFolder) ? undefined : sync(root));
    if (failed !== undefined) return { failed };
    synced.add(tenantFolder);
    return outcome;
  });
};

/**
 * Written beside its place, synced, then moved there. Whoever else moves a file to the same free place at that moment
 * brings the same bytes, whose hash is in the key.
 */
const place = (root: string, { key, bytes }: Writing): StoredOrNot | 'conflict' => {
  const path = join(root, key);
  mkdirSync(dirname(path), { recursive: true });
  const found = statSync(path, { throwIfNoEntry: false });
  if (found) return holds(path, found, bytes) ? 'already stored' : 'conflict';
  const temporary = join(dirname(path), `.${randomUUID()}.tmp`);
  try {
    writeSynced(temporary, bytes);
    renameSync(temporary, path);
    return 'stored';
  } catch (error) {
    settled(() => unlinkSync(temporary));
    throw error;
  }
};

const writeSynced = (path: string, bytes: Uint8Array): void => {
  const file = openSync(path, 'wx', 0o640);
  try {
    writeFileSync(file, bytes);
    fdatasyncSync(file);
  } finally {
    closeSync(file);
  }
};

const syncFolder = (path: string): void => {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
};

const holds = (path: string, found: Stats, bytes: Uint8Array): boolean =>
  found.isFile() && found.size === bytes.byteLength && readFileSync(path).equals(bytes);

const settled = <T>(act: () => T): T | { failed: string } => {
  try {
    return act();
  } catch (error) {
    return { failed: codeOf(error) };
  }
};

/** Of an error of the file system. */
export const codeOf = (error: unknown): string => {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'string' ? code : 'unknown';
};
