import { aBundle, aZip, type ZipEntry } from '@invoicepress/stack/testing';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { assertProblem } from './assert-problem.ts';
import { sharedApi } from './start-api.ts';

const api = await sharedApi();
const tenant = await api.tenant();

const upload = (zip: Uint8Array, name = `t-${randomUUID().slice(0, 8)}`) =>
  tenant.post('/v1/templates', { name, bundle: Buffer.from(zip).toString('base64') });
const main: ZipEntry = { name: 'main.typ', content: 'A' };
const many = (count: number): ZipEntry[] => Array.from({ length: count }, (_, i) => ({ name: `a${i}.txt` }));
const megabytes = (count: number) => Buffer.alloc(count * 2 ** 20);

const refused: Record<string, { zip: Uint8Array; detail: RegExp }> = {
  'a path above the root': {
    zip: aZip([main, { name: '../main.typ' }]),
    detail: /no ZIP that can be read: invalid relative path/,
  },
  'an absolute path': { zip: aZip([main, { name: '/etc/passwd.txt' }]), detail: /absolute path/ },
  'a path of Windows': { zip: aZip([main, { name: 'C:\\a.txt' }]), detail: /invalid characters|absolute path/ },
  'a path through a folder that is hidden': {
    zip: aZip([main, { name: 'a/./b.txt' }]),
    detail: /path that is not portable/,
  },
  'a NUL in a name': { zip: aZip([main, { name: 'a.typ\0.txt' }]), detail: /path that is not portable/ },
  'a name that looks like another': { zip: aZip([main, { name: 'mаin.txt' }]), detail: /path that is not portable/ },
  'a name that ends in a dot': { zip: aZip([main, { name: 'a./b.txt' }]), detail: /path that is not portable/ },
  'a very long path': { zip: aZip([main, { name: `${'a'.repeat(120)}.txt` }]), detail: /longer than 120/ },
  'a symbolic link': {
    zip: aZip([main, { name: 'a.txt', content: '/etc/passwd', mode: 0o120777 }]),
    detail: /link or a device/,
  },
  'a device': { zip: aZip([main, { name: 'a.txt', mode: 0o020666 }]), detail: /link or a device/ },
  'the same name twice': { zip: aZip([main, main]), detail: /there twice/ },
  'names that differ by case alone': { zip: aZip([main, { name: 'Main.typ' }]), detail: /differs by case/ },
  'thousands of entries': { zip: aZip([main, ...many(5_000)]), detail: /5001 entries, and may have 200/ },
  'too many files': { zip: aZip([main, ...many(150)]), detail: /151 files, and may have 100/ },
  'a ZIP in the ZIP': {
    zip: aZip([main, { name: 'a.zip', content: aZip([main]) }]),
    detail: /kind that a bundle does not hold/,
  },
  WebAssembly: { zip: aZip([main, { name: 'a.wasm' }]), detail: /kind that a bundle does not hold/ },
  'a bomb: a thousandth of its size': {
    zip: aZip([main, { name: 'a.txt', content: megabytes(9) }]),
    detail: /has 9437184 bytes/,
  },
  'a bomb in parts': {
    zip: aZip([main, ...['a', 'b'].map((name) => ({ name: `${name}.txt`, content: megabytes(7) }))]),
    detail: /14680065 bytes once it is unpacked/,
  },
  'a bomb that lies about its size': {
    zip: aZip([main, { name: 'a.txt', content: megabytes(9), claimedBytes: 10 }]),
    detail: /no ZIP that can be read: too many bytes/,
  },
  'a password': { zip: aZip([{ ...main, encrypted: true }]), detail: /encrypted/ },
  'the name of the data': { zip: aZip([main, { name: 'Invoice.json' }]), detail: /data that the template gets/ },
  'no main.typ': { zip: aZip([{ name: 'a.typ' }]), detail: /no main\.typ at its root/ },
  'a folder that was packed whole': { zip: aZip([{ name: 'letter/main.typ' }]), detail: /not the folder/ },
  'something else': { zip: Buffer.from('%PDF-1.7'), detail: /no ZIP that can be read/ },
  'a ZIP that was cut short': { zip: aZip([main]).subarray(0, -30), detail: /no ZIP that can be read/ },
};
for (const [what, { zip, detail }] of Object.entries(refused)) {
  test(`a bundle is refused for ${what}, and nothing is stored`, async () => {
    const name = `t-${randomUUID().slice(0, 8)}`;
    const problem = await assertProblem(await upload(zip, name), 'invalid-template');
    assert.match(problem.detail, detail);
    assert.equal(problem.errors?.[0]?.pointer, '/bundle');
    assert.ok(!(await tenant.client.listTemplates()).some((template) => template.name === name));
  });
}

test('a bundle that is no base64, or beyond its bound, is refused before it is unpacked', async () => {
  const problem = await assertProblem(
    await tenant.post('/v1/templates', { name: 'odd', bundle: '!!' }),
    'invalid-request',
  );
  assert.deepEqual(problem.errors, [{ pointer: '/bundle', detail: 'is not base64' }]);
  await assertProblem(await upload(Buffer.alloc(4_300_000)), 'too-large');
});

test('what archivers leave behind is passed over, and the hash is of the files alone', async () => {
  const clean = aBundle({ 'main.typ': 'A', 'parts/b.typ': 'B' });
  const messy = aZip([
    { name: 'parts/', mode: 0o040755 },
    { name: 'parts/b.typ', content: 'B', mode: 0o100755 },
    { name: '__MACOSX/._main.typ', content: 'x' },
    { name: '.DS_Store', content: 'x' },
    { name: 'main.typ', content: 'A' },
  ]);
  const versions = await Promise.all(
    [clean, messy].map(
      async (bundle, i) => (await tenant.client.createTemplate({ name: `same-${i}`, bundle })).versions[0],
    ),
  );
  assert.equal(versions[0]?.sha256, versions[1]?.sha256);
  assert.equal(versions[1]?.sizeBytes, 2);
});
