import assert from 'node:assert/strict';
import { test } from 'node:test';
import pg from 'pg';
import { testDatabase } from '../src/testing/index.ts';

test('a test database is migrated, its own, and gone after its disposal', async () => {
  let url: string;
  {
    await using one = await testDatabase();
    await using other = await testDatabase();
    url = one.urls.migrator;
    const clients = [one, other].map(({ urls }) => new pg.Client({ connectionString: urls.superuser }));
    await Promise.all(clients.map((client) => client.connect()));
    const [first, second] = clients;
    await first?.query(`INSERT INTO tenant (id, slug, name) VALUES (gen_random_uuid(), 'acme', 'Acme')`);
    assert.equal((await first?.query('SELECT FROM tenant'))?.rowCount, 1);
    assert.equal((await second?.query('SELECT FROM tenant'))?.rowCount, 0);
    await Promise.all(clients.map((client) => client.end()));
  }
  await assert.rejects(new pg.Client({ connectionString: url }).connect(), /does not exist/);
});

test('a connection that is left open fails the disposal and is named', async () => {
  const database = await testDatabase();
  const client = new pg.Client({ connectionString: database.urls.api, application_name: 'forgotten-pool' });
  client.on('error', () => {});
  await client.connect();
  await assert.rejects(
    async () => database[Symbol.asyncDispose](),
    /1 database connection.*forgotten-pool as invoicepress_api/,
  );
  await client.end();
});
