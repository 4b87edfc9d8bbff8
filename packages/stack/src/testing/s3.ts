export interface TestS3 {
  endpoint: string;
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
  /** The STORAGE_URL of a bucket there, without the credentials. */
  storageUrl(bucket: string): string;
}

/**
 * The S3 server that tests run against: the one that the test command starts, or TEST_S3_URL, written
 * `s3://key:secret@bucket?endpoint=http://…&region=…&forcePathStyle=true`. The bucket in it is a placeholder:
 * test files share the server, so each makes a bucket of its own.
 *
 * @throws Error when there is none: a test that needs S3 never passes without it
 */
export const testS3 = (): TestS3 => {
  const text = process.env['TEST_S3_URL'];
  if (!text)
    throw new Error(
      'TEST_S3_URL is not set: run the tests through `npm test`, which starts an S3 server, or set it to one of your own.',
    );
  if (!URL.canParse(text))
    throw new Error(
      'TEST_S3_URL is no URL; write s3://key:secret@bucket?endpoint=http://…&region=…&forcePathStyle=true',
    );
  const url = new URL(text);
  const endpoint = url.searchParams.get('endpoint');
  if (url.protocol !== 's3:' || !url.username || !url.password || !endpoint) {
    throw new Error(
      'TEST_S3_URL lacks a part; write s3://key:secret@bucket?endpoint=http://…&region=…&forcePathStyle=true',
    );
  }
  return {
    endpoint,
    region: url.searchParams.get('region') ?? 'us-east-1',
    accessKeyId: decodeURIComponent(url.username),
    secretAccessKey: decodeURIComponent(url.password),
    storageUrl: (bucket) => `s3://${bucket}${url.search}`,
  };
};
