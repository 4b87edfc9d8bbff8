import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmod, rm, stat } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { test } from 'node:test';
import pg from 'pg';
import { temporaryFolder } from '../src/services/daemon.ts';
import { provision, startPostgres } from '../src/services/postgres.ts';

const query = async (url: string, sql: string): Promise<Record<string, unknown>[]> => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
};

/** `open`: whether an account other than ours may enter it, as it may not when a clone lies under /root. */
const dataFolder = async ({ open = true } = {}) => {
  const folder = await temporaryFolder('postgres');
  if (open) await chmod(folder.path, 0o711);
  return { dataDir: join(folder.path, 'data'), [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
};

for (const open of [true, false]) {
  test(`a restart finds the data again, in a folder that others ${open ? 'can' : 'cannot'} enter`, async () => {
    await using folder = await dataFolder({ open });
    const { dataDir } = folder;
    {
      await using postgres = await startPostgres({ dataDir, durability: 'test' });
      await query(postgres.superuserUrl, 'CREATE TABLE kept AS SELECT 42 AS answer');
    }
    await using postgres = await startPostgres({ dataDir, durability: 'test', persistent: false });
    assert.deepEqual(await query(postgres.superuserUrl, 'SELECT answer FROM kept'), [{ answer: 42 }]);
    assert.match(String((await query(postgres.superuserUrl, 'SHOW server_version'))[0]?.['server_version']), /^18\./);
    assert.equal((await stat(join(dataDir, 'superuser-password'))).mode & 0o777, 0o600);
  });
}

test('nobody signs in without the password', async () => {
  await using folder = await dataFolder();
  await using postgres = await startPostgres({ dataDir: folder.dataDir, durability: 'test' });
  const url = new URL(postgres.superuserUrl);
  url.password = 'guessed';
  await assert.rejects(query(url.href, 'SELECT 1'), /password authentication failed/);
});

test('when its parent is killed the server ends, and the next start is not in its way', async () => {
  await using folder = await dataFolder();
  const starter = `
    import { startPostgres } from ${JSON.stringify(import.meta.resolve('../src/services/postgres.ts'))};
    console.log((await startPostgres({ dataDir: process.argv[1], durability: 'test' })).superuserUrl);
  `;
  const parent = spawn(process.execPath, ['--input-type=module', '-e', starter, folder.dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await new Promise<string>((resolve) => createInterface(parent.stdout).once('line', resolve));
  await query(url, 'CREATE TABLE kept AS SELECT 42 AS answer');
  parent.kill('SIGKILL');

  await using postgres = await startPostgres({ dataDir: folder.dataDir, durability: 'test' });
  assert.deepEqual(await query(postgres.superuserUrl, 'SELECT answer FROM kept'), [{ answer: 42 }]);
  await assert.rejects(query(url, 'SELECT 1'), /ECONNREFUSED/);
});

test('after a crash of the server itself, what it had committed is there', async () => {
  await using folder = await dataFolder();
  {
    await using postgres = await startPostgres({ dataDir: folder.dataDir });
    await query(postgres.superuserUrl, 'CREATE TABLE kept AS SELECT 42 AS answer');
    const [row] = await query(
      postgres.superuserUrl,
      `SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1)::int AS pid`,
    );
    process.kill(Number(row?.['pid']), 'SIGKILL');
  }
  await using postgres = await startPostgres({ dataDir: folder.dataDir });
  assert.deepEqual(await query(postgres.superuserUrl, 'SELECT answer FROM kept'), [{ answer: 42 }]);
});

test('a folder whose password is lost is refused with the remedy, and left as it is', async () => {
  await using folder = await dataFolder();
  await (await startPostgres({ dataDir: folder.dataDir, durability: 'test' }))[Symbol.asyncDispose]();
  await rm(join(folder.dataDir, 'superuser-password'));
  await assert.rejects(startPostgres({ dataDir: folder.dataDir }), /superuser-password is missing.*Restore it/);
});

test('provisioning an empty server lets each role in with its own rights, and can be repeated', async () => {
  await using folder = await dataFolder();
  await using postgres = await startPostgres({ dataDir: folder.dataDir, durability: 'test' });
  await provision(postgres.superuserUrl, 'invoices');
  const urls = await provision(postgres.superuserUrl, 'invoices');

  for (const [role, url] of Object.entries(urls)) {
    const [row] = await query(url, 'SELECT current_user AS who, current_database() AS database');
    assert.deepEqual(row, { who: `invoicepress_${role}`, database: 'invoices' });
  }
  await assert.rejects(query(urls.api, 'CREATE TABLE mine ()'), /permission denied/);
  await assert.rejects(query(urls.sweeper, 'SELECT buyer_name FROM invoice'), /permission denied/);
  const powerful = `SELECT rolname FROM pg_roles WHERE rolname LIKE 'invoicepress%' AND (rolsuper OR rolbypassrls)`;
  assert.deepEqual(await query(postgres.superuserUrl, powerful), []);
});
