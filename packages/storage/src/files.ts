import { createReadStream } from 'node:fs';
import { access, constants, mkdir, readFile, rm, rmdir, stat } from 'node:fs/promises';
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
import { listFiles } from './files-list.ts';
import { openFilesWriter, type FilesWriter } from './files-writer.ts';
import { maxObjectBytes, sha256InKey, sha256Of } from './object.ts';
import { signUrl, verifySignedUrl, type UrlSigning } from './signed-url.ts';
import type { Driver, SignedObject, StorageObject, StoredOrNot } from './storage.ts';
import { codeOf } from './write-once.ts';

export interface FilesOptions {
  folder: string;
  signing: UrlSigning;
  clock: () => Date;
}

/** Objects as files, with the promises of S3: written once, whole or not at all, reached by signed URLs that expire. */
export const filesDriver = ({ folder, signing, clock }: FilesOptions): Driver => {
  const writer = openFilesWriter(folder);
  return {
    put: (object) => putFile(writer, folder, object),
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
    list: (request) => named(folder, () => listFiles(folder, request)),
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
    close: () => writer.close(),
  };
};

/** The objects themselves are written by a thread; what it says of them is told here. */
const putFile = async (writer: FilesWriter, folder: string, { key, bytes }: StorageObject): Promise<StoredOrNot> => {
  const written = await writer.write({ key, bytes });
  if (written === 'conflict') throw new StorageConflict(key);
  if (typeof written === 'object') throw explained(folder, written.failed);
  return written;
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

const remedies: Record<string, (folder: string) => StorageError> = {
  EACCES: (folder) =>
    new StorageDenied(`The folder ${folder} may not be written or read; give this process's user access to it.`),
  EPERM: (folder) =>
    new StorageDenied(`The file system of ${folder} refuses this user; choose a local one, or grant access.`),
  EROFS: (folder) => new StorageDenied(`The folder ${folder} is on a read-only file system; mount it writable.`),
  ENOTDIR: (folder) =>
    new StorageDenied(`${folder}, or a part of its path, is a file; STORAGE_URL must name a folder.`),
  EEXIST: (folder) => new StorageDenied(`${folder} is a file; STORAGE_URL must name a folder.`),
  ENOSPC: (folder) => new StorageUnreachable(`The disk of ${folder} is full; free some space.`),
  EDQUOT: (folder) => new StorageUnreachable(`The disk quota of ${folder} is used up; raise it or free some space.`),
};

/** An error of the file system, as ours, with its remedy. */
const explained = (folder: string, code: string, cause?: unknown): StorageError =>
  remedies[code]?.(folder) ??
  new StorageUnreachable(`The folder ${folder} failed (${code}); check its disk.`, { cause });

const named = async <T>(folder: string, act: () => Promise<T>): Promise<T> => {
  try {
    return await act();
  } catch (error) {
    throw error instanceof StorageError ? error : explained(folder, codeOf(error), error);
  }
};
