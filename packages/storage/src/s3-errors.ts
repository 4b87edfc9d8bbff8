import { noAnswer } from './breaker.ts';
import { BucketMissing, StorageDenied, StorageError, StorageUnreachable } from './errors.ts';

/** The HTTP status that S3 answered with, if it answered. */
export const errorStatus = (error: unknown): number | undefined =>
  (error as { $metadata?: { httpStatusCode?: number } } | undefined)?.$metadata?.httpStatusCode;

/** S3's own code, such as `AccessDenied`, or a network code, such as `ECONNREFUSED`. */
export const errorCode = (error: unknown): string => {
  const { name, code } = (error ?? {}) as { name?: unknown; code?: unknown };
  return typeof code === 'string' ? code : typeof name === 'string' ? name : 'unknown';
};

const deniedRemedies: Record<string, string> = {
  InvalidAccessKeyId: 'the access key is unknown there; correct S3_ACCESS_KEY_ID',
  SignatureDoesNotMatch: 'the secret key is wrong, or a proxy changes the Host header; correct S3_SECRET_ACCESS_KEY',
  RequestTimeTooSkewed: "this machine's clock is off; synchronise it",
  ExpiredToken: 'the session token has expired; renew the credentials',
  CredentialsProviderError:
    'no credentials were found; set S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY, or give the process an AWS role',
  AuthorizationHeaderMalformed: 'the region is wrong; correct it in STORAGE_URL',
  PermanentRedirect: 'the bucket is in another region; correct the region or endpoint in STORAGE_URL',
  InvalidObjectState:
    'the object is in a class that has to be restored before it is read; restore it, and choose a class that answers at once',
  NotImplemented:
    'the server lacks a feature that is needed (If-None-Match, encryption); choose another server or setting',
};

/** What the SDK threw, as one of our errors. Its message is not repeated: it may echo parts of the request. */
export const storageErrorOf = (
  error: unknown,
  { bucket, timeoutMs }: { bucket: string; timeoutMs: number },
): StorageError => {
  if (error instanceof StorageError) return error;
  const [status, code] = [errorStatus(error), errorCode(error)];
  if (['AbortError', 'TimeoutError', 'ETIMEDOUT'].includes(code)) return noAnswer(timeoutMs);
  if (code === 'NoSuchBucket' || status === 404) return new BucketMissing(bucket);
  const remedy = deniedRemedies[code];
  if (remedy) return new StorageDenied(`S3 refused the request (${code}): ${remedy}.`);
  if (status === 401 || status === 403) {
    const needed = 's3:PutObject, s3:GetObject and s3:ListBucket';
    return new StorageDenied(
      `S3 denied access to the bucket "${bucket}" (${code}); grant ${needed}, and the use of its KMS key if it has one.`,
    );
  }
  if (status === undefined) {
    return new StorageUnreachable(
      `The S3 server cannot be reached (${code}); check the endpoint in STORAGE_URL and the network.`,
    );
  }
  // XAmzContentSHA256Mismatch, BadDigest: damaged on the way, since the hash was right here.
  if (status >= 500 || status === 429 || /SHA256Mismatch|BadDigest|RequestTimeout|SlowDown/.test(code)) {
    return new StorageUnreachable(
      `The S3 server answered ${status} (${code}); it should pass, otherwise see the server's log.`,
    );
  }
  return new StorageDenied(
    `S3 refused the request with ${status} (${code}); check STORAGE_URL and the bucket's settings.`,
  );
};
