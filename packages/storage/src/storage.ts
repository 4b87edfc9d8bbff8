import type { Readable } from 'node:stream';
import type { BreakerState } from './breaker.ts';

/** The longest that a signed URL may be good for, in seconds. */
export const maxSignedUrlSeconds = 300;

export interface StorageObject {
  /** `tenant/invoice/sha256.ext`; see `objectKey`. */
  key: string;
  bytes: Uint8Array;
  /** Such as `application/pdf`. */
  mediaType: string;
  /** Of the bytes, in lower-case hex; the same as in the key. */
  sha256: string;
}

export type StoredOrNot = 'stored' | 'already stored';

export interface SignedUrlRequest {
  key: string;
  /** What a browser saves the document as; anything goes, it is made safe. */
  fileName: string;
  mediaType: string;
  disposition: 'inline' | 'attachment';
  /** 1 to 300. */
  expiresInSeconds: number;
}

/** A document that a signed URL of the file driver leads to. */
export interface SignedObject {
  key: string;
  sizeBytes: number;
  /** To be sent as they are: type, disposition, length, caching, nosniff. */
  headers: Record<string, string>;
  stream(): Readable;
}

/** An object as a listing tells of it. */
export interface ListedObject {
  key: string;
  sizeBytes: number;
  /** By the clock of the storage. */
  storedAt: Date;
  /** Such as `STANDARD`; undefined where there are no classes. */
  storageClass: string | undefined;
}

export interface ListRequest {
  /** `tenant/` or `tenant/invoice/`. */
  prefix: string;
  /** The `next` of the page before; the first page without it. */
  after?: string | undefined;
  /** 1 to 1,000. */
  limit: number;
}

export interface ListPage {
  /** In the order of their keys, by bytes. */
  objects: ListedObject[];
  /** Where the next page begins; undefined when there is none. */
  next: string | undefined;
}

/** What each driver does; `openStorage` adds checks, deadline, breaker and measurements. */
export interface Driver {
  put(object: StorageObject, signal: AbortSignal): Promise<StoredOrNot>;
  head(key: string, signal: AbortSignal): Promise<{ sizeBytes: number } | undefined>;
  get(key: string, signal: AbortSignal): Promise<Uint8Array>;
  delete(key: string, signal: AbortSignal): Promise<void>;
  list(request: ListRequest, signal: AbortSignal): Promise<ListPage>;
  /** Left out where there are no classes. */
  archive?(key: string, storageClass: string, signal: AbortSignal): Promise<void>;
  ready(signal: AbortSignal): Promise<void>;
  signedUrl(request: SignedUrlRequest): Promise<string>;
  openSigned?(url: string): Promise<SignedObject>;
  close(): void;
}

/** Documents as objects that are written once and never change. */
export interface Storage extends AsyncDisposable {
  /**
   * Stores an object, durably, unless it is there. Safe to repeat and to race: one caller gets `stored`.
   *
   * @throws StorageConflict when other bytes are stored under the key; InvalidObject, StorageUnavailable,
   *   StorageUnreachable, StorageDenied, BucketMissing
   */
  put(object: StorageObject): Promise<StoredOrNot>;
  /** The object's size, or undefined when there is none. */
  head(key: string): Promise<{ sizeBytes: number } | undefined>;
  /** The object's bytes, at most `maxObjectBytes`, checked against the hash in the key. @throws ObjectMissing, ObjectCorrupt */
  get(key: string): Promise<Uint8Array>;
  /** Deletes the archive of an export, if it is there. @throws InvalidObject for any other key */
  delete(key: string): Promise<void>;
  /**
   * Deletes a document for good, if it is there, or what is left of one that was being written: for the erasure alone,
   * whose credentials allow it. @throws InvalidObject
   */
  erase(key: string): Promise<void>;
  /**
   * A page of what lies under a tenant's or an invoice's prefix, by keys of ours: documents, and in a folder also files
   * that a crash kept from being finished. A page may have fewer objects than there are, or none, and still a next one.
   * What is stored or deleted meanwhile may be in it or not. @throws InvalidObject
   */
  list(request: ListRequest): Promise<ListPage>;
  /**
   * Moves an object to another storage class, and reads it back: it stays under its key, with its bytes, type and
   * encryption. Undefined where there are no classes (`file://`). @throws ObjectMissing; ObjectCorrupt, StorageDenied
   */
  archive: ((key: string, storageClass: string) => Promise<void>) | undefined;
  /**
   * A URL that anybody may GET until it expires, answered with just this media type and disposition.
   * Nothing is asked of storage: it does not tell whether the object exists. @throws InvalidObject
   */
  signedUrl(request: SignedUrlRequest): Promise<string>;
  /**
   * Only where this process serves the documents (`file://`): what a URL made by `signedUrl` leads to.
   * Takes the URL or its path and query. @throws SignedUrlInvalid, SignedUrlExpired, ObjectMissing
   */
  openSigned: ((url: string) => Promise<SignedObject>) | undefined;
  /** Resolves when storage would accept an object; otherwise rejects like `put`. */
  ready(): Promise<void>;
  breakerState(): BreakerState;
  /** Operations that wait for their turn; see quota.ts. */
  waiting(): number;
}

export type StorageOperation = 'put' | 'head' | 'get' | 'delete' | 'list' | 'archive' | 'ready' | 'openSigned';

/** Where measurements go; give telemetry's functions. They must not throw. */
export interface StorageObserver {
  /** @param outcome `ok`, `stored`, `already stored`, `missing`, or the `type` of the error */
  operation?(name: StorageOperation, seconds: number, outcome: string): void;
  breaker?(state: BreakerState): void;
  /** An operation on S3 had its turn. */
  turn?(waitedSeconds: number): void;
}
