/** What tests of every package stand on: real servers, shared by the run, with a corner of its own for each test file. */
export { type TestBucket, testBucket } from './bucket.ts';
export { type TestDatabase, testDatabase } from './database.ts';
export { testRedisUrl } from './redis.ts';
export { type TestS3, testS3 } from './s3.ts';
export { type S3Keys, type TestS3User, testS3User } from './s3-user.ts';
export { aBundle, aZip, type ZipEntry } from './zip.ts';
export { childEnvironment } from '../child-environment.ts';
