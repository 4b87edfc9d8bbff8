import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { readSecrets } from '../src/secrets.ts';

const aFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'invoicepress-secrets-'));
  after(() => rm(folder, { recursive: true, force: true }));
  return folder;
};

test('secrets are made once and found again', async () => {
  const folder = await aFolder();
  const secrets = await readSecrets(folder);
  assert.equal(Buffer.from(secrets.webhookSealingKey, 'base64').length, 32);
  assert.deepEqual(await readSecrets(folder), secrets);
});

test('a file that lacks one of them is completed, keeps the others, and stays private', async () => {
  const folder = await aFolder();
  const file = join(folder, 'secrets.json');
  const { webhookSealingKey: _, ...older } = await readSecrets(folder);
  await writeFile(file, JSON.stringify(older));
  const secrets = await readSecrets(folder);
  assert.deepEqual({ ...secrets, ...older }, secrets);
  assert.equal(Buffer.from(secrets.webhookSealingKey, 'base64').length, 32);
  assert.deepEqual(JSON.parse(await readFile(file, 'utf8')), secrets);
  assert.equal((await stat(file)).mode & 0o777, 0o600);
});
