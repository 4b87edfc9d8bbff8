import { ProblemError } from '@invoicepress/client';
import { beginTrial, settleCheck, withTenant } from '@invoicepress/database';
import { aDraft } from '@invoicepress/invoice/testing';
import { openBundle, readManifest } from '@invoicepress/proof';
import { aBundle } from '@invoicepress/stack/testing';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { assertProblem } from './assert-problem.ts';
import { claim, makeReady } from './make-ready.ts';
import { sharedApi, type Tenant } from './start-api.ts';

const api = await sharedApi();

const bundle = (text = 'A') => aBundle({ 'main.typ': text });
/** What a worker would say of each version that waits. */
const check = async (tenant: Tenant, status: 'valid' | 'invalid' = 'valid'): Promise<void> => {
  const waiting = await api.superuser.prisma.templateVersion.findMany({
    where: { tenantId: tenant.id, status: 'checking' },
  });
  for (const { id } of waiting)
    await withTenant(api.worker, tenant.id, async (tx) => {
      assert.ok(await beginTrial(tx, { tenantId: tenant.id, kind: 'check', id }));
      await settleCheck(tx, id, status, []);
    });
};
const aTemplate = async (tenant: Tenant, name = 'letterhead') => {
  const { id } = await tenant.client.createTemplate({ name, bundle: bundle() });
  await check(tenant);
  return id;
};
/** What an invoice is pinned to. */
const pinOf = async (tenant: Tenant, overrides: Record<string, unknown> = {}): Promise<string> => {
  const { id } = await tenant.client.submitInvoice({ ...aDraft({ number: randomUUID() }), ...overrides });
  return (await claim(api, tenant, id)).template;
};

test('invoices are pinned to the version in use when they are accepted, and a roll-back is an activation', async () => {
  const tenant = await api.tenant();
  assert.equal(await pinOf(tenant), 'default@1');
  const id = await aTemplate(tenant);
  assert.equal(await pinOf(tenant), 'default@1', 'a valid version is not in use by itself');
  await tenant.client.activateTemplate(id, { version: 1 });
  const { id: early } = await tenant.client.submitInvoice(aDraft({ number: randomUUID() }));
  await tenant.client.createTemplateVersion(id, bundle('B'));
  await check(tenant);
  const activated = await tenant.client.activateTemplate(id, { version: 2 });
  assert.deepEqual([activated.activeVersion, activated.default], [2, true]);
  assert.equal(await pinOf(tenant), 'letterhead@2');
  assert.equal((await claim(api, tenant, early)).template, 'letterhead@1');
  await tenant.client.activateTemplate(id, { version: 1 });
  assert.equal(await pinOf(tenant), 'letterhead@1');
  await tenant.client.deactivateTemplate(id);
  assert.equal(await pinOf(tenant), 'default@1');
});

test('a credit note looks like its invoice, and a proof bundle has the files of the template', async () => {
  const tenant = await api.tenant();
  const id = await aTemplate(tenant);
  await tenant.client.activateTemplate(id, { version: 1 });
  const invoice = await tenant.client.submitInvoice(aDraft({ number: randomUUID() }));
  await makeReady(api, tenant, invoice.id);
  await tenant.client.deactivateTemplate(id);
  const note = await tenant.client.createCreditNote(invoice.id, { number: randomUUID() });
  assert.equal((await claim(api, tenant, note.id)).template, 'letterhead@1');

  const { manifest, files } = await openBundle(await tenant.client.downloadProof(invoice.id));
  const { template, files: listed } = readManifest(manifest);
  assert.deepEqual(template, { name: 'letterhead', version: '1' });
  assert.deepEqual(
    listed.map(({ path, role }) => [path, role]),
    [
      ['snapshot.json', 'snapshot'],
      ['template/main.typ', 'template'],
      ['documents/invoice.pdf', 'document'],
    ],
  );
  assert.equal(Buffer.from(files.get('template/main.typ') ?? '').toString(), 'A');
});

test('a submission names a template, with a version or without, and each of a batch its own', async () => {
  const tenant = await api.tenant();
  const [mine, other] = [await aTemplate(tenant, 'mine'), await aTemplate(tenant, 'other')];
  await tenant.client.activateTemplate(mine, { version: 1 });
  await tenant.client.activateTemplate(other, { version: 1, default: false });
  const named = [undefined, 'mine', 'other', 'other@1', 'default', 'default@1'];
  const pins = ['mine@1', 'mine@1', 'other@1', 'other@1', 'default@1', 'default@1'];
  const drafts = named.map((template) => ({ ...aDraft({ number: randomUUID() }), ...(template && { template }) }));
  for (const [index, draft] of drafts.entries())
    assert.equal(await pinOf(tenant, { ...draft, number: randomUUID() }), pins[index]);
  const { outcomes } = await tenant.client.submitBatch(drafts);
  for (const [index, outcome] of outcomes.entries()) {
    assert.ok('invoice' in outcome);
    assert.equal((await claim(api, tenant, outcome.invoice.id)).template, pins[index]);
  }
});

test('a template that is not there, not in use, or not valid is refused before a number is taken', async () => {
  const tenant = await api.tenant();
  const stranger = await api.tenant();
  await stranger.client.activateTemplate(await aTemplate(stranger, 'theirs'), { version: 1 });
  const id = await aTemplate(tenant, 'idle');
  await tenant.client.createTemplateVersion(id, bundle('B'));
  await check(tenant, 'invalid');
  for (const template of ['nowhere', 'theirs', 'theirs@1', 'idle', 'idle@2', 'idle@9', 'default@2']) {
    const problem = await assertProblem(
      await tenant.post('/v1/invoices', { ...aDraft({ number: 'T-1' }), template }),
      'invalid-invoice',
    );
    assert.deepEqual(
      problem.errors?.map(({ pointer }) => pointer),
      ['/template'],
      template,
    );
  }
  for (const template of ['Big', 'a@0', 'a@b', '', 'a@1000000', 7])
    await assertProblem(
      await tenant.post('/v1/invoices', { ...aDraft({ number: 'T-1' }), template }),
      'invalid-invoice',
    );
  assert.equal(await pinOf(tenant, { number: 'T-1', template: 'idle@1' }), 'idle@1');
});

test('only a valid version of a template in use can be activated', async () => {
  const tenant = await api.tenant();
  const { id } = await tenant.client.createTemplate({ name: 'letterhead', bundle: bundle() });
  const activate = (version: number) => tenant.post(`/v1/templates/${id}/activate`, { version });
  assert.match((await assertProblem(await activate(1), 'template-unusable')).detail, /version 1 is checking/);
  await check(tenant, 'invalid');
  assert.match((await assertProblem(await activate(1), 'template-unusable')).detail, /version 1 is invalid/);
  await assertProblem(await activate(2), 'not-found');

  // The same files again are the same version, which is checked once more.
  const again = await tenant.client.createTemplateVersion(id, bundle());
  assert.deepEqual(
    again.versions.map(({ version, status }) => [version, status]),
    [[1, 'checking']],
  );
  await check(tenant);
  assert.equal((await activate(1)).status, 200);
  const known = await tenant.client.createTemplateVersion(id, bundle());
  assert.deepEqual(
    known.versions.map(({ version, status }) => [version, status]),
    [[1, 'valid']],
  );

  const archived = await tenant.client.archiveTemplate(id);
  assert.ok(archived.archivedAt && archived.activeVersion === undefined && !archived.default);
  await assertProblem(await activate(1), 'template-unusable');
  await assert.rejects(tenant.client.createTemplateVersion(id, bundle('C')), ProblemError);
  await assert.rejects(tenant.client.createTemplate({ name: 'letterhead', bundle: bundle() }), /template-taken|name/);
});

test('an upload that is repeated with its key is one template', async () => {
  const tenant = await api.tenant();
  const body = { name: 'once', bundle: bundle().toString('base64') };
  const [first, second] = [
    await tenant.post('/v1/templates', body, { 'idempotency-key': 'k' }),
    await tenant.post('/v1/templates', body, { 'idempotency-key': 'k' }),
  ];
  assert.deepEqual([first.status, second.status], [201, 201]);
  assert.equal(await first.text(), await second.text());
  await assertProblem(await tenant.post('/v1/templates', body), 'template-taken');
});

test("somebody else's template is like one that is not there, and the scope is needed", async () => {
  const [mine, theirs] = [await api.tenant(), await api.tenant()];
  const id = await aTemplate(theirs);
  for (const [path, body] of [
    ['versions', { bundle: bundle().toString('base64') }],
    ['activate', { version: 1 }],
    ['deactivate', undefined],
    ['archive', undefined],
    ['preview', {}],
  ] as const)
    await assertProblem(await mine.post(`/v1/templates/${id}/${path}`, body), 'not-found');
  await assertProblem(await mine.fetch(`/v1/templates/${id}`), 'not-found');
  await assertProblem(await mine.fetch(`/v1/templates/${id}/previews/${id}`), 'not-found');
  assert.deepEqual(await mine.client.listTemplates(), []);
  const submitter = await api.clientOf(theirs, { scopes: ['invoices:write'] });
  await assertProblem(await submitter.fetch('/v1/templates'), 'missing-scope');
});

test('without workers a preview is told where it will be, and no more than ten wait', async () => {
  const tenant = await api.tenant();
  const id = await aTemplate(tenant);
  const ask = () => tenant.post(`/v1/templates/${id}/preview`, {});
  const answers = await Promise.all(Array.from({ length: 11 }, ask));
  const counted = [202, 409].map((code) => answers.filter(({ status }) => status === code).length);
  assert.deepEqual(counted, [10, 1]);
  const waiting = answers.find(({ status }) => status === 202)!;
  const later = await tenant.fetch(waiting.headers.get('location')!);
  assert.deepEqual([later.status, later.headers.get('retry-after')], [202, '1']);
});

test('the invoice of a preview is held to the rules of a submission', async () => {
  const tenant = await api.tenant();
  const id = await aTemplate(tenant);
  const preview = (invoice: unknown) => tenant.post(`/v1/templates/${id}/preview`, { invoice });
  const unknown = await assertProblem(await preview({ ...aDraft(), colour: 'red' }), 'invalid-request');
  assert.equal(unknown.errors?.[0]?.pointer, '/invoice/colour');
  const broken = await assertProblem(await preview(aDraft({ dueDate: '2020-02-30' })), 'invalid-request');
  assert.equal(broken.errors?.[0]?.pointer, '/invoice/dueDate');
  const rules = await assertProblem(await preview(aDraft({ totals: { payable: '1.00' } })), 'invalid-invoice');
  assert.ok(rules.errors?.every(({ pointer }) => pointer.startsWith('/invoice/')));
});
