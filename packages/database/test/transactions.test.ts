import { aDraft } from '@invoicepress/invoice/testing';
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import {
  acceptInvoices,
  createNumberSeries,
  inOneStatement,
  listInvoices,
  openDatabase,
  isDatabaseUnavailable,
  submissionDefaults,
  withTenant,
} from '../src/index.ts';
import { accept, anInvoice, startDatabase } from './start-database.ts';
import { withoutTenant } from './with-rows.ts';

/** One connection, so that each borrower gets the one before it. */
const roles = await startDatabase({ poolSize: 1 });
after(() => roles[Symbol.asyncDispose]());

const settingsOf = () =>
  withoutTenant(
    roles.api,
    `SELECT nullif(current_setting('app.tenant_id', true), '') AS tenant, nullif(current_setting('app.client_id', true), '') AS client`,
  );

test("a tenant's setting is gone when the pool lends the connection again, also after an error", async () => {
  const tenant = await roles.tenant();
  await anInvoice(roles, tenant);
  assert.deepEqual(await settingsOf(), [{ tenant: null, client: null }]);
  assert.deepEqual(await withoutTenant(roles.api, 'SELECT id FROM invoice'), []);
  await assert.rejects(
    withTenant(roles.api, tenant.id, () => Promise.reject(new Error('mine'))),
    /mine/,
  );
  assert.deepEqual(await settingsOf(), [{ tenant: null, client: null }]);
  await assert.rejects(withTenant(roles.api, tenant.id, (tx) => tx.db.$queryRaw`SELECT 1 / 0`));
  assert.deepEqual(await settingsOf(), [{ tenant: null, client: null }]);
});

test('a transaction that throws leaves nothing behind, and takes no number', async () => {
  const tenant = await roles.tenant();
  await withTenant(roles.api, tenant.id, (tx) =>
    createNumberSeries(tx, { name: 'sales', prefix: 'S-', padding: 0, yearlyReset: false }),
  );
  const options = { clientId: tenant.clientId, now: new Date(), template: 'default@1' };
  await assert.rejects(
    withTenant(roles.api, tenant.id, async (tx) => {
      const [outcome] = await acceptInvoices(tx, [aDraft({ series: 'sales' })], options);
      assert.ok(outcome && 'accepted' in outcome && outcome.accepted.number === 'S-1');
      throw new Error('after the work');
    }),
    /after the work/,
  );
  const { invoices } = await withTenant(roles.api, tenant.id, (tx) => listInvoices(tx, {}, { limit: 10 }));
  assert.deepEqual(invoices, []);
  const [outcome] = await accept(roles.api, tenant, [aDraft({ series: 'sales' })]);
  assert.ok(outcome && 'accepted' in outcome && outcome.accepted.number === 'S-1');
});

test('a tenant that is no UUID gets an error and no rows', async () => {
  for (const id of ['', "' OR true", 'acme']) {
    const rows = withTenant(roles.api, id, (tx) => tx.db.$queryRaw<object[]>`SELECT id FROM invoice`);
    if (id === '') assert.deepEqual(await rows, []);
    else await assert.rejects(rows);
  }
});

test('a database that cannot be reached is told apart from a request that is wrong', async () => {
  const settings = { DATABASE_POOL_SIZE: 1, DATABASE_STATEMENT_TIMEOUT_MS: 200 };
  await using away = openDatabase(
    { ...settings, DATABASE_URL: 'postgres://a:b@127.0.0.1:1/c' },
    { applicationName: 'away' },
  );
  await using slow = openDatabase({ ...settings, DATABASE_URL: roles.postgres.urls.api }, { applicationName: 'slow' });
  const errorOf = (work: Promise<unknown>) =>
    work.then(
      () => assert.fail('it should fail'),
      (error: unknown) => error,
    );
  const tenant = await roles.tenant();
  assert.ok(isDatabaseUnavailable(await errorOf(away.ping())));
  assert.ok(isDatabaseUnavailable(await errorOf(withTenant(away, tenant.id, () => Promise.resolve()))));
  assert.ok(isDatabaseUnavailable(await errorOf(submissionDefaults(inOneStatement(away, tenant.id)))));
  assert.ok(
    isDatabaseUnavailable(
      await errorOf(withTenant(slow, tenant.id, (tx) => tx.db.$queryRaw`SELECT 1 FROM pg_sleep(1)`)),
    ),
  );
  assert.ok(!isDatabaseUnavailable(await errorOf(withTenant(slow, tenant.id, (tx) => tx.db.$queryRaw`SELECT 1 / 0`))));
  assert.ok(
    !isDatabaseUnavailable(
      await errorOf(withTenant(slow, tenant.id, () => Promise.reject(new Error('a bug of ours')))),
    ),
  );
});
