import { testDatabase } from '@invoicepress/stack/testing';
import assert from 'node:assert/strict';
import { connect, createServer, type AddressInfo } from 'node:net';
import { test } from 'node:test';
import { databaseSettings, isDatabaseUnavailable, openDatabase } from '../src/index.ts';

/** Passes everything on until it forgets its connections without a word, as a firewall or a failed-over server does. */
const forgetfulProxy = async (target: URL) => {
  let forgets = false;
  const server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname);
    let forgotten = false;
    const swallow = () => (forgotten ||= forgets);
    near.on('error', () => {}).on('data', (chunk) => void (swallow() ? far.destroy() : far.write(chunk)));
    far.on('error', () => {}).on('data', (chunk) => void near.write(chunk));
    near.on('close', () => far.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: String((server.address() as AddressInfo).port),
    forget: (on: boolean) => void (forgets = on),
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
};

test('a connection that the server has forgotten ends with an error that says so, and the next works', async () => {
  await using postgres = await testDatabase();
  await using proxy = await forgetfulProxy(new URL(postgres.urls.api));
  const url = new URL(postgres.urls.api);
  url.port = proxy.port;
  const settings = databaseSettings.parse({
    DATABASE_URL: url.href,
    DATABASE_POOL_SIZE: 1,
    DATABASE_STATEMENT_TIMEOUT_MS: 100,
  });
  await using database = openDatabase(settings, { applicationName: 'forgotten-in-tests' });
  await database.ping();
  proxy.forget(true);
  const error = await database.ping().then(
    () => assert.fail('it should fail'),
    (failure: unknown) => failure,
  );
  assert.ok(isDatabaseUnavailable(error), String(error));
  proxy.forget(false);
  await database.ping();
});
