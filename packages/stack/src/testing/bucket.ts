import { randomUUID } from 'node:crypto';
import type { S3Keys } from './s3-user.ts';
import { testS3 } from './s3.ts';

export interface TestBucket {
  name: string;
  /** The settings of a process that stores there. */
  environment: { STORAGE_URL: string; S3_ACCESS_KEY_ID: string; S3_SECRET_ACCESS_KEY: string };
}

/** A new bucket on the S3 server of the test run, of the user with these keys. It goes with the server. */
export const testBucket = async ({ accessKeyId, secretAccessKey }: S3Keys = testS3()): Promise<TestBucket> => {
  const { endpoint, region, storageUrl } = testS3();
  // Loaded here, for most tests need no bucket and the SDK takes its time.
  const { CreateBucketCommand, S3Client } = await import('@aws-sdk/client-s3');
  const client = new S3Client({
    endpoint,
    region,
    credentials: { accessKeyId, secretAccessKey },
    forcePathStyle: true,
  });
  const name = `test-${randomUUID()}`;
  try {
    await client.send(new CreateBucketCommand({ Bucket: name }));
  } finally {
    client.destroy();
  }
  return {
    name,
    environment: {
      STORAGE_URL: storageUrl(name),
      S3_ACCESS_KEY_ID: accessKeyId,
      S3_SECRET_ACCESS_KEY: secretAccessKey,
    },
  };
};
