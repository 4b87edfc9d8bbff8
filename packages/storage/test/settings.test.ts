import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openStorage, storageSettings, StorageSettingsError } from '../src/index.ts';
import { parseStorageUrl } from '../src/storage-url.ts';
import { someSettings } from './settings.ts';

test('settings: a bucket with every parameter is understood', () => {
  const url =
    's3://docs.example/a/b?region=eu-central-1&endpoint=https://s3.example.com&forcePathStyle=true&sse=aws:kms&kmsKeyId=alias/x';
  assert.deepEqual(parseStorageUrl(url), {
    kind: 's3',
    bucket: 'docs.example',
    prefix: 'a/b/',
    region: 'eu-central-1',
    endpoint: 'https://s3.example.com',
    forcePathStyle: true,
    encryption: { algorithm: 'aws:kms', keyId: 'alias/x' },
  });
  assert.deepEqual(parseStorageUrl('s3://bucket'), { kind: 's3', bucket: 'bucket', prefix: '', forcePathStyle: false });
  assert.deepEqual(parseStorageUrl('file:///var/a%20b'), { kind: 'file', folder: '/var/a b' });
});

test('settings: every faulty part of a URL is named', () => {
  const url = 's3://B?regoin=x&region=EU!&region=b&endpoint=ftp://x&forcePathStyle=yes&sse=rot13';
  const [issue] = storageSettings.safeParse({ STORAGE_URL: url }).error?.issues ?? [];
  for (const part of [
    '"regoin"',
    'region: given twice',
    'region: must',
    'endpoint:',
    'forcePathStyle:',
    'sse:',
    'bucket:',
  ]) {
    assert.ok(issue?.message.includes(part), `${part} in ${issue?.message}`);
  }
});

test('settings: bad URLs are refused, and never repeated', () => {
  const bad = [
    '',
    'bucket',
    '/var/documents',
    'http://secret.example',
    'file://documents',
    'file://host/documents',
    'file:///',
    'file:///a?secret=1',
    'file:///a%2Fsecret',
    's3://',
    's3://a',
    's3://bucket:9000',
    's3://bucket/%2e%2e%2fsecret',
    's3://bucket//secret',
    's3://key@bucket',
    's3://key:%zz@bucket',
    's3://key:%ff@bucket',
    'file:///a%zz',
    's3://bucket#secret',
    's3://bucket?kmsKeyId=secret',
    's3://bucket?endpoint=http://key:secret@host',
    's3://bucket?endpoint=http://host/secret',
    's3://bucket?region=',
  ];
  for (const url of bad) {
    const { error } = storageSettings.safeParse({ STORAGE_URL: url });
    assert.match(error?.issues[0]?.message ?? 'accepted', /^STORAGE_URL /, url);
    assert.doesNotMatch(JSON.stringify(error), /secret/, url);
  }
});

test('settings: every faulty variable is named at once, with its remedy', () => {
  const { error } = storageSettings.safeParse({
    STORAGE_SIGNING_KEY: 'too short',
    STORAGE_PUBLIC_URL: 'files',
    STORAGE_TIMEOUT_MS: 'soon',
    STORAGE_BREAKER_ERROR_PERCENT: '0',
    STORAGE_BREAKER_RESET_MS: '100.5',
    STORAGE_BREAKER_MINIMUM_CALLS: '',
    STORAGE_MAX_SOCKETS: '1001',
  });
  assert.deepEqual(error?.issues.map(({ message }) => message.split(' ')[0]).sort(), [
    'STORAGE_BREAKER_ERROR_PERCENT',
    'STORAGE_BREAKER_MINIMUM_CALLS',
    'STORAGE_BREAKER_RESET_MS',
    'STORAGE_MAX_SOCKETS',
    'STORAGE_PUBLIC_URL',
    'STORAGE_SIGNING_KEY',
    'STORAGE_TIMEOUT_MS',
    'STORAGE_URL',
  ]);
  assert.doesNotMatch(JSON.stringify(error), /too short/);
});

test('settings: the standard is 3 s, 50 % and 30 s', () => {
  const settings = someSettings({ STORAGE_URL: 's3://bucket' });
  assert.equal(settings.STORAGE_TIMEOUT_MS, 3_000);
  assert.equal(settings.STORAGE_BREAKER_ERROR_PERCENT, 50);
  assert.equal(settings.STORAGE_BREAKER_RESET_MS, 30_000);
});

test('settings: half of the S3 credentials is refused', () => {
  const settings = someSettings({ STORAGE_URL: 's3://bucket', S3_ACCESS_KEY_ID: 'key' });
  assert.throws(() => openStorage(settings), StorageSettingsError);
});
