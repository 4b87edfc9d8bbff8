import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import {
  exportKey,
  InvalidObject,
  objectKey,
  ObjectCorrupt,
  ObjectMissing,
  StorageConflict,
  type OpenOptions,
  type SignedUrlRequest,
  type Storage,
  type StorageObject,
} from '../src/index.ts';
import { sha256Of } from '../src/object.ts';

/** A storage under test, and a way past it. */
export interface Harness extends AsyncDisposable {
  open(options?: OpenOptions): Storage;
  /** Puts bytes under a key behind the storage's back. */
  plant(key: string, bytes: Uint8Array): Promise<void>;
}

export const anObject = (
  bytes: Uint8Array = randomBytes(2_000),
  overrides: Partial<StorageObject> = {},
): StorageObject => {
  const sha256 = sha256Of(bytes);
  const key = objectKey({ tenantId: randomUUID(), invoiceId: randomUUID(), sha256, extension: 'pdf' });
  return { key, bytes, mediaType: 'application/pdf', sha256, ...overrides };
};

const aRequest = (key: string, overrides: Partial<SignedUrlRequest> = {}): SignedUrlRequest => ({
  key,
  fileName: 'invoice.pdf',
  mediaType: 'application/pdf',
  disposition: 'attachment',
  expiresInSeconds: 300,
  ...overrides,
});

const withParameter = (url: string, pattern: RegExp, change: (value: string) => string): string => {
  const changed = new URL(url);
  const name = [...changed.searchParams.keys()].find((key) => pattern.test(key));
  assert.ok(name, `no parameter like ${pattern} in ${url}`);
  changed.searchParams.set(name, change(changed.searchParams.get(name) ?? ''));
  return changed.href;
};

/** What every driver promises. One suite for all, so that a folder may stand in for a bucket and the reverse. */
export const storageConformance = (name: string, start: () => Promise<Harness>): void => {
  describe(`${name} conformance`, () => {
    let harness: Harness;
    let storage: Storage;
    before(async () => {
      harness = await start();
      storage = harness.open();
      await storage.ready();
    });
    after(async () => {
      await storage?.[Symbol.asyncDispose]();
      await harness?.[Symbol.asyncDispose]();
    });
    const promise = (text: string, check: () => Promise<void>): void =>
      void test(`${name} conformance: ${text}`, check);

    promise('an object is stored once, and again only in name', async () => {
      const object = anObject();
      assert.equal(await storage.put(object), 'stored');
      assert.equal(await storage.put(object), 'already stored');
      assert.deepEqual(Buffer.from(await storage.get(object.key)), Buffer.from(object.bytes));
      assert.deepEqual(await storage.head(object.key), { sizeBytes: object.bytes.byteLength });
    });

    promise('of ten racing puts of one object, one stores it', async () => {
      const object = anObject();
      const outcomes = await Promise.all(Array.from({ length: 10 }, () => storage.put(object)));
      assert.deepEqual(outcomes.sort(), [...Array.from({ length: 9 }, () => 'already stored'), 'stored']);
    });

    for (const [what, other] of Object.entries({
      'of another size': randomBytes(7),
      'of the same size': randomBytes(2_000),
    })) {
      promise(`other bytes ${what} under the key are a conflict, and stay`, async () => {
        const object = anObject();
        await harness.plant(object.key, other);
        await assert.rejects(storage.put(object), StorageConflict);
        await assert.rejects(storage.get(object.key), ObjectCorrupt);
        assert.equal((await storage.head(object.key))?.sizeBytes, other.byteLength);
      });
    }

    promise('an object of 8 MB survives the round trip', async () => {
      const object = anObject(randomBytes(8 * 1024 * 1024));
      assert.equal(await storage.put(object), 'stored');
      assert.equal(sha256Of(await storage.get(object.key)), object.sha256);
      const fetched = await fetch(await storage.signedUrl(aRequest(object.key)));
      assert.equal(sha256Of(new Uint8Array(await fetched.arrayBuffer())), object.sha256);
    });

    promise('an empty object is an object', async () => {
      const object = anObject(new Uint8Array());
      assert.equal(await storage.put(object), 'stored');
      assert.equal((await storage.get(object.key)).byteLength, 0);
    });

    promise('bytes without the given SHA-256 are refused, and nothing is stored', async () => {
      const object = anObject();
      await assert.rejects(storage.put({ ...object, bytes: randomBytes(2_000) }), InvalidObject);
      await assert.rejects(storage.put({ ...object, sha256: sha256Of(randomBytes(1)) }), InvalidObject);
      await assert.rejects(storage.put({ ...anObject(), key: object.key }), InvalidObject);
      assert.equal(await storage.head(object.key), undefined);
    });

    promise('an object that is not there is missing', async () => {
      const { key } = anObject();
      assert.equal(await storage.head(key), undefined);
      await assert.rejects(storage.get(key), ObjectMissing);
      const fetched = await fetch(await storage.signedUrl(aRequest(key)));
      assert.equal(fetched.status, 404);
      await fetched.arrayBuffer();
    });

    promise('the archive of an export is deleted, once and again; a document only by its erasure', async () => {
      const bytes = randomBytes(2_000);
      const sha256 = sha256Of(bytes);
      const key = exportKey({ exportId: randomUUID(), sha256 });
      const archive = { key, bytes, sha256, mediaType: 'application/zip' };
      assert.equal(await storage.put(archive), 'stored');
      await storage.delete(key);
      await storage.delete(key);
      assert.equal(await storage.head(key), undefined);
      assert.equal(await storage.put(archive), 'stored');
      const document = anObject();
      await storage.put(document);
      await assert.rejects(storage.delete(document.key), InvalidObject);
      await assert.rejects(storage.delete(`exports/../${document.key}`), InvalidObject);
      assert.equal((await storage.head(document.key))?.sizeBytes, document.bytes.byteLength);
      await storage.erase(document.key);
      await storage.erase(document.key);
      assert.equal(await storage.head(document.key), undefined);
    });

    promise('a listing has every object of a tenant or an invoice, once, in pages and in order', async () => {
      const [tenantId, elsewhere] = [randomUUID(), randomUUID()];
      const of = (tenant: string, invoiceId: string, text: string): StorageObject => {
        const bytes = Buffer.from(text);
        const key = objectKey({ tenantId: tenant, invoiceId, sha256: sha256Of(bytes), extension: 'ubl.xml' });
        return anObject(bytes, { key, mediaType: 'application/xml' });
      };
      // "a-b/" sorts before "a/": by whole keys, and not by the names of folders.
      const mine = ['a', 'a', 'a-b', 'a-b', 'ab', 'b'].map((invoice, n) => of(tenantId, invoice, `${n} of it`));
      for (const object of [...mine, of(elsewhere, 'a', 'not mine')]) await storage.put(object);
      await harness.plant(`${tenantId}/a/a-file-of-somebody-else`, Buffer.from('x'));
      const listed = async (prefix: string, limit: number) => {
        const pages = [];
        for (let seen: string | undefined, more = true; more;) {
          const { objects, next } = await storage.list({ prefix, after: seen, limit });
          assert.ok(objects.length <= limit);
          pages.push(...objects);
          [seen, more] = [next, next !== undefined];
        }
        return pages;
      };
      const keys = mine.map(({ key }) => key).toSorted();
      for (const limit of [1, 2, 3, 1_000]) {
        const found = await listed(`${tenantId}/`, limit);
        assert.deepEqual(
          found.map(({ key }) => key),
          keys,
          `pages of ${limit}`,
        );
        for (const { sizeBytes, storedAt } of found) {
          assert.equal(sizeBytes, 7);
          assert.ok(Math.abs(storedAt.getTime() - Date.now()) < 3_600_000);
        }
      }
      const ofOne = keys.filter((key) => key.includes('/a/'));
      assert.deepEqual(
        (await listed(`${tenantId}/a/`, 1)).map(({ key }) => key),
        ofOne,
      );
      assert.deepEqual(await listed(`${randomUUID()}/`, 10), []);
      for (const prefix of ['', '/', tenantId, `${tenantId}//`, `../${tenantId}/`, `${tenantId}/a/b/`])
        await assert.rejects(storage.list({ prefix, limit: 1 }), InvalidObject, JSON.stringify(prefix));
      for (const limit of [0, 1_001, 1.5])
        await assert.rejects(storage.list({ prefix: `${tenantId}/`, limit }), InvalidObject, String(limit));
    });

    promise('keys of any other form are refused by every operation', async () => {
      const { key, ...rest } = anObject();
      const file = key.split('/').at(-1);
      const bad = [
        '',
        '/',
        file ?? '',
        `../x/${file}`,
        `x/../${file}`,
        `x/y/../${file}`,
        `/${key}`,
        `${key}/`,
        `${key}\n`,
        `${key}\0`,
      ];
      for (const wrong of [
        ...bad,
        key.toUpperCase(),
        `${key}.xml.gz`,
        key.replace('.pdf', '..pdf'),
        key.replaceAll('/', '\\'),
        `%2e%2e/x/${file}`,
        `${'x'.repeat(65)}/y/${file}`,
      ]) {
        await assert.rejects(storage.put({ key: wrong, ...rest }), InvalidObject, JSON.stringify(wrong));
        await assert.rejects(storage.get(wrong), InvalidObject, JSON.stringify(wrong));
        await assert.rejects(storage.head(wrong), InvalidObject, JSON.stringify(wrong));
        await assert.rejects(storage.signedUrl(aRequest(wrong)), InvalidObject, JSON.stringify(wrong));
      }
    });

    promise('an extension may have two parts, and each is an object of its own', async () => {
      const { key, ...rest } = anObject();
      const xml = { ...rest, key: key.replace('.pdf', '.ubl.xml'), mediaType: 'application/xml' };
      assert.equal(await storage.put(xml), 'stored');
      assert.equal(await storage.head(key), undefined);
      const fetched = await fetch(
        await storage.signedUrl(aRequest(xml.key, { fileName: 'INV-7.ubl.xml', mediaType: xml.mediaType })),
      );
      assert.equal(fetched.headers.get('content-type'), 'application/xml');
      assert.match(fetched.headers.get('content-disposition') ?? '', /filename="INV-7\.ubl\.xml"/);
      assert.deepEqual(Buffer.from(await fetched.arrayBuffer()), Buffer.from(rest.bytes));
    });

    promise('a signed URL answers with its own media type and disposition', async () => {
      const object = anObject();
      await storage.put(object);
      const attached = await fetch(await storage.signedUrl(aRequest(object.key, { fileName: 'INV-7.pdf' })));
      assert.equal(attached.status, 200);
      assert.equal(attached.headers.get('content-type'), 'application/pdf');
      assert.equal(
        attached.headers.get('content-disposition'),
        `attachment; filename="INV-7.pdf"; filename*=UTF-8''INV-7.pdf`,
      );
      assert.deepEqual(Buffer.from(await attached.arrayBuffer()), Buffer.from(object.bytes));
      const shown = await fetch(
        await storage.signedUrl(aRequest(object.key, { disposition: 'inline', mediaType: 'text/xml' })),
      );
      assert.equal(shown.headers.get('content-type'), 'text/xml');
      assert.match(shown.headers.get('content-disposition') ?? '', /^inline; /);
      await shown.arrayBuffer();
    });

    promise('a signed URL that was changed is refused', async () => {
      const [object, other] = [anObject(), anObject()];
      await storage.put(object);
      await storage.put(other);
      const url = await storage.signedUrl(aRequest(object.key));
      const flip = (value: string): string => (value.startsWith('a') ? 'b' : 'a') + value.slice(1);
      const changed = {
        'another object': url.replace(object.key, other.key),
        'another signature': withParameter(url, /signature$/i, flip),
        'a shorter signature': withParameter(url, /signature$/i, (value) => value.slice(2)),
        'another disposition': withParameter(url, /disposition$/, (value) => value.replace('attachment', 'inline')),
        'another media type': withParameter(url, /type$/, () => 'text/html'),
        'a later expiry': withParameter(url, /expires$/i, (value) => String(Number(value) + 1)),
        'no signature at all': url.replace(/\?.*/, ''),
      };
      for (const [change, changedUrl] of Object.entries(changed)) {
        const answer = await fetch(changedUrl);
        assert.equal(answer.status, 403, change);
        await answer.arrayBuffer();
      }
    });

    promise('a signed URL expires', async () => {
      const object = anObject();
      await storage.put(object);
      await using past = harness.open({ clock: () => new Date(Date.now() - 120_000) });
      const answer = await fetch(await past.signedUrl(aRequest(object.key, { expiresInSeconds: 60 })));
      assert.equal(answer.status, 403);
      await answer.arrayBuffer();
      const stillGood = await fetch(await past.signedUrl(aRequest(object.key, { expiresInSeconds: 300 })));
      assert.equal(stillGood.status, 200);
      await stillGood.arrayBuffer();
    });

    promise('a signed URL is good for 300 s at most', async () => {
      const { key } = anObject();
      for (const expiresInSeconds of [301, 86_400, 0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
        await assert.rejects(
          storage.signedUrl(aRequest(key, { expiresInSeconds })),
          InvalidObject,
          String(expiresInSeconds),
        );
      }
    });

    promise('a hostile file name reaches the browser harmless', async () => {
      const object = anObject();
      await storage.put(object);
      for (const [fileName, expected] of hostileNames) {
        const answer = await fetch(await storage.signedUrl(aRequest(object.key, { fileName })));
        await answer.arrayBuffer();
        assert.equal(answer.status, 200, JSON.stringify(fileName));
        assert.equal(answer.headers.get('content-disposition'), `attachment; ${expected}`, JSON.stringify(fileName));
        assert.equal(answer.headers.get('x-evil'), null);
      }
      await assert.rejects(
        storage.signedUrl(aRequest(object.key, { mediaType: 'text/html\r\nx-evil: 1' })),
        InvalidObject,
      );
    });
  });
};

const hostileNames: [string, string][] = [
  ['a\r\nX-Evil: 1.pdf', `filename="a_X-Evil_ 1.pdf"; filename*=UTF-8''a_X-Evil_%201.pdf`],
  ['a"; filename="b.exe', `filename="a_ filename=_b.exe"; filename*=UTF-8''a_%20filename%3D_b.exe`],
  ['../../etc/passwd', `filename="_.._etc_passwd"; filename*=UTF-8''_.._etc_passwd`],
  ['Rechnung März №7.pdf', `filename="Rechnung Marz No7.pdf"; filename*=UTF-8''Rechnung%20M%C3%A4rz%20%E2%84%967.pdf`],
  ['发票.pdf', `filename="_.pdf"; filename*=UTF-8''%E5%8F%91%E7%A5%A8.pdf`],
  ['x\u202Efdp.exe', `filename="x_fdp.exe"; filename*=UTF-8''x_fdp.exe`],
  ['lone \uD800 half', `filename="lone _ half"; filename*=UTF-8''lone%20%EF%BF%BD%20half`],
  ["it's (1)*.pdf", `filename="it's (1)_.pdf"; filename*=UTF-8''it%27s%20%281%29_.pdf`],
  ['\0', `filename="_"; filename*=UTF-8''_`],
  [' .. ', `filename="document"; filename*=UTF-8''document`],
  ['x'.repeat(5_000), `filename="${'x'.repeat(120)}"; filename*=UTF-8''${'x'.repeat(120)}`],
];
