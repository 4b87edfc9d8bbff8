/**
 * What can go wrong with storage, each with the remedy in its message and no secret in it.
 * `type` is a stable slug for problem details and metrics, `status` the HTTP status that fits.
 */
export class StorageError extends Error {
  readonly type: string;
  readonly status: number;

  constructor(type: string, status: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.type = type;
    this.status = status;
  }
}

/** The settings cannot work; every fault is in the message. */
export class StorageSettingsError extends StorageError {
  constructor(message: string) {
    super('storage-settings', 500, message);
  }
}

/** The breaker is open: storage failed too often lately, and nothing was tried. */
export class StorageUnavailable extends StorageError {
  /** When trying again makes sense, in milliseconds from now. */
  readonly retryAfterMs: number;

  constructor(
    retryAfterMs: number,
    type = 'storage-unavailable',
    message = `Storage has failed too often lately and is being left alone; try again in ${retryAfterMs} ms.`,
  ) {
    super(type, 503, message);
    this.retryAfterMs = retryAfterMs;
  }
}

/** As many operations as may were under way or begun for too long, and nothing was tried. */
export class StorageQuotaUsedUp extends StorageUnavailable {
  /** @param waitedMs how long it waited for its turn; it may as well wait that long again */
  constructor(waitedMs: number) {
    super(
      waitedMs,
      'storage-quota',
      `Storage had no turn to give for ${waitedMs} ms; raise STORAGE_REQUESTS_PER_SECOND or STORAGE_CONCURRENT_REQUESTS, or run fewer workers.`,
    );
  }
}

/** Storage was tried and did not do its part: no connection, no answer in time, or an error of its own. */
export class StorageUnreachable extends StorageError {
  constructor(message: string, options?: ErrorOptions) {
    super('storage-unreachable', 503, message, options);
  }
}

/** Storage refuses these credentials or this request; trying again will not help until somebody acts. */
export class StorageDenied extends StorageError {
  constructor(message: string, options?: ErrorOptions) {
    super('storage-denied', 500, message, options);
  }
}

export class BucketMissing extends StorageError {
  constructor(bucket: string, options?: ErrorOptions) {
    super('bucket-missing', 500, `The bucket "${bucket}" does not exist; create it, or correct STORAGE_URL.`, options);
  }
}

/** There is an object under this key with other bytes. Objects never change, so the first one stays. */
export class StorageConflict extends StorageError {
  constructor(key: string) {
    super(
      'storage-conflict',
      409,
      `Another object is stored under ${key}; it was kept. Find out who wrote it before storing this one.`,
    );
  }
}

export class ObjectMissing extends StorageError {
  constructor(key: string) {
    super('object-missing', 404, `There is no object ${key}; render its invoice again to restore it.`);
  }
}

/** The stored bytes are not those that the key promises. */
export class ObjectCorrupt extends StorageError {
  constructor(key: string) {
    super(
      'object-corrupt',
      500,
      `The object ${key} does not have the SHA-256 in its name; restore it from a backup or render its invoice again.`,
    );
  }
}

/** The caller's mistake: a bad key, media type, checksum, size or expiry. */
export class InvalidObject extends StorageError {
  constructor(message: string) {
    super('invalid-object', 400, message);
  }
}

/** A signed URL that was changed, or that we never signed. */
export class SignedUrlInvalid extends StorageError {
  constructor() {
    super('signed-url-invalid', 403, 'This link is not valid; ask for a new one and use it unchanged.');
  }
}

export class SignedUrlExpired extends StorageError {
  constructor() {
    super('signed-url-expired', 403, 'This link has expired; ask for a new one.');
  }
}
