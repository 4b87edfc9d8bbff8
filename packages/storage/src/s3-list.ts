import type { ListObjectsV2CommandOutput } from '@aws-sdk/client-s3';
import type { ListedObject, ListPage } from './storage.ts';

/** What S3 answered, with keys as ours. @param prefixLength of the prefix in STORAGE_URL, which is no part of them */
export const listPage = (
  { Contents = [], IsTruncated }: ListObjectsV2CommandOutput,
  prefixLength: number,
): ListPage => {
  const objects = Contents.map(({ Key = '', Size = 0, LastModified = new Date(), StorageClass }): ListedObject => ({
    key: Key.slice(prefixLength),
    sizeBytes: Size,
    storedAt: LastModified, // an object without a time counts as new
    storageClass: StorageClass ?? 'STANDARD',
  }));
  return { objects, next: IsTruncated ? objects.at(-1)?.key : undefined };
};
