import { HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { connect, createServer, type AddressInfo } from 'node:net';
import { Transform } from 'node:stream';
import { test } from 'node:test';
import { BucketMissing, openStorage, StorageDenied, StorageUnreachable } from '../src/index.ts';
import { anObject, storageConformance, type Harness } from './conformance.ts';
import { aBucket } from './s3-server.ts';
import { someSettings } from './settings.ts';

storageConformance('S3', async (): Promise<Harness> => {
  const { client, bucket, settings } = await aBucket();
  return {
    open: (options) => openStorage(settings, options),
    plant: async (Key, Body) => void (await client.send(new PutObjectCommand({ Bucket: bucket, Key, Body }))),
    [Symbol.asyncDispose]: async () => client.destroy(),
  };
});

test('S3: a prefix in the URL goes before every key', async () => {
  const { client, bucket, environment } = await aBucket();
  const url = environment.STORAGE_URL.replace(bucket, `${bucket}/documents/v1`);
  await using storage = openStorage(someSettings({ ...environment, STORAGE_URL: url }));
  const object = anObject();
  await storage.put(object);
  const found = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: `documents/v1/${object.key}` }));
  assert.equal(found.ContentType, 'application/pdf');
  const answer = await fetch(
    await storage.signedUrl({ ...object, fileName: 'a.pdf', disposition: 'inline', expiresInSeconds: 60 }),
  );
  assert.equal(answer.status, 200);
  await answer.arrayBuffer();
});

test('S3: objects are encrypted as the URL says', async () => {
  const { client, bucket, environment } = await aBucket();
  const url = `${environment.STORAGE_URL}&sse=aws:kms&kmsKeyId=testkey-1`;
  await using storage = openStorage(someSettings({ ...environment, STORAGE_URL: url }));
  const object = anObject();
  await storage.put(object);
  const found = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: object.key }));
  assert.equal(found.ServerSideEncryption, 'aws:kms');
  assert.equal(found.SSEKMSKeyId, 'testkey-1');
});

test('S3: credentials may come in the URL, and stay out of errors', async () => {
  const { bucket, environment } = await aBucket();
  const { S3_ACCESS_KEY_ID: id, S3_SECRET_ACCESS_KEY: secret, STORAGE_URL: url } = environment;
  await using storage = openStorage(someSettings({ STORAGE_URL: url.replace('s3://', `s3://${id}:${secret}@`) }));
  await storage.ready();
  await using wrong = openStorage(
    someSettings({ STORAGE_URL: url.replace(`s3://${bucket}`, `s3://${id}:${secret}@no-such-bucket-here`) }),
  );
  await assert.rejects(wrong.ready(), (error: Error) => !JSON.stringify([error.message, error.stack]).includes(secret));
});

test('S3: a missing bucket, a wrong key, a wrong secret and a dead server each say what to do', async () => {
  const { bucket, endpoint, environment } = await aBucket();
  const trying = async (overrides: Record<string, string>, act: 'ready' | 'put') => {
    await using storage = openStorage(someSettings({ ...environment, ...overrides }));
    return act === 'ready' ? await storage.ready() : await storage.put(anObject());
  };
  const elsewhere = { STORAGE_URL: environment.STORAGE_URL.replace(bucket, `none-${randomUUID()}`) };
  const dead = {
    STORAGE_URL: environment.STORAGE_URL.replace(
      encodeURIComponent(endpoint),
      encodeURIComponent('http://127.0.0.1:9'),
    ),
  };
  for (const act of ['ready', 'put'] as const) {
    await assert.rejects(
      trying(elsewhere, act),
      (error) => error instanceof BucketMissing && /create it/.test(error.message),
    );
    for (const [variable, value] of [
      ['S3_ACCESS_KEY_ID', 'nobody'],
      ['S3_SECRET_ACCESS_KEY', 'not the secret'],
    ] as const) {
      await assert.rejects(trying({ [variable]: value }, act), (error) => {
        assert.ok(error instanceof StorageDenied);
        assert.ok(!error.message.includes(value));
        // S3 says why only where it may answer with a body, which is not so for the HEAD of `ready`.
        return act === 'ready' || error.message.includes(`correct ${variable}`);
      });
    }
    await assert.rejects(
      trying(dead, act),
      (error) => error instanceof StorageUnreachable && /ECONNREFUSED.*endpoint/.test(error.message),
    );
  }
});

// A fault is injected here: a proxy between the storage and the real server changes the body on its way.
test('S3: a body that was damaged on the way is refused by the server', async () => {
  const { endpoint, environment } = await aBucket();
  const damage = (): Transform =>
    new Transform({
      transform: (bytes: Buffer, _, done) =>
        done(null, Buffer.from(bytes.toString('latin1').replace('GOOD BYTES', 'EVIL BYTES'), 'latin1')),
    });
  const proxy = createServer((socket) => {
    const upstream = connect(Number(new URL(endpoint).port), '127.0.0.1');
    socket
      .on('error', () => {})
      .on('close', () => upstream.destroy())
      .pipe(damage())
      .pipe(upstream);
    upstream.on('error', () => socket.destroy()).pipe(socket);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  try {
    const throughProxy = encodeURIComponent(`http://127.0.0.1:${(proxy.address() as AddressInfo).port}`);
    const url = environment.STORAGE_URL.replace(encodeURIComponent(endpoint), throughProxy);
    await using storage = openStorage(someSettings({ ...environment, STORAGE_URL: url }));
    const object = anObject(Buffer.from('GOOD BYTES'));
    await assert.rejects(storage.put(object), StorageUnreachable);
    assert.equal(await storage.head(object.key), undefined);
  } finally {
    proxy.close();
  }
});
