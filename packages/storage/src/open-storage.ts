import { createBreaker } from './breaker.ts';
import { InvalidObject, StorageError, StorageSettingsError } from './errors.ts';
import { filesDriver } from './files.ts';
import {
  checkDeletable,
  checkErasable,
  checkKey,
  checkListing,
  checkMediaType,
  checkObject,
  isErasable,
} from './object.ts';
import { createQuota, type Quota } from './quota.ts';
import { s3Driver } from './s3.ts';
import type { StorageSettings } from './settings.ts';
import {
  maxSignedUrlSeconds,
  type Driver,
  type SignedUrlRequest,
  type Storage,
  type StorageObserver,
  type StorageOperation,
} from './storage.ts';
import { parseStorageUrl } from './storage-url.ts';

export interface OpenOptions {
  /** False in a process that only stores, such as a worker: it then needs no signing key. True when left out. */
  signs?: boolean;
  observe?: StorageObserver;
  /** For signed URLs; the system's when left out. */
  clock?: () => Date;
}

/**
 * Opens the storage that STORAGE_URL names. Nothing is contacted yet: `ready()` does that.
 *
 * @throws StorageSettingsError naming every setting that is missing
 */
export const openStorage = (
  settings: StorageSettings,
  { signs = true, observe = {}, clock = () => new Date() }: OpenOptions = {},
): Storage => {
  const driver = chooseDriver(settings, signs, clock);
  const breaker = createBreaker(
    {
      timeoutMs: settings.STORAGE_TIMEOUT_MS,
      errorPercent: settings.STORAGE_BREAKER_ERROR_PERCENT,
      resetMs: settings.STORAGE_BREAKER_RESET_MS,
      minimumCalls: settings.STORAGE_BREAKER_MINIMUM_CALLS,
    },
    observe.breaker,
  );
  const quota = quotaOf(settings, observe);
  const guarded = async <T>(
    name: StorageOperation,
    operation: (signal: AbortSignal) => Promise<T>,
    outcomeOf: (result: T) => string = () => 'ok',
  ) => {
    const startedAt = performance.now();
    const report = (outcome: string): void =>
      observe.operation?.(name, (performance.now() - startedAt) / 1000, outcome);
    try {
      // The wait is no part of the operation: neither its deadline nor the breaker counts it.
      const call = () => breaker.call(operation);
      const result = await (quota ? quota.run(call) : call());
      report(outcomeOf(result));
      return result;
    } catch (error) {
      report(error instanceof StorageError ? error.type : 'unexpected');
      throw error;
    }
  };
  const { archive, openSigned } = driver;
  return {
    put: async (object) => {
      checkObject(object);
      return guarded(
        'put',
        (signal) => driver.put(object, signal),
        (outcome) => outcome,
      );
    },
    head: async (key) => {
      checkKey(key);
      return guarded(
        'head',
        (signal) => driver.head(key, signal),
        (found) => (found ? 'ok' : 'missing'),
      );
    },
    get: async (key) => {
      checkKey(key);
      return guarded('get', (signal) => driver.get(key, signal));
    },
    delete: async (key) => {
      checkDeletable(key);
      return guarded('delete', (signal) => driver.delete(key, signal));
    },
    erase: async (key) => {
      checkErasable(key);
      return guarded('delete', (signal) => driver.delete(key, signal));
    },
    list: async (request) => {
      checkListing(request);
      const { objects, next } = await guarded('list', (signal) => driver.list(request, signal));
      return { objects: objects.filter(({ key }) => isErasable(key)), next };
    },
    archive:
      archive &&
      (async (key, storageClass) => {
        checkKey(key);
        return guarded('archive', (signal) => archive(key, storageClass, signal));
      }),
    signedUrl: async (request) => {
      checkRequest(request);
      return driver.signedUrl(request);
    },
    openSigned: openSigned && ((url) => guarded('openSigned', () => openSigned(url))),
    ready: () => guarded('ready', (signal) => driver.ready(signal)),
    breakerState: () => breaker.state(),
    waiting: () => quota?.waiting() ?? 0,
    [Symbol.asyncDispose]: async () => {
      breaker.close();
      driver.close();
    },
  };
};

/** A folder has no quota. */
const quotaOf = (settings: StorageSettings, observe: StorageObserver): Quota | undefined =>
  parseStorageUrl(settings.STORAGE_URL).kind === 's3'
    ? createQuota(
        {
          concurrent: settings.STORAGE_CONCURRENT_REQUESTS,
          perSecond: settings.STORAGE_REQUESTS_PER_SECOND,
          maxWaitMs: settings.STORAGE_MAX_WAIT_MS,
        },
        (waitedSeconds) => observe.turn?.(waitedSeconds),
      )
    : undefined;

const chooseDriver = (settings: StorageSettings, signs: boolean, clock: () => Date): Driver => {
  const target = parseStorageUrl(settings.STORAGE_URL);
  const {
    STORAGE_SIGNING_KEY: secret,
    STORAGE_SIGNING_FURTHER_KEYS: furtherSecrets,
    STORAGE_PUBLIC_URL: publicUrl,
  } = settings;
  if (target.kind === 'file') {
    const missing = [
      !secret && 'STORAGE_SIGNING_KEY (openssl rand -hex 32)',
      !publicUrl && "STORAGE_PUBLIC_URL (the address of the API's /files)",
    ];
    if (signs && missing.some(Boolean)) {
      throw new StorageSettingsError(`With STORAGE_URL=file://… also set ${missing.filter(Boolean).join(' and ')}.`);
    }
    return filesDriver({ folder: target.folder, signing: { secret, furtherSecrets, publicUrl }, clock });
  }
  return s3Driver({
    target,
    credentials: s3Credentials(settings) ?? target.credentials,
    publicUrl,
    timeoutMs: settings.STORAGE_TIMEOUT_MS,
    maxSockets: settings.STORAGE_MAX_SOCKETS,
    clock,
  });
};

const s3Credentials = (settings: StorageSettings) => {
  const {
    S3_ACCESS_KEY_ID: accessKeyId,
    S3_SECRET_ACCESS_KEY: secretAccessKey,
    S3_SESSION_TOKEN: sessionToken,
  } = settings;
  if (!accessKeyId && !secretAccessKey) return undefined;
  if (!accessKeyId || !secretAccessKey) {
    throw new StorageSettingsError(
      'S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY go together; set both, or neither to use the AWS provider chain.',
    );
  }
  return { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) };
};

const checkRequest = ({ key, mediaType, expiresInSeconds }: SignedUrlRequest): void => {
  checkKey(key);
  checkMediaType(mediaType);
  if (!Number.isInteger(expiresInSeconds) || expiresInSeconds < 1 || expiresInSeconds > maxSignedUrlSeconds) {
    throw new InvalidObject(
      `A signed URL is good for 1 to ${maxSignedUrlSeconds} seconds; ask for a fresh one instead of a longer one.`,
    );
  }
};
