/**
 * The container of a bundle: a ZIP file whose entries are stored as they are, in a fixed order, under fixed times and
 * modes. So the same entries give the same file whatever the time zone and the version of zlib, and reading one
 * inflates nothing. A file that is not, byte for byte, what its entries make is told apart: so there is no room for bytes
 * between entries, or for a directory that says something else than the entries.
 */
import { buffer } from 'node:stream/consumers';
import { fromBufferPromise, type Entry, type ZipFile as OpenZip } from 'yauzl';
import { ZipFile } from 'yazl';

/** Bytes of a whole bundle, its container included. */
export const maxBundleBytes = 160 * 2 ** 20;
/** A template has 100 files at most. */
const maxEntries = 150;
const stored = 0;

/** One folder deep at most, and no letter that a file system could take for another. */
const ownPattern = /^(?:[a-z0-9][a-z0-9.-]{0,99}\/)?[a-z0-9][a-z0-9.-]{0,99}$/;
/** Below template/, the paths that an upload may have. */
const templatePattern = /^template\/(?=.{1,120}$)(?:[A-Za-z0-9_][A-Za-z0-9._ -]*\/)*[A-Za-z0-9_][A-Za-z0-9._ -]*$/;

/** It is no bundle, or not as it was written. */
export class BundleRefused extends Error {
  override readonly name = 'BundleRefused';
}

/** Bytes by path, in the order of the container. */
export type Files = ReadonlyMap<string, Uint8Array>;

export const writeZip = async (files: Files): Promise<Buffer> => {
  const zip = new ZipFile();
  // A local time, because that is what the format's own timestamps are: everywhere the same digits.
  const options = { mtime: new Date(1980, 0, 1), mode: 0o100644, compress: false, forceDosTimestamp: true };
  for (const [path, bytes] of files) zip.addBuffer(asBuffer(bytes), path, options);
  zip.end();
  return buffer(zip.outputStream);
};

export interface ReadZip {
  files: Files;
  /** Whether `writeZip` would make the same bytes of these files. */
  asWritten: boolean;
}

/** @throws {BundleRefused} when it cannot be read safely */
export const readZip = async (bytes: Uint8Array): Promise<ReadZip> => {
  if (bytes.length > maxBundleBytes) throw new BundleRefused(`it is larger than ${maxBundleBytes} bytes`);
  const zip = await refusing(fromBufferPromise(asBuffer(bytes), { strictFileNames: true, autoClose: false }));
  if (zip.entryCount > maxEntries) throw new BundleRefused(`it has more than ${maxEntries} entries`);
  const files = await refusing(readEntries(zip));
  return { files, asWritten: asBuffer(bytes).equals(await writeZip(files)) };
};

/** The directory first, so that nothing is read of a file whose directory is not as it should be. */
const readEntries = async (zip: OpenZip): Promise<Files> => {
  const entries = new Map<string, Entry>();
  let left = maxBundleBytes;
  for await (const entry of zip.eachEntry()) {
    const fault = faultIn(entry) ?? (entries.has(entry.fileName) ? 'is there twice' : undefined);
    if (fault) throw new BundleRefused(`the entry ${JSON.stringify(entry.fileName.slice(0, 100))} ${fault}`);
    left -= entry.uncompressedSize; // entries may overlap, so the size of the file is no bound of theirs
    if (left < 0) throw new BundleRefused(`its entries have more than ${maxBundleBytes} bytes`);
    entries.set(entry.fileName, entry);
  }
  const files = new Map<string, Uint8Array>();
  for (const [path, entry] of entries) files.set(path, await buffer(await zip.openReadStreamPromise(entry)));
  return files;
};

const faultIn = (entry: Entry): string | undefined => {
  if (entry.isEncrypted()) return 'is encrypted';
  if (entry.compressionMethod !== stored) return 'is compressed, which no entry of a bundle is';
  if (!ownPattern.test(entry.fileName) && !templatePattern.test(entry.fileName)) return 'has a path that no bundle has';
  return undefined;
};

const refusing = <T>(work: Promise<T>): Promise<T> =>
  work.catch((cause: unknown) => {
    if (cause instanceof BundleRefused) throw cause;
    throw new BundleRefused(`it cannot be read as a ZIP file: ${cause instanceof Error ? cause.message : 'unknown'}`, {
      cause,
    });
  });

const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
