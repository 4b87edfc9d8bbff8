export { openStorage } from './open-storage.ts';
export type { OpenOptions } from './open-storage.ts';
export { storageSettings } from './settings.ts';
export type { StorageSettings } from './settings.ts';
export { maxSignedUrlSeconds } from './storage.ts';
export type {
  ListedObject,
  ListPage,
  SignedObject,
  SignedUrlRequest,
  Storage,
  StorageObject,
  StorageObserver,
  StorageOperation,
  StoredOrNot,
} from './storage.ts';
export type { BreakerState } from './breaker.ts';
export { exportKey, maxListed, maxObjectBytes, objectKey, sha256Of } from './object.ts';
export {
  BucketMissing,
  InvalidObject,
  ObjectCorrupt,
  ObjectMissing,
  SignedUrlExpired,
  SignedUrlInvalid,
  StorageConflict,
  StorageDenied,
  StorageError,
  StorageQuotaUsedUp,
  StorageSettingsError,
  StorageUnavailable,
  StorageUnreachable,
} from './errors.ts';
