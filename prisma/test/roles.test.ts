import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deploy, MigrateError, scramVerifier, setRolePasswords } from '../src/index.ts';
import { query, scratchDatabase } from './scratch.ts';

test('the verifier that is sent instead of a password lets that password in, and no other', async () => {
  await using database = await scratchDatabase();
  const role = `scram_${process.pid}`;
  await query(database.url, `CREATE ROLE ${role} LOGIN PASSWORD '${scramVerifier("it's a-passw0rd")}'`);
  try {
    const signIn = async (password: string): Promise<void> => {
      const url = new URL(database.url);
      url.username = role;
      url.password = encodeURIComponent(password);
      await query(url.href, 'SELECT 1');
    };
    await signIn("it's a-passw0rd");
    await assert.rejects(signIn('another-password'), /password authentication failed/);
  } finally {
    await query(database.url, `DROP ROLE ${role}`);
  }
});

test('every faulty password is named by its variable, and never shown', async () => {
  await assert.rejects(
    setRolePasswords('postgresql://unused:unused@127.0.0.1:1/unused', { api: 'short', worker: 'with a space in it' }),
    (error) => {
      assert.ok(error instanceof MigrateError);
      assert.match(error.message, /API_DATABASE_PASSWORD[\s\S]*WORKER_DATABASE_PASSWORD/);
      assert.doesNotMatch(error.message, /short|with a space/);
      return true;
    },
  );
});

test('a role of the migrations signs in once it has a password', async () => {
  await using database = await scratchDatabase();
  await deploy(database.url);
  // The password that the other tests of this server expect; see testing/database.ts of packages/stack.
  assert.deepEqual(await setRolePasswords(database.url, { api: 'the-api-in-tests' }), ['api']);

  const url = new URL(database.url);
  url.username = 'invoicepress_api';
  url.password = 'the-api-in-tests';
  assert.deepEqual(await query(url.href, 'SELECT current_user AS who'), [{ who: 'invoicepress_api' }]);
});
