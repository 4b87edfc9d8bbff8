import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { createMigration, deploy, findDrift } from '../src/index.ts';
import { query, scratchDatabase, scratchSource } from './scratch.ts';

test('a database that only migrations have touched has not drifted', async () => {
  await using database = await scratchDatabase();
  await using source = await scratchSource();
  await deploy(database.url, { source });

  const { database: findings, schema } = await findDrift(database.url, source);
  assert.deepEqual({ findings, schema }, { findings: [], schema: '' });
});

test("the project's own migrations make what schema.prisma says", async () => {
  await using database = await scratchDatabase();
  await deploy(database.url);

  assert.deepEqual(await findDrift(database.url), { database: [], roles: [], schema: '' });
});

const byHand: Record<string, { sql: string; finding: RegExp }> = {
  'a column added by hand': {
    sql: 'ALTER TABLE note ADD COLUMN extra text',
    finding: /^\+ column note\.extra comes from no migration: text/,
  },
  'a policy dropped by hand': {
    sql: 'DROP POLICY short_notes ON note',
    finding: /^- policy note\.short_notes is missing/,
  },
  'row-level security disabled by hand': {
    sql: 'ALTER TABLE note DISABLE ROW LEVEL SECURITY',
    finding: /^~ table note is: .*no row-level security/,
  },
  'a privilege granted by hand': {
    sql: 'GRANT DELETE ON note TO PUBLIC',
    finding: /^\+ grant on table note to public comes from no migration: DELETE/,
  },
  'a trigger dropped by hand': { sql: 'DROP TRIGGER shout ON note', finding: /^- trigger note\.shout is missing/ },
  'a trigger disabled by hand': {
    sql: 'ALTER TABLE note DISABLE TRIGGER shout',
    finding: /^~ trigger note\.shout is: .*\(firing D\)/,
  },
  'a function replaced by hand': {
    sql: `CREATE OR REPLACE FUNCTION shout() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'`,
    finding: /^~ function shout\(\) is: /,
  },
};

for (const [change, { sql, finding }] of Object.entries(byHand)) {
  test(`${change} is found`, async () => {
    await using database = await scratchDatabase();
    await using source = await scratchSource();
    await deploy(database.url, { source });
    await query(database.url, sql);

    const { database: findings } = await findDrift(database.url, source);
    assert.equal(findings.length, 1, findings.join('\n'));
    assert.match(findings[0]!, finding);
  });
}

test('a model that no migration makes is found, and `dev` writes the migration for it', async () => {
  await using database = await scratchDatabase();
  await using source = await scratchSource();
  await deploy(database.url, { source });
  await source.writeSchema('model Tag {\n  name String @id\n\n  @@map("tag")\n}\n');

  assert.match((await findDrift(database.url, source)).schema, /CREATE TABLE "tag"/);
  const file = await createMigration(database.url, 'add_tag', { source, now: new Date('2026-02-03T04:05:06Z') });
  assert.match(file!, /20260203040506_add_tag\/migration\.sql$/);
  assert.match(await readFile(file!, 'utf8'), /^-- CreateTable\nCREATE TABLE "tag"/);
  await deploy(database.url, { source });
  assert.equal((await findDrift(database.url, source)).schema, '');
  assert.equal(await createMigration(database.url, 'nothing_new', { source }), undefined);
});

test('a name that is no migration name writes nothing', async () => {
  await using database = await scratchDatabase();
  await using source = await scratchSource();

  await assert.rejects(createMigration(database.url, '../escape', { source }), /a migration's name/i);
  assert.deepEqual(await readdir(source.migrationsDir), ['20260101000000_first']);
});

test('drift leaves no shadow database behind, even when a migration does not apply', async () => {
  await using database = await scratchDatabase();
  await using source = await scratchSource();
  await deploy(database.url, { source });
  await source.write('20260101000000_first', 'SELECT nonsense;');
  const before = (await query(database.url, 'SELECT datname FROM pg_database')).map(({ datname }) => datname);

  await assert.rejects(findDrift(database.url, source), /20260101000000_first[\s\S]*nonsense/);
  const left = await query(
    database.url,
    `SELECT datname FROM pg_database WHERE datname ~ '^invoicepress_shadow_' AND datname <> ALL ($1)`,
    [before],
  );
  assert.deepEqual(left, []);
});
