import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { buffer } from 'node:stream/consumers';
import { test } from 'node:test';
import { ZipFile, type Options } from 'yazl';
import { BundleRefused, readZip, writeZip } from '../src/zip.ts';

const files = new Map([
  ['a.json', Buffer.from('{}\n')],
  ['documents/a.pdf', Buffer.from('%PDF-1.7')],
]);
const zip = await writeZip(files);

/** A container of another make. */
const zipped = async (entries: [path: string, bytes: Buffer, options?: Partial<Options>][]): Promise<Buffer> => {
  const made = new ZipFile();
  for (const [path, bytes, options] of entries) made.addBuffer(bytes, path, options);
  made.end();
  return buffer(made.outputStream);
};
/** The same length under another name, in both places where it stands. */
const renamed = (bytes: Buffer, from: string, to: string): Buffer =>
  Buffer.from(bytes.toString('latin1').replaceAll(from, to), 'latin1');

const refuses = (bytes: Uint8Array, why: RegExp) =>
  assert.rejects(readZip(bytes), (error) => error instanceof BundleRefused && why.test(error.message));

test('what is written is read again, in its order', async () => {
  const { files: read, asWritten } = await readZip(zip);
  assert.deepEqual(
    [...read].map(([path, bytes]) => [path, Buffer.from(bytes)]),
    [...files],
  );
  assert.ok(asWritten);
});

test('the bytes of a container are for ever, wherever and with whatever library they were made', () => {
  // Bundles that are kept somewhere say this hash: a library that writes other bytes must not be taken.
  const known = 'bc988c';
  assert.equal(createHash('sha256').update(zip).digest('hex').slice(0, 6), known);
  const elsewhere = `import { writeZip } from ${JSON.stringify(new URL('../src/zip.ts', import.meta.url).href)};
    process.stdout.write(await writeZip(new Map([['a.json', Buffer.from('{}\\n')], ['documents/a.pdf', Buffer.from('%PDF-1.7')]])));`;
  for (const TZ of ['America/New_York', 'Asia/Kathmandu'])
    assert.ok(
      execFileSync(process.execPath, ['--input-type=module', '-e', elsewhere], { env: { TZ } }).equals(zip),
      TZ,
    );
});

test('a compressed entry is refused before anything is inflated', async () => {
  const bomb = await zipped([['a.json', Buffer.alloc(50_000_000), { compress: true }]]);
  assert.ok(bomb.length < 100_000);
  await refuses(bomb, /compressed/);
});

test('a path that leads elsewhere, or that a file system might take for another, is refused', async () => {
  const path = 'documents/a.pdf';
  for (const trick of [
    '../cuments/a.pd',
    '/ocuments/a.pdf',
    'C:/uments/a.pdf',
    'documents\\a.pdf',
    'docume/ts/a.pdf',
    'DOCUMENTS/a.pdf',
    'documents/a.pd\0',
    'documents/a.pd/',
    'documents/.a.pd',
    'documents//a.pd',
    'template/../a.b',
    'template/.a/b.c',
    'template/a//b.c',
    'Template/a.type',
  ])
    await refuses(renamed(zip, path, trick), /path|fileName|file name|relative|characters/i);
});

test('files of a template have the paths that it was uploaded with', async () => {
  const read = await readZip(renamed(zip, 'documents/a.pdf', 'template/A b/C1'));
  assert.ok(read.files.has('template/A b/C1'));
});

test('an entry of a name that was there is refused', async () => {
  const twice = await zipped([
    ['a.json', Buffer.from('1'), { compress: false }],
    ['b.json', Buffer.from('2'), { compress: false }],
  ]);
  await refuses(renamed(twice, 'b.json', 'a.json'), /is there twice/);
});

test('a file that is cut short anywhere, or no ZIP file at all, is refused', async () => {
  for (let length = 0; length < zip.length; length += 7) await refuses(zip.subarray(0, length), /cannot be read/);
  await refuses(Buffer.from('%PDF-1.7'), /cannot be read/);
});

test('too many entries are refused unread', async () => {
  await refuses(await zipped(Array.from({ length: 151 }, (_, i) => [`${i}.json`, Buffer.from('x')])), /more than 150/);
});

test('entries that overlap are bounded by their sum, not by the size of the file', async () => {
  const size = 33 * 2 ** 20;
  const names = ['a.json', 'b.json', 'c.json', 'd.json', 'e.json'];
  const one = await zipped([['a.json', Buffer.alloc(size), { compress: false }]]);
  // Five times the same entry in the directory, under five names, of which each leads to the same 40 MB.
  const end = one.length - 22;
  const directory = one.subarray(one.readUInt32LE(end + 16), end);
  const trailer = Buffer.from(one.subarray(end));
  trailer.writeUInt16LE(names.length, 8);
  trailer.writeUInt16LE(names.length, 10);
  trailer.writeUInt32LE(directory.length * names.length, 12);
  const bomb = Buffer.concat([
    one.subarray(0, one.readUInt32LE(end + 16)),
    ...names.map((name) => renamed(Buffer.from(directory), 'a.json', name)),
    trailer,
  ]);
  await refuses(bomb, /its entries have more than/);
});

test('what is around the entries is not as it was written', async () => {
  const repacked = await zipped([...files].map(([path, bytes]) => [path, bytes, { compress: false }]));
  const behind = Buffer.concat([zip.subarray(0, -2), Buffer.from([3, 0]), Buffer.from('abc')]); // as a comment
  const before = Buffer.from(zip);
  before.writeUInt8(1, 10); // the time in a local header, which readers do not look at
  for (const bytes of [repacked, behind, before]) assert.equal((await readZip(bytes)).asWritten, false);
});
