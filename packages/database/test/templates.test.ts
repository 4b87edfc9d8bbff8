import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import {
  activateTemplate,
  beginTrial,
  createPreview,
  createTemplate,
  createTemplateVersion,
  findPinnedBundle,
  findPreview,
  inOneStatement,
  MAX_TRIALS,
  retireTemplate,
  settleCheck,
  settlePreview,
  submissionDefaults,
  takeOverdueTrials,
  withTenant,
} from '../src/index.ts';
import { startDatabase, type Tenant } from './start-database.ts';
import { aBundle, withoutTenant } from './with-rows.ts';

const roles = await startDatabase();
after(() => roles[Symbol.asyncDispose]());

const aTemplate = async (tenant: Tenant, name = 'letterhead') =>
  withTenant(roles.api, tenant.id, async (tx) => {
    const created = await createTemplate(tx, { name, description: undefined, bundle: aBundle(name) });
    assert.ok('template' in created);
    return { id: created.template.id, versionId: created.uploaded.id };
  });
const settle = (tenant: Tenant, versionId: string, verdict: 'valid' | 'invalid' = 'valid') =>
  withTenant(roles.worker, tenant.id, (tx) => settleCheck(tx, versionId, verdict, []));

test('a verdict comes once, and a valid version never changes again, whoever writes', async () => {
  const tenant = await roles.tenant();
  const { versionId } = await aTemplate(tenant);
  await settle(tenant, versionId);
  await settle(tenant, versionId, 'invalid');
  const [row] = await withoutTenant(roles.superuser, `SELECT status FROM template_version WHERE id = '${versionId}'`);
  assert.deepEqual(row, { status: 'valid' });
  await assert.rejects(
    withoutTenant(
      roles.superuser,
      `UPDATE template_version SET status = 'checking', checked_at = NULL WHERE id = '${versionId}'`,
    ),
    /never changes/,
  );
});

test('no version is in use that is not valid, whoever writes', async () => {
  const tenant = await roles.tenant();
  const { id } = await aTemplate(tenant);
  const refused = await withTenant(roles.api, tenant.id, (tx) =>
    activateTemplate(tx, id, { version: 1, asDefault: true }),
  );
  assert.deepEqual(refused, { refused: 'version', status: 'checking' });
  await assert.rejects(
    withoutTenant(roles.superuser, `UPDATE template SET active_version = 1 WHERE id = '${id}'`),
    /is not valid/,
  );
});

test('of two activations at once one template is left as the default', async () => {
  const tenant = await roles.tenant();
  const templates = [await aTemplate(tenant, 'one'), await aTemplate(tenant, 'two')];
  for (const { versionId } of templates) await settle(tenant, versionId);
  await Promise.all(
    [...templates, ...templates].map(({ id }) =>
      withTenant(roles.api, tenant.id, (tx) => activateTemplate(tx, id, { version: 1, asDefault: true })),
    ),
  );
  const rows = await withoutTenant(
    roles.superuser,
    `SELECT 1 FROM template WHERE tenant_id = '${tenant.id}' AND is_default`,
  );
  assert.equal(rows.length, 1);
});

test('uploads at once get versions one after another', async () => {
  const tenant = await roles.tenant();
  const { id } = await aTemplate(tenant);
  await Promise.all(
    ['a', 'b', 'c', 'c'].map((text) =>
      withTenant(roles.api, tenant.id, (tx) => createTemplateVersion(tx, id, aBundle(text))),
    ),
  );
  const rows = await withoutTenant<{ version: number }>(
    roles.superuser,
    `SELECT version FROM template_version WHERE template_id = '${id}' ORDER BY version`,
  );
  assert.deepEqual(
    rows.map(({ version }) => version),
    [1, 2, 3, 4],
  );
});

test('one statement tells the defaults and every named template of a tenant', async () => {
  const tenant = await roles.tenant();
  const defaults = () =>
    submissionDefaults(inOneStatement(roles.api, tenant.id), {
      templates: ['letterhead', 'letterhead@1', 'letterhead@2', 'none'],
    });
  assert.deepEqual((await defaults()).templates, {});
  const { id, versionId } = await aTemplate(tenant);
  await settle(tenant, versionId);
  await withTenant(roles.api, tenant.id, (tx) => activateTemplate(tx, id, { version: 1, asDefault: true }));
  const pin = 'letterhead@1';
  assert.deepEqual(await defaults(), {
    formats: ['pdf'],
    profiles: ['en16931'],
    templates: { '': pin, letterhead: pin, 'letterhead@1': pin },
  });
  await withTenant(roles.api, tenant.id, (tx) => retireTemplate(tx, id, { archive: true }));
  assert.deepEqual((await defaults()).templates, {});
  const kept = await withTenant(roles.worker, tenant.id, (tx) => findPinnedBundle(tx, pin));
  assert.deepEqual(
    kept?.files.map(({ path, content }) => [path, Buffer.from(content).toString()]),
    [['main.typ', 'letterhead']],
  );
  const stranger = await roles.tenant();
  assert.equal(await withTenant(roles.worker, stranger.id, (tx) => findPinnedBundle(tx, pin)), null);
});

test('a trial that nobody settled is found again, and a settled one is not', async () => {
  const tenant = await roles.tenant();
  const { versionId } = await aTemplate(tenant);
  const previewId = await withTenant(roles.api, tenant.id, (tx) =>
    createPreview(tx, { versionId, format: 'pdf', page: 1, of: { sample: 'plain' } }),
  );
  assert.ok(previewId);
  const overdue = async (overdueMs: number) =>
    (await takeOverdueTrials(roles.sweeper, { overdueMs, limit: 100 }))
      .filter(({ tenantId }) => tenantId === tenant.id)
      .map(({ kind, id }) => `${kind} ${id}`);
  const both = [`check ${versionId}`, `preview ${previewId}`];
  assert.deepEqual(await overdue(60_000), []);
  assert.deepEqual(await overdue(0), both);
  assert.deepEqual(await overdue(60_000), [], 'it counts as handed to the queue');
  const trial = { tenantId: tenant.id, kind: 'check' as const, id: versionId };
  for (let attempt = 1; attempt <= MAX_TRIALS + 1; attempt++)
    assert.equal((await withTenant(roles.worker, tenant.id, (tx) => beginTrial(tx, trial)))?.attempts, attempt);
  await settle(tenant, versionId, 'invalid');
  await withTenant(roles.worker, tenant.id, (tx) =>
    settlePreview(tx, previewId, { result: Buffer.from('%PDF'), pageCount: 1, diagnostics: [] }),
  );
  assert.deepEqual(await overdue(0), []);
  assert.equal(await withTenant(roles.worker, tenant.id, (tx) => beginTrial(tx, trial)), null);
});

test('a preview is forgotten once it has expired', async () => {
  const tenant = await roles.tenant();
  const { id, versionId } = await aTemplate(tenant);
  const previewId = await withTenant(roles.api, tenant.id, (tx) =>
    createPreview(tx, { versionId, format: 'pdf', page: 1, of: { sample: 'plain' } }),
  );
  const find = () => withTenant(roles.api, tenant.id, (tx) => findPreview(tx, id, previewId ?? ''));
  await takeOverdueTrials(roles.sweeper, { overdueMs: 60_000, limit: 100 });
  assert.ok(await find());
  await withoutTenant(roles.superuser, `UPDATE template_preview SET expires_at = now() WHERE id = '${previewId}'`);
  await takeOverdueTrials(roles.sweeper, { overdueMs: 60_000, limit: 100 });
  assert.equal(await find(), null);
});
