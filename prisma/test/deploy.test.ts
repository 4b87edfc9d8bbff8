import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { deploy, MigrateError, migrationStatus, resolveFailed } from '../src/index.ts';
import { firstMigration, query, scratchDatabase, scratchSource } from './scratch.ts';

test('an empty database receives every migration, and a second deploy finds nothing to do', async () => {
  await using database = await scratchDatabase();
  await using source = await scratchSource();
  await source.write('20260102000000_second', 'ALTER TABLE note ADD COLUMN extra TEXT;');

  const applied = await deploy(database.url, { source });
  assert.deepEqual(
    applied.map(({ name }) => name),
    ['20260101000000_first', '20260102000000_second'],
  );
  assert.deepEqual(await deploy(database.url, { source }), []);
});

test('the ledger is the one that Prisma itself keeps', async () => {
  await using database = await scratchDatabase();
  await using source = await scratchSource();
  await deploy(database.url, { source });

  const columns = await query(
    database.url,
    `SELECT column_name, data_type FROM information_schema.columns WHERE table_name = '_prisma_migrations' ORDER BY column_name`,
  );
  assert.deepEqual(Object.fromEntries(columns.map((row) => [row.column_name, row.data_type])), {
    applied_steps_count: 'integer',
    checksum: 'character varying',
    finished_at: 'timestamp with time zone',
    id: 'character varying',
    logs: 'text',
    migration_name: 'character varying',
    rolled_back_at: 'timestamp with time zone',
    started_at: 'timestamp with time zone',
  });
  const [row] = await query(
    database.url,
    'SELECT checksum, applied_steps_count, finished_at IS NOT NULL AS finished FROM _prisma_migrations',
  );
  assert.deepEqual(row, {
    checksum: createHash('sha256').update(firstMigration).digest('hex'),
    applied_steps_count: 1,
    finished: true,
  });
});

test('of eight deploys at once one applies each migration, and all succeed', async () => {
  await using database = await scratchDatabase();
  // A second run of this migration would fail, and it is slow enough for the others to arrive in the meantime.
  await using source = await scratchSource({
    '20260101000000_first': 'SELECT pg_sleep(0.5); CREATE TABLE once (id int);',
  });
  const lines: string[] = [];
  const runs = await Promise.all(
    Array.from({ length: 8 }, () => deploy(database.url, { source, report: (line) => lines.push(line) })),
  );

  assert.equal(runs.flat().length, 1);
  assert.ok(lines.includes('waiting for another migrate to finish'));
  assert.deepEqual(await query(database.url, 'SELECT migration_name FROM _prisma_migrations'), [
    { migration_name: '20260101000000_first' },
  ]);
});

test('a migration that was edited after it was applied is refused, and nothing else is applied', async () => {
  await using database = await scratchDatabase();
  await using source = await scratchSource();
  await deploy(database.url, { source });
  await source.write('20260101000000_first', `${firstMigration}-- and a comment`);
  await source.write('20260102000000_second', 'CREATE TABLE other (id int);');

  await assert.rejects(deploy(database.url, { source }), (error) => {
    assert.ok(error instanceof MigrateError);
    assert.match(error.message, /20260101000000_first was edited after it was applied/);
    assert.match(error.message, /Restore the file/);
    return true;
  });
  const status = await migrationStatus(database.url, source);
  assert.deepEqual(status.edited, ['20260101000000_first']);
  assert.deepEqual(status.pending, ['20260102000000_second']);
});

test('a migration that fails half-way leaves nothing behind, is refused until resolved, and then applies', async () => {
  await using database = await scratchDatabase();
  await using source = await scratchSource({ '20260101000000_broken': 'CREATE TABLE half (id int);\nSELECT 1 / 0;' });

  await assert.rejects(deploy(database.url, { source }), /20260101000000_broken[\s\S]*division by zero/);
  assert.deepEqual(await query(database.url, `SELECT to_regclass('half') AS half`), [{ half: null }]);
  await source.write('20260101000000_broken', 'CREATE TABLE half (id int);');
  await assert.rejects(
    deploy(database.url, { source }),
    /did not finish[\s\S]*resolve --rolled-back 20260101000000_broken/,
  );

  await resolveFailed(database.url, '20260101000000_broken', 'rolled-back', source);
  assert.equal((await deploy(database.url, { source })).length, 1);
});

test('a database that is ahead of this checkout is left alone', async () => {
  await using database = await scratchDatabase();
  await using newer = await scratchSource();
  await newer.write('20260102000000_second', 'CREATE TABLE other (id int);');
  await deploy(database.url, { source: newer });
  await using older = await scratchSource();

  assert.deepEqual(await deploy(database.url, { source: older }), []);
  assert.deepEqual((await migrationStatus(database.url, older)).unknown, ['20260102000000_second']);
});

test('a database that cannot be reached is named, without its password', async () => {
  await assert.rejects(deploy('postgresql://someone:a-secret@127.0.0.1:1/invoices'), (error) => {
    assert.ok(error instanceof MigrateError);
    assert.match(error.message, /Cannot connect to database "invoices" on 127\.0\.0\.1:1: .*MIGRATOR_DATABASE_URL/);
    assert.doesNotMatch(error.message, /a-secret/);
    return true;
  });
});
