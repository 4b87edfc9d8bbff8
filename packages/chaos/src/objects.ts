import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  paginateListObjectsV2,
  S3Client,
} from '@aws-sdk/client-s3';
import { createHash } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';

/** What really lies in storage, seen past every proxy. */
export interface Objects extends AsyncDisposable {
  /** Keys, without files that are still being written. */
  list(): Promise<string[]>;
  /** Undefined when there is none. */
  get(key: string): Promise<Uint8Array | undefined>;
  clear(): Promise<void>;
}

export interface S3Target {
  endpoint: string;
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
}

export const bucket = 'chaos';

/** Makes the bucket. */
export const openS3Objects = async ({ endpoint, region, ...credentials }: S3Target): Promise<Objects> => {
  const client = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
  const list = async () => {
    const keys: string[] = [];
    for await (const page of paginateListObjectsV2({ client }, { Bucket: bucket }))
      keys.push(...(page.Contents ?? []).flatMap(({ Key }) => Key ?? []));
    return keys;
  };
  return {
    list,
    clear: async () => {
      for (const Key of await list()) await client.send(new DeleteObjectCommand({ Bucket: bucket, Key }));
    },
    get: async (key) => {
      try {
        const found = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
        return await found.Body?.transformToByteArray();
      } catch (error) {
        if (error instanceof Error && error.name === 'NoSuchKey') return undefined;
        throw error;
      }
    },
    [Symbol.asyncDispose]: async () => client.destroy(),
  };
};

export const openFileObjects = (folder: string): Objects => ({
  clear: async () => {
    for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true });
  },
  list: async () => {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile() && /^[0-9a-f]{64}\./.test(entry.name))
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
  },
  get: (key) => readFile(join(folder, key)).catch(() => undefined),
  [Symbol.asyncDispose]: async () => {},
});

export const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
