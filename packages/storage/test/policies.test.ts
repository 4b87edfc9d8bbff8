/** The policies of infra/s3, on the S3 server of the test run: each identity does its work, and nothing beside it. */
import {
  CopyObjectCommand,
  DeleteBucketPolicyCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  PutObjectAclCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { testS3User } from '@invoicepress/stack/testing';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { after, test } from 'node:test';
import { exportKey, openStorage, StorageDenied } from '../src/index.ts';
import { anObject } from './conformance.ts';
import { aBucket, bareClient } from './s3-server.ts';
import { someSettings } from './settings.ts';

interface Policy {
  Version: string;
  Statement: (Record<string, unknown> & { Sid: string; Condition?: Record<string, object> })[];
}
const { client: owner, bucket, environment } = await aBucket();
after(() => owner.destroy());
const policy = (name: string): Policy =>
  JSON.parse(
    readFileSync(new URL(`../../../infra/s3/${name}.json`, import.meta.url), 'utf8').replaceAll('BUCKET', bucket),
  ) as Policy;

/** Another user of the server. */
const aUser = async (name: string) => {
  const { uid, keys } = await testS3User(name);
  const client = bareClient(keys);
  after(() => client.destroy());
  const settings = { S3_ACCESS_KEY_ID: keys.accessKeyId, S3_SECRET_ACCESS_KEY: keys.secretAccessKey };
  return { uid, client, open: () => openStorage(someSettings({ ...environment, ...settings })) };
};
const [worker, api, privacy, stranger] = [
  await aUser('worker'),
  await aUser('api'),
  await aUser('privacy'),
  await aUser('stranger'),
];

/** Conditions that Ceph 16 does not know; it would refuse every put. */
const unknownConditions = new Set(['s3:if-none-match', 's3:x-amz-storage-class']);
const known = (condition: Policy['Statement'][number]['Condition'] = {}) => {
  const operators = Object.entries(condition).map(([operator, keys]) => [
    operator,
    Object.fromEntries(Object.entries(keys).filter(([key]) => !unknownConditions.has(key))),
  ]);
  return Object.fromEntries(operators.filter(([, keys]) => Object.keys(keys ?? {}).length > 0)) as object;
};

/** A role's policy as statements of the bucket's. */
const forUser = (name: string, uid: string) =>
  policy(name).Statement.map(({ Condition, ...statement }) => ({
    ...statement,
    ...(Object.keys(known(Condition)).length > 0 && { Condition: known(Condition) }),
    Principal: { AWS: [`arn:aws:iam:::user/${uid}`] },
  }));

const setPolicy = async (Statement: object[]): Promise<void> => {
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
  await owner.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy }));
};
const [refusePlaintext, ...forNobody] = policy('bucket-policy').Statement;
// The server of the test run speaks http, so what refuses that stands in a test of its own, at the end.
await setPolicy([
  ...forNobody,
  ...forUser('worker-policy', worker.uid),
  ...forUser('api-policy', api.uid),
  ...forUser('privacy-policy', privacy.uid),
]);

const refused = async (attempt: Promise<unknown>, what: string): Promise<void> => {
  await assert.rejects(attempt, (error: { name?: string }) => error.name === 'AccessDenied', what);
};

test('S3 policy: a worker stores and compares documents, and deletes archives of exports alone', async () => {
  await using storage = worker.open();
  const object = anObject();
  await storage.ready();
  assert.equal(await storage.put(object), 'stored');
  assert.equal(await storage.put(object), 'already stored');
  assert.ok(await storage.head(object.key));
  const archive = { ...object, key: exportKey({ exportId: randomUUID(), sha256: object.sha256 }) };
  await storage.put(archive);
  await storage.delete(archive.key);

  const place = { Bucket: bucket, Key: object.key };
  await refused(worker.client.send(new DeleteObjectCommand(place)), 'deletes a document');
  for (const ACL of ['public-read', 'authenticated-read'] as const) {
    await refused(worker.client.send(new PutObjectAclCommand({ ...place, ACL })), 'publishes a document');
    await refused(worker.client.send(new PutObjectCommand({ ...place, Key: 'new', Body: 'x', ACL })), 'stores one so');
  }
  await refused(worker.client.send(new DeleteBucketPolicyCommand({ Bucket: bucket })), 'takes the policy away');
});

test('S3 policy: the API reads documents and signs links to them, and writes nothing', async () => {
  await using storage = api.open();
  await using writing = worker.open();
  const object = anObject();
  await writing.put(object);
  assert.deepEqual(Buffer.from(await storage.get(object.key)), Buffer.from(object.bytes));
  const link = await storage.signedUrl({ ...object, fileName: 'a.pdf', disposition: 'inline', expiresInSeconds: 60 });
  assert.equal((await fetch(link)).status, 200);

  await assert.rejects(storage.put(anObject()), StorageDenied);
  const place = { Bucket: bucket, Key: object.key };
  await refused(api.client.send(new DeleteObjectCommand(place)), 'deletes');
  await refused(api.client.send(new PutObjectCommand({ ...place, Body: 'x' })), 'overwrites');
  await refused(
    api.client.send(new CopyObjectCommand({ ...place, Key: 'copy', CopySource: `${bucket}/${object.key}` })),
    'copies',
  );
});

test('S3 policy: the erasure lists, moves and deletes documents, and stores none', async () => {
  await using storage = privacy.open();
  await using writing = worker.open();
  const object = anObject();
  await writing.put(object);
  await storage.archive?.(object.key, 'GLACIER_IR');
  const page = await storage.list({ prefix: `${dirname(object.key)}/`, limit: 1 });
  assert.deepEqual(
    page.objects.map(({ key, storageClass }) => [key, storageClass]),
    [[object.key, 'GLACIER_IR']],
  );
  await assert.rejects(storage.put(anObject()), StorageDenied);
  const place = { Bucket: bucket, Key: object.key };
  await refused(privacy.client.send(new PutObjectCommand({ ...place, Body: 'x' })), 'overwrites');
  const replaced = { ...place, CopySource: `${bucket}/${object.key}`, MetadataDirective: 'REPLACE' as const };
  await refused(privacy.client.send(new CopyObjectCommand(replaced)), 'changes what a document says of itself');
  await storage.erase(object.key);
  assert.equal(await storage.head(object.key), undefined);
});

test('S3 policy: nobody else reads, lists or writes, with a name or without one', async () => {
  await using writing = worker.open();
  const object = anObject();
  await writing.put(object);
  const place = { Bucket: bucket, Key: object.key };
  await refused(stranger.client.send(new GetObjectCommand(place)), 'reads');
  await refused(stranger.client.send(new ListObjectsV2Command({ Bucket: bucket })), 'lists');
  await refused(stranger.client.send(new PutObjectCommand({ ...place, Body: 'x' })), 'writes');
  const endpoint = new URL(environment.STORAGE_URL).searchParams.get('endpoint') ?? '';
  for (const attempt of [`GET ${object.key}`, `HEAD ${object.key}`, 'GET ', 'PUT anything', `DELETE ${object.key}`]) {
    const [method = '', path = ''] = attempt.split(' ');
    assert.equal((await fetch(`${endpoint}/${bucket}/${path}`, { method })).status, 403, attempt);
  }
});

test('S3 policy: plaintext is refused to everybody', async () => {
  const place = { Bucket: bucket, Key: anObject().key };
  await owner.send(new PutObjectCommand({ ...place, Body: 'x' }));
  await owner.send(new GetObjectCommand(place)).then(({ Body }) => Body?.transformToString());
  assert.equal(refusePlaintext?.Sid, 'RefusePlaintext');
  await setPolicy([refusePlaintext]);
  await refused(owner.send(new GetObjectCommand(place)), 'the owner reads over http');
});
