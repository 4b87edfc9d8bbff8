/** Another storage class, on the S3 server of the test run: it has GLACIER_IR beside STANDARD. */
import { HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import assert from 'node:assert/strict';
import { dirname } from 'node:path';
import { after, test } from 'node:test';
import { ObjectCorrupt, ObjectMissing, openStorage, StorageDenied } from '../src/index.ts';
import { anObject } from './conformance.ts';
import { aBucket } from './s3-server.ts';

const { client, bucket, settings } = await aBucket();
const storage = openStorage(settings);
after(async () => {
  await storage[Symbol.asyncDispose]();
  client.destroy();
});
const archive = (key: string, storageClass = 'GLACIER_IR') => storage.archive?.(key, storageClass);
const classOf = async (key: string) =>
  (await storage.list({ prefix: `${dirname(key)}/`, limit: 1 })).objects[0]?.storageClass;

test('S3: a document moves to another class with its bytes, type and hash, and its links go on working', async () => {
  const object = anObject();
  await storage.put(object);
  const place = { Bucket: bucket, Key: object.key };
  const link = await storage.signedUrl({ ...object, fileName: 'a.pdf', disposition: 'inline', expiresInSeconds: 300 });
  assert.equal(await classOf(object.key), 'STANDARD');
  await archive(object.key);
  await archive(object.key); // once more is harmless
  assert.equal(await classOf(object.key), 'GLACIER_IR');
  const { ContentType, Metadata, StorageClass } = await client.send(new HeadObjectCommand(place));
  assert.deepEqual([ContentType, Metadata, StorageClass], ['application/pdf', { sha256: object.sha256 }, 'GLACIER_IR']);
  assert.deepEqual(Buffer.from(await storage.get(object.key)), Buffer.from(object.bytes));
  const answer = await fetch(link);
  assert.deepEqual(Buffer.from(await answer.arrayBuffer()), Buffer.from(object.bytes));
  assert.equal(await storage.put(object), 'already stored', 'a repeated put does not bring it back');
  assert.equal(await classOf(object.key), 'GLACIER_IR');
});

test('S3: a class that the server does not have, and an object that is not there, are named', async () => {
  const object = anObject();
  await assert.rejects(async () => archive(object.key), ObjectMissing);
  await storage.put(object);
  await assert.rejects(
    async () => archive(object.key, 'NO_SUCH_CLASS'),
    (error) => error instanceof StorageDenied && /no storage class "NO_SUCH_CLASS"/.test(error.message),
  );
  assert.equal(await classOf(object.key), 'STANDARD');
  await client.send(new PutObjectCommand({ Bucket: bucket, Key: object.key, Body: 'other bytes' }));
  await assert.rejects(async () => archive(object.key), ObjectCorrupt);
});
