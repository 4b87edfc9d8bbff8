import type { Bundle, BundleFile } from '@invoicepress/database';
import {
  faultInTemplateFile,
  MAX_TEMPLATE_BYTES,
  MAX_TEMPLATE_FILES,
  MAX_TEMPLATE_PATH_CHARACTERS,
  templateEntry,
} from '@invoicepress/invoice';
import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { fromBufferPromise, type Entry, type ZipFile } from 'yauzl';
import { RequestProblem } from './problems.ts';

/** The ZIP itself is bounded by the contract, its files by what a template may be. */
const MAX_ENTRIES = 200;
/** Left behind by macOS and Windows. */
const ignored = /^__MACOSX\/|(?:^|\/)(?:\.DS_Store|Thumbs\.db|desktop\.ini)$/;

/**
 * Unpacks a ZIP, and looks at every name and size before it inflates anything.
 * @throws {RequestProblem} the remedy is in it
 */
export const readBundle = async (base64: string): Promise<Bundle> => {
  const zip = Buffer.from(base64, 'base64');
  const files: BundleFile[] = [];
  const archive = await open(zip);
  try {
    for (const entry of await entriesOf(archive))
      files.push({ path: entry.fileName, content: await inflate(archive, entry) });
  } finally {
    archive.close();
  }
  if (!files.some(({ path }) => path === templateEntry)) throw unfit(noMain(files));
  files.sort((one, other) => (one.path < other.path ? -1 : 1));
  const hash = createHash('sha256');
  for (const { path, content } of files)
    hash.update(`${path}\0${createHash('sha256').update(content).digest('hex')}\n`);
  const sizeBytes = files.reduce((sum, { content }) => sum + content.byteLength, 0);
  return { files, sha256: hash.digest('hex'), sizeBytes };
};

const open = (zip: Buffer): Promise<ZipFile> => fromBufferPromise(zip, { strictFileNames: true }).catch(damaged);

/** Files in the order of the archive. */
const entriesOf = async (archive: ZipFile): Promise<Entry[]> => {
  if (archive.entryCount > MAX_ENTRIES) throw unfit(`has ${archive.entryCount} entries, and may have ${MAX_ENTRIES}`);
  const entries: Entry[] = [];
  try {
    for await (const entry of archive.eachEntry()) entries.push(entry);
  } catch (error) {
    return damaged(error);
  }
  const files = entries.filter(({ fileName }) => !fileName.endsWith('/') && !ignored.test(fileName));
  if (files.length > MAX_TEMPLATE_FILES) throw unfit(`has ${files.length} files, and may have ${MAX_TEMPLATE_FILES}`);
  const seen = new Set<string>();
  for (const file of files) {
    const fault =
      faultIn(file) ?? (seen.has(file.fileName.toLowerCase()) ? 'is there twice, or differs by case alone' : undefined);
    if (fault) throw unfit(`holds "${shown(file.fileName)}", which ${fault}`);
    seen.add(file.fileName.toLowerCase());
  }
  const total = files.reduce((sum, { uncompressedSize }) => sum + uncompressedSize, 0);
  if (total > MAX_TEMPLATE_BYTES)
    throw unfit(
      `has ${total} bytes once it is unpacked, and may have ${MAX_TEMPLATE_BYTES}; use fewer or smaller files`,
    );
  return files;
};

const faultIn = ({ fileName, uncompressedSize, externalFileAttributes, ...entry }: Entry): string | undefined => {
  const fault = faultInTemplateFile(fileName, uncompressedSize);
  if (fault) return fault;
  const mode = (externalFileAttributes >>> 16) & FILE_TYPE;
  if (mode !== 0 && mode !== REGULAR_FILE) return 'is a link or a device; put the file itself into the bundle';
  if ((entry.generalPurposeBitFlag & 1) !== 0) return 'is encrypted; leave the password out';
  return undefined;
};
/** The kind of file in the attributes that a Unix archiver writes. */
const FILE_TYPE = 0o170000;
const REGULAR_FILE = 0o100000;

/** yauzl ends the stream with an error as soon as it is longer than the directory says. */
const inflate = async (archive: ZipFile, entry: Entry): Promise<Buffer> => {
  try {
    return await buffer(await archive.openReadStreamPromise(entry));
  } catch (error) {
    return damaged(error);
  }
};

const noMain = (files: BundleFile[]): string => {
  const deeper = files.find(({ path }) => path.endsWith('/main.typ'));
  return deeper
    ? `has "${shown(deeper.path)}", but no main.typ at its root; pack what is in the folder, not the folder`
    : 'has no main.typ at its root; that is where a template begins';
};

const shown = (path: string): string => path.slice(0, MAX_TEMPLATE_PATH_CHARACTERS).replaceAll(/[^\x20-\x7e]/g, '?');

const damaged = (error: unknown): never => {
  throw unfit(`is no ZIP that can be read: ${error instanceof Error ? shown(error.message) : 'it is damaged'}`);
};

const unfit = (detail: string): RequestProblem =>
  new RequestProblem('invalid-template', `the bundle ${detail}`, { errors: [{ pointer: '/bundle', detail }] });
