import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import {
  InvalidObject,
  openStorage,
  StorageDenied,
  StorageError,
  StorageSettingsError,
  type Storage,
} from '../src/index.ts';
import { anObject, storageConformance, type Harness } from './conformance.ts';
import { someSettings } from './settings.ts';

const secret = 'a signing key of more than 32 bytes';
const aFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'invoicepress-storage-test-'));

const settingsFor = (folder: string, overrides: Record<string, string> = {}) =>
  someSettings({
    STORAGE_URL: pathToFileURL(folder).href,
    STORAGE_SIGNING_KEY: secret,
    STORAGE_PUBLIC_URL: 'http://127.0.0.1/files',
    ...overrides,
  });

/** Serves signed URLs as an API's /files route does. */
const serve = async (storage: () => Storage): Promise<Server> => {
  const server = createServer((req, res) => {
    const answer = async (): Promise<void> => {
      const found = await storage().openSigned?.(req.url ?? '');
      if (!found) throw new Error('no openSigned');
      res.writeHead(200, found.headers);
      await pipeline(found.stream(), res);
    };
    answer().catch((error: unknown) => {
      if (res.headersSent) res.destroy();
      else res.writeHead(error instanceof StorageError ? error.status : 500).end(String(error));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
};

storageConformance('file', async (): Promise<Harness> => {
  const folder = await aFolder();
  const server = await serve(() => serving);
  const publicUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/files`;
  const settings = settingsFor(folder, { STORAGE_PUBLIC_URL: publicUrl });
  const serving = openStorage(settings);
  return {
    open: (options) => openStorage(settings, options),
    plant: async (key, bytes) => {
      await mkdir(dirname(join(folder, key)), { recursive: true });
      await writeFile(join(folder, key), bytes);
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await rm(folder, { recursive: true });
    },
  };
});

test('file: nothing but the objects is left in the folder', async () => {
  const folder = await aFolder();
  await using storage = openStorage(settingsFor(folder));
  const object = anObject();
  await Promise.all(Array.from({ length: 5 }, () => storage.put(object)));
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  assert.deepEqual(
    files.map((entry) => entry.name),
    [object.key.split('/').at(-1)],
  );
  await rm(folder, { recursive: true });
});

test('file: a file that was never finished is listed, and can be erased', async () => {
  const folder = await aFolder();
  await using storage = openStorage(settingsFor(folder));
  const object = anObject();
  await storage.put(object);
  const invoice = dirname(object.key);
  const unfinished = `${invoice}/.${randomUUID()}.tmp`;
  await writeFile(join(folder, unfinished), 'half of an inv');
  const list = async () =>
    (await storage.list({ prefix: `${invoice}/`, limit: 10 })).objects.map(({ key, sizeBytes }) => [key, sizeBytes]);
  const whole = [object.key, object.bytes.byteLength];
  assert.deepEqual(await list(), [[unfinished, 14], whole]);
  await assert.rejects(storage.get(unfinished), InvalidObject);
  await storage.erase(unfinished);
  assert.deepEqual(await list(), [whole]);
  assert.equal(storage.archive, undefined, 'a folder has no classes');
  await rm(folder, { recursive: true });
});

test('file: a link signed with another key is refused', async () => {
  const folder = await aFolder();
  const object = anObject();
  await using ours = openStorage(settingsFor(folder));
  await using theirs = openStorage(settingsFor(folder, { STORAGE_SIGNING_KEY: `${secret}, but not the same` }));
  await ours.put(object);
  const url = await theirs.signedUrl({ ...object, fileName: 'a.pdf', disposition: 'inline', expiresInSeconds: 60 });
  await assert.rejects(async () => ours.openSigned?.(url), { type: 'signed-url-invalid', status: 403 });
  await rm(folder, { recursive: true });
});

test('file: the signing key changes in three steps, and processes of two steps open what the others sign', async () => {
  const folder = await aFolder();
  const object = anObject();
  const next = `${secret} and the next`;
  await using parts = new AsyncDisposableStack();
  const steps = [[secret], [secret, next], [next, secret], [next]].map(([key = '', ...further]) =>
    parts.use(
      openStorage(settingsFor(folder, { STORAGE_SIGNING_KEY: key, STORAGE_SIGNING_FURTHER_KEYS: further.join(',') })),
    ),
  );
  await steps[0]?.put(object);
  const opens = async (signing: number, serving: number): Promise<boolean> => {
    const grant = { ...object, fileName: 'a.pdf', disposition: 'inline' as const, expiresInSeconds: 60 };
    const url = await steps[signing]!.signedUrl(grant);
    return steps[serving]!.openSigned!(url).then(
      ({ stream }) => (stream().destroy(), true),
      () => false,
    );
  };
  // Processes of two steps are there at once: each opens what the other signs.
  for (const [one, other] of [
    [0, 1],
    [1, 2],
    [2, 3],
  ] as const)
    assert.deepEqual([await opens(one, other), await opens(other, one)], [true, true], `steps ${one} and ${other}`);
  assert.equal(await opens(0, 3), false, 'the key before is good for nothing in the end');
  await rm(folder, { recursive: true });
});

test('file: a link carries no parameter twice and none more', async () => {
  const folder = await aFolder();
  await using storage = openStorage(settingsFor(folder));
  const object = anObject();
  await storage.put(object);
  const url = await storage.signedUrl({ ...object, fileName: 'a.pdf', disposition: 'inline', expiresInSeconds: 60 });
  for (const extra of ['&name=b.pdf', '&type=text/html', '&x=1']) {
    await assert.rejects(async () => storage.openSigned?.(url + extra), { type: 'signed-url-invalid' });
  }
  for (const junk of [
    '',
    '/',
    '//',
    '/files',
    'http://[',
    '/files/../../../etc/passwd',
    '/files/%2e%2e/%2e%2e/x?signature=1',
  ]) {
    await assert.rejects(async () => storage.openSigned?.(junk), { type: 'signed-url-invalid' }, junk);
  }
  await rm(folder, { recursive: true });
});

test('file: without a signing key, a process may store but not sign', async () => {
  const folder = await aFolder();
  const settings = someSettings({ STORAGE_URL: pathToFileURL(folder).href });
  assert.throws(
    () => openStorage(settings),
    (error) => error instanceof StorageSettingsError && /STORAGE_SIGNING_KEY.*STORAGE_PUBLIC_URL/.test(error.message),
  );
  await using worker = openStorage(settings, { signs: false });
  const object = anObject();
  assert.equal(await worker.put(object), 'stored');
  await assert.rejects(
    worker.signedUrl({ ...object, fileName: 'a', disposition: 'inline', expiresInSeconds: 1 }),
    StorageSettingsError,
  );
  await rm(folder, { recursive: true });
});

test('file: a file in place of the folder says what to do', async () => {
  const folder = await aFolder();
  const file = join(folder, 'a-file');
  await writeFile(file, '');
  await chmod(file, 0o600);
  await using storage = openStorage(settingsFor(file));
  for (const act of [() => storage.ready(), () => storage.put(anObject())]) {
    await assert.rejects(act, (error) => error instanceof StorageDenied && /must name a folder/.test(error.message));
  }
  await rm(folder, { recursive: true });
});
