import { S3Client } from '@aws-sdk/client-s3';
import { testBucket, testS3 } from '@invoicepress/stack/testing';
import { someSettings } from './settings.ts';

/** A new bucket on the real S3 server of the test run, settings for it, and a bare client to look behind the storage. */
export const aBucket = async (overrides: Record<string, string> = {}) => {
  const { endpoint, region, accessKeyId, secretAccessKey } = testS3();
  const { name: bucket, environment: bucketEnvironment } = await testBucket();
  const client = new S3Client({
    endpoint,
    region,
    credentials: { accessKeyId, secretAccessKey },
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    // Kept connections would keep the test process alive.
    requestHandler: { httpAgent: { keepAlive: false } },
  });
  const environment = {
    ...bucketEnvironment,
    // A shared machine may stall; a deadline that matters is tested on its own.
    STORAGE_TIMEOUT_MS: '20000',
  };
  return { client, bucket, endpoint, environment, settings: someSettings({ ...environment, ...overrides }) };
};
