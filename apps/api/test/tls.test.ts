import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { get } from 'node:https';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { connect, type SecureVersion, type TLSSocket } from 'node:tls';
import { generate } from 'selfsigned';
import { startProcess } from './process.ts';
import { startApi } from './start-api.ts';

const api = await startApi();
after(() => api[Symbol.asyncDispose]());
const folder = await mkdtemp(join(tmpdir(), 'invoicepress-tls-'));
after(() => rm(folder, { recursive: true, force: true }));
const files = { TLS_CERTIFICATE_FILE: join(folder, 'chain.pem'), TLS_KEY_FILE: join(folder, 'key.pem') };

/** Puts a new certificate and its key where the settings say. */
const renew = async (): Promise<X509Certificate> => {
  const made = await generate([{ name: 'commonName', value: 'localhost' }], { keyType: 'ec' });
  await writeFile(files.TLS_KEY_FILE, made.private);
  await writeFile(files.TLS_CERTIFICATE_FILE, made.cert);
  return new X509Certificate(made.cert);
};

const settings = {
  DATABASE_URL: api.context.config.DATABASE_URL,
  QUEUE_URL: api.context.config.QUEUE_URL,
  STORAGE_URL: api.context.config.STORAGE_URL,
  STORAGE_SIGNING_KEY: api.context.config.STORAGE_SIGNING_KEY ?? '',
  STORAGE_PUBLIC_URL: api.context.config.STORAGE_PUBLIC_URL ?? '',
  JWT_PRIVATE_KEY: api.context.config.JWT_PRIVATE_KEY,
  PROOF_PRIVATE_KEY: api.context.config.PROOF_PRIVATE_KEY,
  WEBHOOK_SEALING_KEY: api.context.config.WEBHOOK_SEALING_KEY,
  PUBLIC_URL: 'https://localhost',
  PORT: '0',
  METRICS_PORT: '0',
  ...files,
};

const ask = async (url: string, trusted: X509Certificate): Promise<IncomingMessage> => {
  const [answer] = await once(
    get(`${url}/healthz`, {
      ca: trusted.toString(),
      servername: 'localhost',
      agent: false,
      checkServerIdentity: () => undefined,
    }),
    'response',
  );
  (answer as IncomingMessage).resume();
  return answer as IncomingMessage;
};

test('the API serves TLS itself, with HSTS, and takes a new certificate without a restart', async () => {
  const first = await renew();
  const running = startProcess(settings);
  after(() => running.child.kill('SIGKILL'));
  const [, url = ''] = await running.until(/"event":"started".*?"url":"(https:[^"]+)"/);
  const answer = await ask(url, first);
  assert.equal(answer.statusCode, 200);
  assert.match(answer.headers['strict-transport-security'] ?? '', /^max-age=\d{8}/);

  await writeFile(files.TLS_CERTIFICATE_FILE, 'not a certificate');
  running.child.kill('SIGHUP');
  await running.until(/"event":"certificate_error"/);
  assert.equal((await ask(url, first)).statusCode, 200, 'what cannot be used changes nothing');

  const second = await renew();
  running.child.kill('SIGHUP');
  await running.until(/"event":"certificate_read"/);
  assert.equal((await ask(url, second)).statusCode, 200);
  await assert.rejects(ask(url, first), /self-signed|unable to verify/);
  assert.ok(!running.output().includes('PRIVATE KEY'));

  const { port } = new URL(url);
  const offer = (version: SecureVersion): TLSSocket =>
    connect({
      port: Number(port),
      host: '127.0.0.1',
      ca: second.toString(),
      servername: 'localhost',
      minVersion: version,
      maxVersion: version,
      ciphers: 'DEFAULT@SECLEVEL=0',
    });
  await assert.rejects(once(offer('TLSv1.1'), 'secureConnect'), /alert|protocol|version/i);
  const modern = offer('TLSv1.3');
  await once(modern, 'secureConnect');
  modern.destroy();
});

test('files that are no certificate and its key stop the start, and nothing of them is shown', async () => {
  await renew();
  await writeFile(files.TLS_KEY_FILE, '-----BEGIN PRIVATE KEY-----\nvhsecret\n-----END PRIVATE KEY-----\n');
  const running = startProcess(settings);
  assert.equal(await running.ended, 1);
  assert.match(running.output(), /TLS_CERTIFICATE_FILE and TLS_KEY_FILE are no certificate chain and its key/);
  assert.ok(!running.output().includes('vhsecret'));
});
