import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aProofKey, aSigningKey } from './start-api.ts';
import { startProcess } from './process.ts';

const fitting = {
  DATABASE_URL: 'postgres://invoicepress_api:a-password@127.0.0.1:5432/invoicepress',
  QUEUE_URL: 'redis://:a-password@127.0.0.1:6379',
  STORAGE_URL: 'file:///tmp/invoicepress',
  JWT_PRIVATE_KEY: aSigningKey(),
  PROOF_PRIVATE_KEY: aProofKey(),
  WEBHOOK_SEALING_KEY: 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=',
};

const faultsOf = async (environment: Record<string, string>): Promise<string> => {
  const api = startProcess(environment);
  assert.equal(await api.ended, 1);
  return api.output();
};

test('with no settings at all, those that are needed are named, each with its remedy', async () => {
  const output = await faultsOf({});
  for (const name of ['DATABASE_URL', 'QUEUE_URL', 'STORAGE_URL', 'JWT_PRIVATE_KEY'])
    assert.match(output, new RegExp(`^ +${name}`, 'm'));
  assert.match(output, /openssl genpkey/);
  assert.match(output, /\.env\.example/);
  assert.ok(!/\n +at /.test(output), 'no stack');
});

test('every faulty variable is named at once, and no value is shown', async () => {
  const faulty = {
    PORT: 'vhsecret-0',
    PUBLIC_URL: 'ftp://vhsecret-1',
    TRUSTED_PROXY_HOPS: '-vhsecret-2',
    JWT_PRIVATE_KEY: '-----BEGIN PRIVATE KEY-----\nvhsecret-3\n-----END PRIVATE KEY-----',
    TOKEN_TTL_SECONDS: '7',
    PROOF_PRIVATE_KEY: 'vhsecret-14',
    PROOF_FORMER_PUBLIC_KEYS: '-----BEGIN PUBLIC KEY-----\nvhsecret-15\n-----END PUBLIC KEY-----',
    DATABASE_URL: 'mysql://root:vhsecret-4@db/invoicepress',
    DATABASE_POOL_SIZE: '0',
    QUEUE_URL: 'amqp://guest:vhsecret-5@mq',
    QUEUE_PREFIX: 'a prefix with vhsecret-6',
    STORAGE_URL: 'ftp://user:vhsecret-7@files',
    STORAGE_SIGNING_KEY: 'vhsecret-8',
    STORAGE_PUBLIC_URL: 'https://user:vhsecret-9@example.com/',
    LOG_LEVEL: 'vhsecret-10',
    METRICS_PORT: '70000',
    RATE_LIMIT_PER_MINUTE: 'vhsecret-11',
    WEBHOOK_SEALING_KEY: 'vhsecret-12',
    WEBHOOK_ALLOW_LOOPBACK: 'vhsecret-13',
    PAYLOAD_MASTER_KEYS: 'vhsecret-16',
    SHUTDOWN_SECONDS: '',
  };
  const output = await faultsOf(faulty);
  for (const name of Object.keys(faulty).filter((each) => each !== 'SHUTDOWN_SECONDS'))
    assert.match(output, new RegExp(`^ +${name}\\b`, 'm'));
  assert.doesNotMatch(output, /^ +SHUTDOWN_SECONDS/m, 'empty means not set');
  assert.match(output, /^20 setting/m);
  assert.ok(!output.includes('vhsecret'), output);
});

test('settings that do not fit together are named too', async () => {
  const output = await faultsOf({ ...fitting, METRICS_PORT: '0' });
  assert.match(output, /STORAGE_SIGNING_KEY.*STORAGE_PUBLIC_URL/);
  assert.ok(!output.includes('a-password'));
  assert.ok(!/\n +at /.test(output), 'no stack');
});

test('a key for another algorithm is refused', async () => {
  const key =
    '-----BEGIN PRIVATE KEY-----\\nMC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF\\n-----END PRIVATE KEY-----';
  assert.match(await faultsOf({ ...fitting, JWT_PRIVATE_KEY: key }), /^ +JWT_PRIVATE_KEY is no P-256/m);
  const faults = await faultsOf({
    ...fitting,
    PROOF_PRIVATE_KEY: aSigningKey(),
    PROOF_FORMER_PUBLIC_KEYS: aProofKey(),
  });
  assert.match(faults, /^ +PROOF_PRIVATE_KEY is no Ed25519 private key/m);
  assert.match(faults, /^ +PROOF_FORMER_PUBLIC_KEYS are no Ed25519 public keys/m);
});
