import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { inOneStatement, setSubmissionDefaults, submissionDefaults } from '../src/index.ts';
import { startDatabase } from './start-database.ts';
import { withoutTenant } from './with-rows.ts';

const roles = await startDatabase();
after(() => roles[Symbol.asyncDispose]());
const defaultsOf = async ({ id }: { id: string }) => {
  const { templates: _templates, ...defaults } = await submissionDefaults(inOneStatement(roles.api, id));
  return defaults;
};

test('a tenant begins with one format and one profile, and each is changed for itself', async () => {
  const [tenant, other] = [await roles.tenant(), await roles.tenant()];
  assert.deepEqual(await defaultsOf(tenant), { formats: ['pdf'], profiles: ['en16931'] });
  await setSubmissionDefaults(roles.migrator, tenant.id, { formats: ['ubl', 'pdf'] });
  await setSubmissionDefaults(roles.migrator, tenant.id, { profiles: ['peppol'] });
  assert.deepEqual(await defaultsOf(tenant), { formats: ['ubl', 'pdf'], profiles: ['peppol'] });
  assert.deepEqual(await defaultsOf(other), { formats: ['pdf'], profiles: ['en16931'] });
});

test('a tenant cannot be left without a format or a profile', async () => {
  const tenant = await roles.tenant();
  for (const column of ['default_formats', 'default_profiles'])
    await assert.rejects(
      withoutTenant(roles.superuser, `UPDATE tenant SET ${column} = '{}' WHERE id = '${tenant.id}'`),
      /check constraint/,
    );
});

test('asking for the defaults leaves no tenant behind on the connection', async () => {
  const tenant = await roles.tenant();
  await defaultsOf(tenant);
  assert.deepEqual(await withoutTenant(roles.api, 'SELECT id FROM tenant'), []);
});
