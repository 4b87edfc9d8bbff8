import type { IssuedInvoice } from '@invoicepress/invoice';
import { aDraft } from '@invoicepress/invoice/testing';
import { childEnvironment } from '@invoicepress/stack/testing';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { assertProblem } from './assert-problem.ts';
import { frozenInvoice } from './make-ready.ts';
import { sharedApi, type Tenant } from './start-api.ts';

const api = await sharedApi();

/** The administration's command, as an operator types it. */
const admin = (...argv: string[]) =>
  new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    const file = fileURLToPath(new URL('../src/admin.ts', import.meta.url));
    const env = childEnvironment({ ADMIN_DATABASE_URL: api.postgres.urls.migrator });
    execFile(process.execPath, [file, ...argv], { env }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });

const setTenant = async ({ slug }: Tenant, ...argv: string[]) => {
  const { code, stdout, stderr } = await admin('set-tenant', '--slug', slug, ...argv);
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout) as unknown;
};

/** What is frozen, as the worker gets it. */
const issued = async (tenant: Tenant, id: string): Promise<Pick<IssuedInvoice, 'formats' | 'profiles'>> => {
  const { formats, profiles } = await frozenInvoice(api, tenant, id);
  return { formats, profiles };
};
const submit = async (tenant: Tenant, overrides: Parameters<typeof aDraft>[0] = {}) =>
  (await tenant.client.submitInvoice(aDraft({ number: randomUUID(), ...overrides }))).id;

test('a tenant begins with the PDF and the rules of EN 16931', async () => {
  const tenant = await api.tenant();
  assert.deepEqual(await issued(tenant, await submit(tenant)), { formats: ['pdf'], profiles: ['en16931'] });
});

test("a submission's own formats and profiles go before the tenant's, each for itself", async () => {
  const tenant = await api.tenant();
  assert.deepEqual(await setTenant(tenant, '--formats', 'facturx,json', '--profiles', 'facturx'), {
    slug: tenant.slug,
    formats: ['facturx', 'json'],
    profiles: ['facturx'],
  });
  const cases = [
    [{}, { formats: ['facturx', 'json'], profiles: ['facturx'] }],
    [{ formats: ['ubl', 'pdf'] }, { formats: ['ubl', 'pdf'], profiles: ['facturx'] }],
    [{ profiles: ['en16931'] }, { formats: ['facturx', 'json'], profiles: ['en16931'] }],
  ] as const;
  for (const [{ ...overrides }, expected] of cases) {
    const id = await submit(tenant, overrides as Parameters<typeof aDraft>[0]);
    assert.deepEqual(await issued(tenant, id), expected);
  }
  const { outcomes } = await tenant.client.submitBatch([aDraft({ number: 'in a batch' })]);
  const [outcome] = outcomes;
  assert.ok(outcome && 'invoice' in outcome);
  assert.deepEqual(await issued(tenant, outcome.invoice.id), cases[0][1]);
});

test("the rules of the tenant's profiles hold for submissions that name none, from the next one on", async () => {
  const tenant = await api.tenant();
  const before = await submit(tenant);
  await setTenant(tenant, '--profiles', 'xrechnung');
  const problem = await assertProblem(await tenant.post('/v1/invoices', aDraft({ number: 'A-2' })), 'invalid-invoice');
  const missing = problem.errors?.find(({ pointer }) => pointer === '/buyerReference');
  assert.deepEqual([missing?.rule, missing?.term], ['BR-DE-15', 'BT-10']);
  await submit(tenant, { profiles: ['en16931'] });
  assert.deepEqual((await issued(tenant, before)).profiles, ['en16931'], 'what was accepted stays as it was');
});

test("one tenant's defaults are nobody else's", async () => {
  const [mine, theirs] = [await api.tenant(), await api.tenant()];
  await setTenant(mine, '--formats', 'ubl');
  assert.deepEqual((await issued(theirs, await submit(theirs))).formats, ['pdf']);
});

test('a mistyped name or tenant is told with what there is, and changes nothing', async () => {
  const tenant = await api.tenant();
  const format = await admin('set-tenant', '--slug', tenant.slug, '--formats', 'pdf,docx');
  assert.deepEqual([format.code, format.stdout], [1, '']);
  assert.match(format.stderr, /there is no format "docx"; there are pdf, facturx, ubl, cii, json/);
  const profile = await admin('set-tenant', '--slug', tenant.slug, '--profiles', '');
  assert.match(profile.stderr, /there is no profile ""; there are en16931, xrechnung/);
  assert.match(
    (await admin('set-tenant', '--slug', 'nobody', '--formats', 'pdf')).stderr,
    /there is no tenant "nobody"/,
  );
  assert.deepEqual((await issued(tenant, await submit(tenant))).formats, ['pdf']);
});
