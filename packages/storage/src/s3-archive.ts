import { CopyObjectCommand, type StorageClass } from '@aws-sdk/client-s3';
import { StorageDenied } from './errors.ts';
import { errorCode, errorStatus } from './s3-errors.ts';
import type { S3Target } from './storage-url.ts';

/** Type, hash and other metadata go along with a copy by themselves; encryption has to be asked for again. */
export const copyOntoItself = (
  { Bucket, Key }: { Bucket: string; Key: string },
  storageClass: string,
  encryption: S3Target['encryption'],
): CopyObjectCommand =>
  new CopyObjectCommand({
    Bucket,
    Key,
    CopySource: `${Bucket}/${Key}`,
    MetadataDirective: 'COPY',
    ChecksumAlgorithm: 'SHA256',
    StorageClass: storageClass as StorageClass, // other servers have names of their own
    ...(encryption && { ServerSideEncryption: encryption.algorithm }),
    ...(encryption?.algorithm === 'aws:kms' && encryption.keyId && { SSEKMSKeyId: encryption.keyId }),
  });

/** What a refusal says about the class, if it does. */
export const classErrorOf = (error: unknown, storageClass: string): StorageDenied | undefined => {
  const code = errorCode(error);
  if (code === 'InvalidStorageClass' || (code === 'InvalidArgument' && errorStatus(error) === 400))
    return new StorageDenied(
      `The S3 server has no storage class "${storageClass}" (${code}); choose one that it has, or add it there.`,
    );
  if (code === 'NotImplemented')
    return new StorageDenied(
      `The S3 server cannot copy this object into another storage class (${code}); some servers cannot where it is encrypted.`,
    );
  return undefined;
};

export const notMoved = (key: string, wanted: string, found: string): StorageDenied =>
  new StorageDenied(
    `${key} is in the class ${found} after it was moved to ${wanted}; look whether the server knows that class.`,
  );
