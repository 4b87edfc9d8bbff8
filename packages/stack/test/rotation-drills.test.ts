/** Credentials of the servers behind the service change under load, as docs/secrets.md says it is done. */
import { HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { Redis } from 'ioredis';
import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { type S3Keys, testBucket, testDatabase, testRedisUrl, testS3, testS3User } from '../src/testing/index.ts';
import { aFleet } from './a-fleet.ts';

const aPassword = (): string => randomBytes(16).toString('hex');

test('a Redis password and an S3 key change by a roll-out under load, without one failed request', async () => {
  await using parts = new AsyncDisposableStack();
  const administrator = new Redis(testRedisUrl());
  parts.defer(() => administrator.disconnect());
  const user = `drill-${randomUUID()}`;
  parts.defer(async () => void (await administrator.acl('DELUSER', user)));
  const redisUrl = (password: string): string => {
    const url = new URL(testRedisUrl());
    [url.username, url.password] = [user, password];
    return url.href;
  };
  const passwords = [aPassword(), aPassword()] as const;
  await administrator.acl('SETUSER', user, 'on', '~*', '&*', '+@all', `>${passwords[0]}`);
  const s3User = await testS3User('drill');
  const bucket = await testBucket(s3User.keys);
  const settings = (password: string, { accessKeyId, secretAccessKey }: S3Keys) => ({
    QUEUE_URL: redisUrl(password),
    QUEUE_PREFIX: user,
    STORAGE_URL: bucket.environment.STORAGE_URL,
    S3_ACCESS_KEY_ID: accessKeyId,
    S3_SECRET_ACCESS_KEY: secretAccessKey,
  });

  const postgres = parts.use(await testDatabase());
  const fleet = parts.use(await aFleet(postgres, { apis: 2, settings: settings(passwords[0], s3User.keys) }));
  fleet.load(2);
  await fleet.goOn(10);
  await administrator.acl('SETUSER', user, `>${passwords[1]}`);
  const nextKeys = await s3User.addKeys();
  await fleet.goOn(5);
  await fleet.rollOut(settings(passwords[1], nextKeys));
  await administrator.acl('SETUSER', user, `<${passwords[0]}`);
  await s3User.removeKeys(s3User.keys);
  await fleet.goOn(10);
  await fleet.finish();

  await assert.rejects(administrator.call('AUTH', user, passwords[0]), /WRONGPASS/);
  const { endpoint, region } = testS3();
  const former = new S3Client({ endpoint, region, credentials: s3User.keys, forcePathStyle: true });
  await assert.rejects(
    former.send(new HeadBucketCommand({ Bucket: bucket.name })),
    (error: { $metadata?: { httpStatusCode?: number } }) => error.$metadata?.httpStatusCode === 403,
  );
  former.destroy();
});
