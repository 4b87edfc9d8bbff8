import { hash } from 'node:crypto';
import { InvalidObject } from './errors.ts';
import type { ListRequest, StorageObject } from './storage.ts';

/** The largest object that is stored or read, in bytes. */
export const maxObjectBytes = 64 * 1024 * 1024;

const keyPattern = /^[a-z0-9][a-z0-9-]{0,63}\/[a-z0-9][a-z0-9-]{0,63}\/([0-9a-f]{64})(?:\.[a-z0-9]{1,8}){1,2}$/;
/** A file that was never finished: write-once.ts writes it beside its place. */
const unfinishedPattern =
  /^[a-z0-9][a-z0-9-]{0,63}\/[a-z0-9][a-z0-9-]{0,63}\/\.[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.tmp$/;
const prefixPattern = /^[a-z0-9][a-z0-9-]{0,63}\/(?:[a-z0-9][a-z0-9-]{0,63}\/)?$/;
const mediaTypePattern = /^[a-z]+\/[a-z0-9][a-z0-9.+-]{0,80}(?:; ?charset=utf-8)?$/;

/**
 * The key of a document: `tenant/invoice/sha256.ext`, where `ext` may have two parts (`ubl.xml`). It holds the content's hash, so it can only ever name one content.
 *
 * @throws InvalidObject
 */
export const objectKey = (parts: { tenantId: string; invoiceId: string; sha256: string; extension: string }): string =>
  checkKey(`${parts.tenantId}/${parts.invoiceId}/${parts.sha256}.${parts.extension}`);

/** Where the archives of exports lie: the only objects that API and workers delete, so that their credentials need no more. */
const EXPORTS = 'exports';

/** The key of an export's archive: `exports/export/sha256.zip`. @throws InvalidObject */
export const exportKey = ({ exportId, sha256 }: { exportId: string; sha256: string }): string =>
  objectKey({ tenantId: EXPORTS, invoiceId: exportId, sha256, extension: 'zip' });

/** @throws InvalidObject for documents, which only the erasure deletes */
export const checkDeletable = (key: string): void => {
  checkKey(key);
  if (!key.startsWith(`${EXPORTS}/`)) {
    throw new InvalidObject(
      `Documents are kept until they are erased; only archives of exports are deleted, and ${key} is none.`,
    );
  }
};

export const checkKey = (key: string): string => {
  if (!keyPattern.test(key)) {
    throw new InvalidObject(
      'An object key is written tenant/invoice/sha256.ext, in lower case; build it with objectKey().',
    );
  }
  return key;
};

/** What the erasure deletes: an object, or a file that was never finished. */
export const isErasable = (key: string): boolean => keyPattern.test(key) || unfinishedPattern.test(key);

/** @throws InvalidObject */
export const checkErasable = (key: string): void => {
  if (!isErasable(key)) checkKey(key);
};

/** Objects in one page, at most: as many as S3 gives. */
export const maxListed = 1_000;

/** @throws InvalidObject */
export const checkListing = ({ prefix, limit }: ListRequest): void => {
  if (!prefixPattern.test(prefix)) throw new InvalidObject('A listing is of tenant/ or of tenant/invoice/.');
  if (!Number.isInteger(limit) || limit < 1 || limit > maxListed)
    throw new InvalidObject(`A listing has pages of 1 to ${maxListed} objects.`);
};

export const isKey = (key: string): boolean => keyPattern.test(key);

export const checkMediaType = (mediaType: string): string => {
  if (!mediaTypePattern.test(mediaType)) throw new InvalidObject('A media type is written like application/pdf.');
  return mediaType;
};

export const sha256Of = (bytes: Uint8Array): string => hash('sha256', bytes);

/** The hash that a key promises, in hex. */
export const sha256InKey = (key: string): string => keyPattern.exec(key)?.[1] ?? '';

/** Whatever reaches storage has the hash that its caller and its key say. */
export const checkObject = ({ key, bytes, mediaType, sha256 }: StorageObject): void => {
  checkKey(key);
  checkMediaType(mediaType);
  if (bytes.byteLength > maxObjectBytes) {
    throw new InvalidObject(`An object may have ${maxObjectBytes} bytes at most; this one has ${bytes.byteLength}.`);
  }
  if (sha256InKey(key) !== sha256)
    throw new InvalidObject(`The key ${key} does not hold the given SHA-256; build it with objectKey().`);
  if (sha256Of(bytes) !== sha256) {
    throw new InvalidObject(`The bytes for ${key} do not have the given SHA-256; hash the same bytes that you store.`);
  }
};
