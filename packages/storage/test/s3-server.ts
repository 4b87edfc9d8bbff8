import { S3Client } from '@aws-sdk/client-s3';
import { testBucket, testS3 } from '@invoicepress/stack/testing';
import { someSettings } from './settings.ts';

/** The SDK's own client, with anybody's keys. */
export const bareClient = (credentials: { accessKeyId: string; secretAccessKey: string }): S3Client => {
  const { endpoint, region } = testS3();
  return new S3Client({
    endpoint,
    region,
    credentials,
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    // Kept connections would keep the test process alive.
    requestHandler: { httpAgent: { keepAlive: false } },
  });
};

/** A new bucket on the real S3 server of the test run, settings for it, and a bare client to look behind the storage. */
export const aBucket = async (overrides: Record<string, string> = {}) => {
  const { endpoint, accessKeyId, secretAccessKey } = testS3();
  const { name: bucket, environment: bucketEnvironment } = await testBucket();
  const client = bareClient({ accessKeyId, secretAccessKey });
  const environment = {
    ...bucketEnvironment,
    // A shared machine may stall; a deadline that matters is tested on its own.
    STORAGE_TIMEOUT_MS: '20000',
  };
  return { client, bucket, endpoint, environment, settings: someSettings({ ...environment, ...overrides }) };
};
