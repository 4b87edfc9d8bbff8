/** Credentials of the servers behind the service change under load, as docs/secrets.md says it is done. */
import { HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { Redis } from 'ioredis';
import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import { runAdmin } from '../src/admin-command.ts';
import { temporaryFolder } from '../src/services/daemon.ts';
import { type S3Keys, testBucket, testDatabase, testRedisUrl, testS3, testS3User } from '../src/testing/index.ts';
import { aFleet, gatewayUrl } from './a-fleet.ts';

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

test('the password of a queue on PostgreSQL changes under load, without a restart, a failed request or a lost job', async () => {
  await using parts = new AsyncDisposableStack();
  const { path: folder } = parts.use(await temporaryFolder('drill'));
  const role = `drill_queue_${randomBytes(4).toString('hex')}`;
  const server = new pg.Client({ connectionString: process.env['TEST_POSTGRES_URL'] });
  await server.connect();
  parts.defer(() => server.end());
  parts.defer(async () => void (await server.query(`DROP ROLE IF EXISTS ${role}`)));
  const postgres = parts.use(await testDatabase());
  await runAdmin(['migrate-queue'], { ADMIN_DATABASE_URL: postgres.urls.migrator });
  const passwords = [aPassword(), aPassword()] as const;
  await server.query(`CREATE ROLE ${role} LOGIN PASSWORD '${passwords[0]}' IN ROLE invoicepress_queue`);
  const file = join(folder, 'queue-url');
  const write = async (password: string): Promise<void> => {
    const url = new URL(postgres.urls.queue);
    [url.username, url.password] = [role, password];
    await writeFile(file, `${url.href}\n`, { mode: 0o600 });
  };
  await write(passwords[0]);
  const documents = join(folder, 'documents');
  await mkdir(documents);

  const settings = {
    QUEUE_URL_FILE: file,
    STORAGE_URL: pathToFileURL(documents).href,
    STORAGE_SIGNING_KEY: aPassword(),
    STORAGE_PUBLIC_URL: `${gatewayUrl}/files`,
  };
  const fleet = parts.use(await aFleet(postgres, { apis: 1, settings }));
  fleet.load(1);
  await fleet.goOn(10);
  await write(passwords[1]);
  await fleet.goOn(5);
  await server.query(`ALTER ROLE ${role} PASSWORD '${passwords[1]}'`);
  const changed = await server.query<{ now: Date }>('SELECT clock_timestamp() AS now');
  // The consumers' connections break, and come again with the new password. The producers' break by no such hand, for a
  // job that is on its way then would be left to the sweeper, password or not; more requests make them open more.
  const ofConsumers = `usename = $1 AND application_name <> 'invoicepress-queue-producer'`;
  await server.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ${ofConsumers}`, [role]);
  fleet.load(7);
  await fleet.goOn(40);
  await fleet.finish();

  const opened = await server.query<{ consumers: boolean }>(
    `SELECT DISTINCT (${ofConsumers}) AS consumers FROM pg_stat_activity WHERE usename = $1 AND backend_start > $2`,
    [role, changed.rows[0]?.now],
  );
  assert.equal(opened.rows.length, 2, 'consumers and producers opened connections with the new password');
});
