import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, constants, link, mkdir, open, readFile, rm, rmdir, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { contentDisposition } from './disposition.ts';
import {
  ObjectCorrupt,
  ObjectMissing,
  StorageConflict,
  StorageDenied,
  StorageError,
  StorageUnreachable,
} from './errors.ts';
import { maxObjectBytes, sha256InKey, sha256Of } from './object.ts';
import { signUrl, verifySignedUrl, type UrlSigning } from './signed-url.ts';
import type { Driver, SignedObject, StorageObject, StoredOrNot } from './storage.ts';

export interface FilesOptions {
  folder: string;
  signing: UrlSigning;
  clock: () => Date;
}

/** Objects as files, with the promises of S3: written once, whole or not at all, reached by signed URLs that expire. */
export const filesDriver = ({ folder, signing, clock }: FilesOptions): Driver => {
  const syncFolders = folderSync(folder);
  return {
    put: (object) => named(folder, () => putFile(folder, object, syncFolders)),
    head: (key) => named(folder, () => sizeOf(join(folder, key))),
    get: (key) =>
      named(folder, async () => {
        const found = await sizeOf(join(folder, key));
        if (!found) throw new ObjectMissing(key);
        if (found.sizeBytes > maxObjectBytes) throw new ObjectCorrupt(key);
        const bytes = await readFile(join(folder, key));
        if (sha256Of(bytes) !== sha256InKey(key)) throw new ObjectCorrupt(key);
        return bytes;
      }),
    delete: (key) =>
      named(folder, async () => {
        await rm(join(folder, key), { force: true });
        await rmdir(dirname(join(folder, key))).catch(() => undefined); // unless there are more in it
      }),
    ready: () =>
      named(folder, async () => {
        await mkdir(folder, { recursive: true });
        await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
      }),
    signedUrl: async (request) => signUrl(request, signing, clock()),
    openSigned: (url) =>
      named(folder, async () => {
        const verified = verifySignedUrl(url, signing, clock());
        const found = await sizeOf(join(folder, verified.key));
        if (!found) throw new ObjectMissing(verified.key);
        return signedObject(folder, { ...verified, ...found });
      }),
    close: () => {},
  };
};

/**
 * The file appears under its name complete and on disk: written beside it, synced, then linked, which fails when the
 * name is taken (a rename would replace). The folders are synced even when the file was there, for the one who
 * linked it may have died before doing so.
 */
const putFile = async (
  folder: string,
  { key, bytes }: StorageObject,
  syncFolders: (invoiceFolder: string) => Promise<void>,
): Promise<StoredOrNot> => {
  const path = join(folder, key);
  const invoiceFolder = dirname(path);
  await mkdir(invoiceFolder, { recursive: true });
  const temporary = join(invoiceFolder, `.${randomUUID()}.tmp`);
  let outcome: StoredOrNot = 'stored';
  try {
    await writeSynced(temporary, bytes);
    await link(temporary, path);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    if (!(await hasBytes(path, bytes))) throw new StorageConflict(key);
    outcome = 'already stored';
  } finally {
    await unlink(temporary).catch(() => undefined);
  }
  await syncFolders(invoiceFolder);
  return outcome;
};

/**
 * Puts on disk what leads to an invoice's file: its entry in the invoice's folder, that folder's in the tenant's, and
 * the tenant's in the root. A tenant's folder comes into being once, so each process syncs the root once for it.
 */
const folderSync = (root: string) => {
  const tenants = new Set<string>();
  return async (invoiceFolder: string): Promise<void> => {
    const tenantFolder = dirname(invoiceFolder);
    const folders = tenants.has(tenantFolder) ? [invoiceFolder, tenantFolder] : [invoiceFolder, tenantFolder, root];
    await Promise.all(folders.map(syncFolder));
    tenants.add(tenantFolder);
  };
};

const writeSynced = async (path: string, bytes: Uint8Array): Promise<void> => {
  await using file = await open(path, 'wx', 0o640);
  await file.writeFile(bytes);
  await file.datasync();
};

const syncFolder = async (path: string): Promise<void> => {
  await using handle = await open(path, 'r');
  await handle.sync();
};

const hasBytes = async (path: string, bytes: Uint8Array): Promise<boolean> => {
  const found = await sizeOf(path);
  return found?.sizeBytes === bytes.byteLength && (await readFile(path)).equals(bytes);
};

const sizeOf = (path: string): Promise<{ sizeBytes: number } | undefined> =>
  stat(path).then(
    (entry) => (entry.isFile() ? { sizeBytes: entry.size } : undefined),
    (error: unknown) => {
      if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined;
      throw error;
    },
  );

type Verified = ReturnType<typeof verifySignedUrl> & { sizeBytes: number };

const signedObject = (
  folder: string,
  { key, mediaType, disposition, fileName, secondsLeft, sizeBytes }: Verified,
): SignedObject => ({
  key,
  sizeBytes,
  headers: {
    'content-type': mediaType,
    'content-disposition': contentDisposition(disposition, fileName),
    'content-length': String(sizeBytes),
    'cache-control': `private, max-age=${secondsLeft}, immutable`,
    'x-content-type-options': 'nosniff',
  },
  stream: () => createReadStream(join(folder, key)),
});

const codeOf = (error: unknown): string => {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'string' ? code : 'unknown';
};

const remedies: Record<string, (folder: string) => StorageError> = {
  EACCES: (folder) =>
    new StorageDenied(`The folder ${folder} may not be written or read; give this process's user access to it.`),
  EPERM: (folder) =>
    new StorageDenied(
      `The file system of ${folder} refuses hard links or this user; choose a local one, or grant access.`,
    ),
  EROFS: (folder) => new StorageDenied(`The folder ${folder} is on a read-only file system; mount it writable.`),
  ENOTDIR: (folder) =>
    new StorageDenied(`${folder}, or a part of its path, is a file; STORAGE_URL must name a folder.`),
  EEXIST: (folder) => new StorageDenied(`${folder} is a file; STORAGE_URL must name a folder.`),
  ENOSPC: (folder) => new StorageUnreachable(`The disk of ${folder} is full; free some space.`),
  EDQUOT: (folder) => new StorageUnreachable(`The disk quota of ${folder} is used up; raise it or free some space.`),
};

/** Errors of the file system, as ours, with their remedy. */
const named = async <T>(folder: string, act: () => Promise<T>): Promise<T> => {
  try {
    return await act();
  } catch (error) {
    if (error instanceof StorageError) throw error;
    const code = codeOf(error);
    throw (
      remedies[code]?.(folder) ??
      new StorageUnreachable(`The folder ${folder} failed (${code}); check its disk.`, { cause: error })
    );
  }
};
