/** Each policy refuses what it is there for; that this workspace keeps them is what `npm run check` says. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import {
  faultsOfContainer,
  faultsOfLicences,
  faultsOfLockfile,
  faultsOfScripts,
  faultsOfSecrets,
  toBom,
  type Component,
  type Lockfile,
} from '../src/index.ts';

const folder = await mkdtemp(join(tmpdir(), 'invoicepress-supply-'));
after(() => rm(folder, { recursive: true, force: true }));

const aComponent = (overrides: Partial<Component> = {}): Component => ({
  name: '@scope/one',
  version: '1.0.0',
  integrity: `sha512-${Buffer.alloc(64, 7).toString('base64')}`,
  licence: 'MIT',
  needs: [],
  direct: true,
  platform: false,
  elsewhere: false,
  ...overrides,
});

test('a package from beside the registry, or of no fixed version, is refused', () => {
  const lockfile = (resolution: object, specifier = '1.0.0'): Lockfile => ({
    lockfileVersion: '9.0',
    importers: { 'apps/api': { dependencies: { one: { specifier, version: '1.0.0' } } } },
    packages: { 'one@1.0.0': { resolution: resolution as Record<string, unknown> } },
    snapshots: { 'one@1.0.0': {} },
  });
  const integrity = 'sha512-abc';
  assert.deepEqual(faultsOfLockfile(lockfile({ integrity })), []);
  for (const resolution of [
    { tarball: 'https://example.com/one.tgz', integrity },
    { type: 'git', repo: 'https://example.com/one.git', commit: 'abc' },
    { integrity: 'sha1-abc' },
    {},
  ])
    assert.match(faultsOfLockfile(lockfile(resolution)).join(), /does not come from the registry/);
  for (const open of ['^1.0.0', 'latest', '*', 'github:a/b'])
    assert.match(faultsOfLockfile(lockfile({ integrity }, open)).join(), /pin one version/);
});

test('a licence that nobody looked at is refused', () => {
  const judge = (licence: string | undefined, name = 'one') => faultsOfLicences([aComponent({ licence, name })]).length;
  for (const fine of ['MIT', '(MIT OR GPL-3.0-only)', 'Apache-2.0 AND BSD-3-Clause', 'ISC'])
    assert.equal(judge(fine), 0, fine);
  for (const other of ['GPL-3.0-only', 'MIT AND AGPL-3.0-only', 'SEE LICENSE IN x', undefined])
    assert.equal(judge(other), 1, other);
  assert.equal(judge('EPL-2.0', 'elkjs'), 0);
  assert.equal(judge('GPL-2.0-only', 'elkjs'), 1, 'an exception is for the licence that was looked at');
});

test('a key in a file is found, and not repeated', async () => {
  const begin = '-----BEGIN RSA PRIVATE KEY-----';
  await writeFile(
    join(folder, 'notes.txt'),
    `one\n${begin}\n${'MIIEpAIBAAKCAQEA'.repeat(8)}\n-----END RSA PRIVATE KEY-----\n`,
  );
  const [fault, ...more] = await faultsOfSecrets(folder, ['notes.txt', 'gone.txt']);
  assert.match(fault ?? '', /^notes\.txt:2: .*privatekey found a secret/);
  assert.doesNotMatch(fault ?? '', /MIIE/);
  assert.deepEqual(more, []);
});

test('an image that runs as root, keeps a secret, floats or runs what it fetches is refused', () => {
  const good = [
    'FROM node:24.1.0 AS build',
    'FROM node:24.1.0 AS api',
    'COPY --from=build a b',
    'USER 10001',
    'CMD ["a"]',
  ];
  const judge = (...lines: string[]) => faultsOfContainer('Containerfile', lines.join('\n')).join();
  assert.equal(judge(...good), '');
  assert.match(judge(...good.with(3, 'USER root')), /:2: the image api runs as root/);
  assert.match(judge(...good.with(0, 'FROM node:latest AS build')), /:1: the image has no version/);
  assert.match(judge(...good.with(0, 'FROM node AS build')), /:1: the image has no version/);
  assert.match(judge(...good, 'ENV DATABASE_PASSWORD=x'), /:6: a secret would stay/);
  assert.match(
    judge(...good, 'RUN apt-get update && \\', '  curl https://example.com/x | sh'),
    /:6: runs what it fetches/,
  );
  assert.match(judge(...good.with(4, 'CMD node a')), /:5: a shell between/);
});

test('a shell file that cannot be read, or goes on after an error, is refused', async () => {
  await writeFile(join(folder, 'good.sh'), '#!/bin/sh\nset -eu\necho "$1"\n');
  await writeFile(join(folder, 'lax.sh'), '#!/bin/sh\necho "$1"\n');
  await writeFile(join(folder, 'broken.sh'), '#!/bin/sh\nset -eu\nif true; then\n');
  const faults = await faultsOfScripts(folder, ['good.sh', 'lax.sh', 'broken.sh']);
  assert.match(faults.join('\n'), /^lax\.sh: lacks "set -eu"\nbroken\.sh: .*[Ss]yntax error/);
});

test('the bill of materials says what it is made of, in the same bytes each time', () => {
  const two = aComponent({ name: 'two', licence: undefined, direct: false });
  const components = [aComponent({ needs: ['two@1.0.0'] }), two];
  const product = { name: 'invoicepress', version: '0.1.0' };
  const bom = toBom(components, product);
  assert.deepEqual(toBom(components, product), bom);
  assert.match(bom.serialNumber, /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  const [one] = bom.components;
  assert.deepEqual([one?.group, one?.name, one?.purl], ['@scope', 'one', 'pkg:npm/%40scope/one@1.0.0']);
  assert.equal(one?.hashes[0]?.content, '07'.repeat(64));
  assert.deepEqual(bom.dependencies, [
    { ref: 'pkg:generic/invoicepress@0.1.0', dependsOn: ['pkg:npm/%40scope/one@1.0.0'] },
    { ref: 'pkg:npm/%40scope/one@1.0.0', dependsOn: ['pkg:npm/two@1.0.0'] },
    { ref: 'pkg:npm/two@1.0.0', dependsOn: [] },
  ]);
  assert.notEqual(toBom([two], product).serialNumber, bom.serialNumber);
});
