import { writeBundle } from '@invoicepress/proof';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { Report } from '../src/index.ts';
import { aProof, aSigner } from './a-bundle.ts';

const folder = await mkdtemp(join(tmpdir(), 'invoicepress-verify-'));
after(() => rm(folder, { recursive: true, force: true }));
const file = async (name: string, content: Uint8Array | string): Promise<string> => {
  await writeFile(join(folder, name), content);
  return join(folder, name);
};
const verify = (...argv: string[]) => {
  const program = join(import.meta.dirname, '../src/main.ts');
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...argv], { encoding: 'utf8' });
  return { status, stdout, stderr };
};

const signer = await aSigner();
const proof = aProof({ formats: ['pdf', 'ubl'], number: 'INV-\u202e1' });
const bytes = await writeBundle(proof.manifest, proof.files, signer);
const good = await file('good.zip', bytes);
const bad = await file('bad.zip', Buffer.from(bytes.toString('latin1').replace('</Invoice>', '</invoice>'), 'latin1'));
const keys = await file('jwks.json', JSON.stringify(signer.publicKeys));

test('a bundle that holds by the given key: a line for each check, and 0', () => {
  const { status, stdout, stderr } = verify(good, '--keys', keys);
  assert.equal(stderr, '');
  assert.match(stdout, /^ {2}ok +container +the bundle +\d+ bytes/m);
  assert.match(stdout, /^ {2}ok +re-rendering +documents\/invoice\.pdf +the same bytes$/m);
  assert.match(stdout, /good\.zip: VERIFIED\n$/);
  assert.doesNotMatch(stdout, /\u202e/, 'what is in a bundle does not steer the terminal');
  assert.equal(status, 0);
});

test('without a key it is said loudly that nobody vouches for it, and 2', () => {
  const { status, stdout } = verify(good);
  assert.match(stdout, /^ {2}!! Nobody vouches for the key/m);
  assert.match(stdout, /NOT FULLY VERIFIED/);
  assert.equal(status, 2);
});

test('a changed bundle: what is wrong with it, and 1, whatever else was verified', () => {
  const { status, stdout } = verify(good, bad, '--keys', keys);
  assert.match(stdout, /good\.zip: VERIFIED\n/);
  assert.match(stdout, /^ {2}WRONG +file +documents\/invoice\.ubl\.xml +has the SHA-256/m);
  assert.match(stdout, /bad\.zip: WRONG: do not rely on it\n$/);
  assert.equal(status, 1);
});

test('the findings as JSON', () => {
  const { status, stdout } = verify('--json', '--keys', keys, good, bad);
  const { bundles } = JSON.parse(stdout) as { bundles: ({ file: string } & Report)[] };
  assert.deepEqual(
    bundles.map(({ file: name, verdict, invoice }) => [name, verdict, invoice?.number]),
    [
      [good, 'verified', 'INV-\u202e1'],
      [bad, 'wrong', 'INV-\u202e1'],
    ],
  );
  assert.equal(status, 1);
});

test('a command that cannot do its work says so, and is no verdict', async () => {
  const noKeys = await file('no-keys.json', '{}');
  for (const [argv, why] of [
    [[], /name at least one bundle/],
    [['--key', keys, good], /Unknown option/],
    [[join(folder, 'missing.zip')], /missing\.zip cannot be read/],
    [[folder], /cannot be read/],
    [[good, '--keys', noKeys], /neither a JSON Web Key Set/],
  ] as const) {
    const { status, stdout, stderr } = verify(...argv);
    assert.match(stderr, why);
    assert.doesNotMatch(stderr, /\n +at /, 'no stack');
    assert.deepEqual([status, stdout], [2, '']);
  }
});
