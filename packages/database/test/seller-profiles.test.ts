import type { InvoiceDraft } from '@invoicepress/invoice';
import { aDraft } from '@invoicepress/invoice/testing';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, test } from 'node:test';
import {
  createSellerProfile,
  deleteLogo,
  inOneStatement,
  isDatabaseUnavailable,
  loadLogo,
  LogoInUse,
  MAX_SELLER_PROFILES,
  ProfileRefused,
  submissionDefaults,
  updateSellerProfile,
  withTenant,
} from '../src/index.ts';
import { accept, startDatabase, type Tenant } from './start-database.ts';
import { aLogo, inTenant } from './with-rows.ts';

const roles = await startDatabase();
after(() => roles[Symbol.asyncDispose]());
const seller = { name: 'Kontor Nordlicht', address: { country: 'DE' } };

const create = (tenant: Tenant, profile: { name: string; isDefault?: boolean; branding?: { logo?: string } }) =>
  withTenant(roles.api, tenant.id, (tx) => createSellerProfile(tx, { seller, ...profile }));
const look = (tenant: Tenant, names: string[], withDefault = false) =>
  submissionDefaults(inOneStatement(roles.api, tenant.id), { sellers: { names, withDefault } });
const branded = (logo: { sha256: string }): InvoiceDraft =>
  aDraft({
    number: randomUUID(),
    branding: { logo: { sha256: logo.sha256, mediaType: 'image/png', width: 4, height: 3 } },
  });
const remove = (tenant: Tenant, sha256: string) => withTenant(roles.api, tenant.id, (tx) => deleteLogo(tx, sha256));

test('profiles are found with the defaults of their tenant, by name or as the default, and no others', async () => {
  const [tenant, other] = [await roles.tenant(), await roles.tenant()];
  const logo = await aLogo(roles, tenant);
  await create(tenant, { name: 'shop', branding: { logo: logo.sha256 } });
  await create(tenant, { name: 'house', isDefault: true });
  await create(other, { name: 'shop', isDefault: true });
  const { formats, sellers } = await look(tenant, ['shop', 'nobody']);
  assert.deepEqual(formats, ['pdf']);
  const shown = { sha256: logo.sha256, mediaType: 'image/png', width: 4, height: 3 };
  assert.deepEqual(sellers, [{ name: 'shop', isDefault: false, seller, branding: { logo: shown } }]);
  assert.deepEqual((await look(tenant, [], true)).sellers, [{ name: 'house', isDefault: true, seller }]);
  assert.deepEqual((await submissionDefaults(inOneStatement(roles.api, tenant.id))).sellers, undefined);
});

test('of profiles that become the default at the same time, one is', async () => {
  const tenant = await roles.tenant();
  const made = await Promise.all(['a', 'b', 'c', 'd'].map((name) => create(tenant, { name, isDefault: true })));
  assert.equal((await look(tenant, [], true)).sellers?.length, 1);
  await withTenant(roles.api, tenant.id, (tx) => updateSellerProfile(tx, made[1]?.id ?? '', { isDefault: true }));
  assert.deepEqual(
    (await look(tenant, [], true)).sellers?.map(({ name }) => name),
    ['b'],
  );
});

test('there are no more profiles than there may be, however many come at once', async () => {
  const tenant = await roles.tenant();
  await inTenant(
    roles.api,
    tenant.id,
    `INSERT INTO seller_profile (id, tenant_id, name, seller)
     SELECT gen_random_uuid(), app_tenant(), 'p' || n, '{}' FROM generate_series(2, ${MAX_SELLER_PROFILES}) n RETURNING id`,
  );
  const outcomes = await Promise.allSettled(['x', 'y', 'z'].map((name) => create(tenant, { name })));
  const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
  assert.deepEqual(
    refused.map((error) => error instanceof ProfileRefused && error.reason),
    ['too-many', 'too-many'],
  );
});

test('a logo that a profile or an accepted invoice bears cannot be deleted', async () => {
  const tenant = await roles.tenant();
  const [inProfile, inInvoice, free] = [
    await aLogo(roles, tenant),
    await aLogo(roles, tenant),
    await aLogo(roles, tenant),
  ];
  const profile = await create(tenant, { name: 'shop', branding: { logo: inProfile.sha256 } });
  await accept(roles.api, tenant, [branded(inInvoice)]);
  await assert.rejects(remove(tenant, inProfile.sha256), LogoInUse);
  await assert.rejects(remove(tenant, inInvoice.sha256), LogoInUse);
  assert.equal((await remove(tenant, free.sha256))?.sha256, free.sha256);
  assert.equal(await remove(tenant, free.sha256), null);
  await withTenant(roles.api, tenant.id, (tx) => updateSellerProfile(tx, profile.id, { branding: null }));
  assert.ok(await remove(tenant, inProfile.sha256));
  await assert.rejects(inTenant(roles.migrator, tenant.id, `DELETE FROM logo RETURNING sha256`), /foreign key/);
});

test('a logo that goes while an invoice with it is accepted makes the client ask again, and leaves nothing', async () => {
  const tenant = await roles.tenant();
  const logo = await aLogo(roles, tenant);
  await remove(tenant, logo.sha256);
  await assert.rejects(accept(roles.api, tenant, [branded(logo)]), isDatabaseUnavailable);
  assert.deepEqual(await inTenant(roles.api, tenant.id, 'SELECT id FROM invoice'), []);
});

test("a worker gets the bytes of its tenant's logo, and nothing of another's", async () => {
  const [tenant, other] = [await roles.tenant(), await roles.tenant()];
  const logo = await aLogo(roles, tenant);
  const bytes = await loadLogo(inOneStatement(roles.worker, tenant.id), logo.sha256);
  assert.equal(bytes.length, logo.sizeBytes);
  await assert.rejects(loadLogo(inOneStatement(roles.worker, other.id), logo.sha256), /has no logo/);
});

test('a logo is stored under the hash of its own bytes alone', async () => {
  const tenant = await roles.tenant();
  const insert = `INSERT INTO logo (tenant_id, sha256, media_type, width, height, size_bytes, bytes)
    VALUES (app_tenant(), encode(sha256('y'), 'hex'), 'image/png', 1, 1, 1, 'x') RETURNING sha256`;
  await assert.rejects(inTenant(roles.api, tenant.id, insert), /logo_is_its_sha256/);
});
