import { NumberReport, operations, type AuditEntry, type OperationName } from '@invoicepress/client';
import { beginTrial, chainAudit, placeEvents, settleCheck, withTenant } from '@invoicepress/database';
import { aDraft } from '@invoicepress/invoice/testing';
import { createProofSigner } from '@invoicepress/proof';
import { aBundle, childEnvironment } from '@invoicepress/stack/testing';
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { limitTenant, revoke, setTenant } from '../src/administration.ts';
import { giveSecret, linkClient, unlinkClient, withdrawSecret } from '../src/client-administration.ts';
import { AnchorRefused, readAnchor } from '../src/audit/heads.ts';
import { accountFor, csvOf } from '../src/audit/numbers.ts';
import { anSvg } from './a-logo.ts';
import { assertProblem } from './assert-problem.ts';
import { makeFailed, makeReady } from './make-ready.ts';
import { aProofKey, startApi, type Tenant } from './start-api.ts';

const api = await startApi({ TRUSTED_PROXY_HOPS: '1', STORAGE_TIMEOUT_MS: '60000' });
after(() => api[Symbol.asyncDispose]());

const submission = (overrides = {}) => aDraft({ number: randomUUID(), ...overrides });
const entriesOf = async ({ client }: Tenant, query = {}): Promise<AuditEntry[]> =>
  Array.fromAsync(client.listAudit(query));
const chainAll = async () => {
  while ((await chainAudit(api.sweeper, 1_000)).chained > 0);
};
const checkTemplates = (tenant: Tenant) =>
  withTenant(api.worker, tenant.id, async (tx) => {
    for (const { id } of await tx.db.templateVersion.findMany({ where: { status: 'checking' } })) {
      assert.ok(await beginTrial(tx, { tenantId: tenant.id, kind: 'check', id }));
      await settleCheck(tx, id, 'valid', []);
    }
  });

/** Operations that change nothing, whatever their method. */
const changeNothing = new Set<OperationName>(['issueToken', 'checkInvoice']);
const changing = (Object.entries(operations) as [OperationName, { method: string }][])
  .filter(([name, { method }]) => method !== 'get' && !changeNothing.has(name))
  .map(([name]) => name);

test('every operation that changes something leaves one entry, which names what it touched', async () => {
  const tenant = await api.tenant();
  const { client } = tenant;
  const submit = async () => (await client.submitInvoice(submission())).id;
  const [first, toRetry, ready] = [await submit(), await submit(), await submit()];
  const { id: endpoint } = await client.createWebhookEndpoint({
    url: 'https://hooks.example.com/',
    eventTypes: ['invoice.canceled'],
  });
  const done: [OperationName, string][] = [
    ['submitInvoice', first],
    ['submitInvoice', toRetry],
    ['submitInvoice', ready],
    ['createWebhookEndpoint', endpoint],
  ];
  const did = (name: OperationName, id: string) => done.push([name, id]);
  did('cancelInvoice', (await client.cancelInvoice(first)).id);
  await makeFailed(api, tenant, toRetry);
  did('retryInvoice', (await client.retryInvoice(toRetry)).id);
  const batch = await client.submitBatch([submission(), submission({ currency: 'XXX' }), submission()]);
  for (const outcome of batch.outcomes)
    if ('invoice' in outcome && outcome.invoice) did('submitBatch', outcome.invoice.id);
  await makeReady(api, tenant, ready);
  did('createCreditNote', (await client.createCreditNote(ready, { number: 'C-1' })).id);
  did('createCreditNote', ready);
  did('createNumberSeries', (await client.createNumberSeries({ name: 'sales', prefix: 'S-' })).name);
  const { id: bundle } = await client.createExport();
  did('createExport', bundle);
  did('cancelExport', (await client.cancelExport(bundle)).id);
  const { sha256 } = await client.uploadLogo(anSvg());
  did('uploadLogo', sha256);
  did('deleteLogo', (await client.deleteLogo(sha256)).sha256);
  const { id: profile } = await client.createSellerProfile({ name: 'house', seller: aDraft().seller });
  did('createSellerProfile', profile);
  did('updateSellerProfile', (await client.updateSellerProfile(profile, { name: 'home' })).id);
  did('deleteSellerProfile', (await client.deleteSellerProfile(profile)).id);

  while ((await placeEvents(api.sweeper, 1_000)) > 0);
  const [delivery] = (await client.listWebhookDeliveries(endpoint)).deliveries;
  assert.ok(delivery);
  did('resendWebhookDelivery', (await client.resendWebhookDelivery(endpoint, delivery.id)).id);
  did('rotateWebhookSecret', (await client.rotateWebhookSecret(endpoint)).id);
  did('updateWebhookEndpoint', (await client.updateWebhookEndpoint(endpoint, { enabled: false })).id);
  did('deleteWebhookEndpoint', (await client.deleteWebhookEndpoint(endpoint)).id);

  const { id: template } = await client.createTemplate({ name: 'letterhead', bundle: aBundle({ 'main.typ': 'A' }) });
  did('createTemplate', template);
  did('createTemplateVersion', (await client.createTemplateVersion(template, aBundle({ 'main.typ': 'B' }))).id);
  await checkTemplates(tenant);
  did('activateTemplate', (await client.activateTemplate(template, { version: 1 })).id);
  did('deactivateTemplate', (await client.deactivateTemplate(template)).id);
  const preview = await tenant.post(`/v1/templates/${template}/preview`, { sample: 'plain' });
  did('previewTemplate', ((await preview.json()) as { id: string }).id);
  did('archiveTemplate', (await client.archiveTemplate(template)).id);

  const entries = (await entriesOf(tenant)).filter(({ actor }) => actor.clientId !== undefined);
  assert.deepEqual(
    [...new Set(done.map(([name]) => name))].toSorted(),
    changing.toSorted(),
    'nothing is left out here',
  );
  for (const [name, id] of done) {
    const found = entries.filter(({ action, touched }) => action === name && touched.includes(id));
    assert.equal(found.length, 1, `${name} ${id}`);
  }
  assert.equal(entries.length, done.length - 2, 'a batch has one entry, and so has a credit note with its invoice');
  assert.ok(entries.every(({ actor }) => actor.clientId === tenant.clientId && actor.tokenId !== undefined));
});

test('an entry says who, when, from where and what, and gives digests in place of content', async () => {
  const tenant = await api.tenant();
  const body = JSON.stringify(submission({ number: 'D-1' }));
  const headers = { 'x-forwarded-for': '198.51.100.1, 203.0.113.9', 'idempotency-key': randomUUID() };
  const answer = await tenant.post('/v1/invoices', body, headers);
  const invoice = (await answer.json()) as { id: string };
  await tenant.post('/v1/invoices', body, headers); // a repetition does nothing, and is not told
  await assertProblem(await tenant.post('/v1/invoices', body), 'number-taken'); // a refusal changes nothing
  const canceled = await tenant.client.cancelInvoice(invoice.id);
  const [cancel, submit, ...more] = await entriesOf(tenant, { touched: invoice.id });
  assert.deepEqual(more, []);
  assert.deepEqual(submit, {
    id: submit?.id,
    createdAt: submit?.createdAt,
    action: 'submitInvoice',
    actor: { clientId: tenant.clientId, tokenId: submit?.actor.tokenId },
    // One proxy in front is trusted: what came before it is hearsay.
    from: { address: '203.0.113.9', requestId: answer.headers.get('x-request-id') },
    touched: [invoice.id],
    digests: { request: createHash('sha256').update(body).digest('hex') },
  });
  const sorted = (value: object) =>
    JSON.stringify(Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))));
  const shown = { ...canceled, totals: JSON.parse(sorted(canceled.totals)) as object };
  assert.equal(cancel?.digests.after, createHash('sha256').update(sorted(shown)).digest('hex'));
  assert.notEqual(cancel?.digests.before, cancel?.digests.after);
});

test('the trail is filtered by time, action and actor, and read page by page', async () => {
  const tenant = await api.tenant();
  const colleague = await api.clientOf(tenant);
  const { id } = await tenant.client.submitInvoice(submission());
  await colleague.client.cancelInvoice(id);
  await tenant.client.submitInvoice(submission());
  const actions = async (query: object) => (await entriesOf(tenant, query)).map(({ action }) => action);
  const all = await entriesOf(tenant);
  const [last, middle] = all;
  assert.deepEqual(await entriesOf(tenant, { limit: '1' }), all, 'pages add up to the whole');
  assert.deepEqual(await actions({ clientId: colleague.clientId }), ['cancelInvoice']);
  assert.deepEqual(await actions({ action: 'submitInvoice' }), ['submitInvoice', 'submitInvoice']);
  assert.deepEqual((await entriesOf(tenant, { from: last?.createdAt }))[0], last);
  assert.deepEqual((await entriesOf(tenant, { until: last?.createdAt }))[0], middle);
  for (const query of ['from=yesterday', 'clientId=x', 'cursor=x', 'actor=x'])
    await assertProblem(await tenant.fetch(`/v1/audit?${query}`), 'invalid-parameter');
});

test('the trail of a tenant is its own, and needs the scope audit:read', async () => {
  const [tenant, other] = [await api.tenant(), await api.tenant()];
  const { id } = await tenant.client.submitInvoice(submission());
  assert.deepEqual(await entriesOf(other, { touched: id }), []);
  assert.ok((await entriesOf(other)).every(({ touched }) => !touched.includes(tenant.id)));
  const without = await api.clientOf(tenant, { scopes: ['invoices:read', 'invoices:write'] });
  await assertProblem(await without.fetch('/v1/audit'), 'missing-scope');
  await assertProblem(await without.fetch('/v1/number-series/x/report'), 'missing-scope');
});

test('what operators do to a tenant stands in its trail, with who did it', async () => {
  const tenant = await api.tenant();
  const { clientId } = await api.clientOf(tenant);
  const of = { tenant: tenant.slug, clientId };
  const known = { issuer: 'https://login.example', subject: randomUUID() };
  await linkClient(api.migrator, { ...of, ...known });
  await unlinkClient(api.migrator, { tenant: tenant.slug, ...known });
  const { secretId } = await giveSecret(api.migrator, { ...of, graceHours: '1' });
  await withdrawSecret(api.migrator, { ...of, secretId });
  await revoke(api.migrator, of);
  await setTenant(api.migrator, { slug: tenant.slug, formats: ['ubl'] });
  await limitTenant(api.migrator, {
    slug: tenant.slug,
    invoicesPerDay: '9',
    batchSize: undefined,
    storageMb: undefined,
  });
  const told = (await entriesOf(tenant)).filter(({ actor }) => actor.operator);
  assert.deepEqual(told.map(({ action, touched }) => [action, touched]).toReversed(), [
    ['admin create-tenant', [tenant.id]],
    ['admin create-client', [tenant.clientId]],
    ['admin create-client', [clientId]],
    ['admin link-client', [clientId]],
    ['admin unlink-client', [clientId]],
    ['admin rotate-client-secret', [clientId, secretId]],
    ['admin revoke-client-secret', [clientId, secretId]],
    ['admin revoke-client', [clientId]],
    ['admin set-tenant', [tenant.id]],
    ['admin set-quota', [tenant.id]],
  ]);
});

test('every number of a series is accounted for, canceled ones and gaps too', async () => {
  const tenant = await api.tenant();
  const { client } = tenant;
  await client.createNumberSeries({ name: 'sales', prefix: 'S-', padding: 3 });
  const draw = async () => (await client.submitInvoice({ ...aDraft({ series: 'sales' }), number: undefined })).id;
  const ids = [await draw(), await draw(), await draw(), await draw()];
  await client.cancelInvoice(ids[1] ?? '');
  const first = await client.getNumberReport('sales', { limit: '3' });
  const second = await client.getNumberReport('sales', { limit: '3', cursor: first.nextCursor ?? '' });
  assert.deepEqual(NumberReport.parse(first), first);
  const numbers = [...first.numbers, ...second.numbers];
  assert.deepEqual(
    numbers.map(({ number, invoice }) => [number, invoice?.id, invoice?.status]),
    ids.map((id, i) => [`S-00${i + 1}`, id, i === 1 ? 'canceled' : 'queued']),
  );
  assert.deepEqual([first.gaps, second.gaps, second.nextCursor], [0, 0, undefined]);

  await api.superuser.prisma.$executeRaw`UPDATE number_counter SET last_value = 5 WHERE tenant_id = ${tenant.id}::uuid`;
  const { gaps, numbers: more } = await client.getNumberReport('sales');
  assert.deepEqual([gaps, more.at(-1)], [1, { number: 'S-005', period: 0, count: 5 }]);
  const lines = await Array.fromAsync(accountFor(api.migrator, { tenantId: tenant.id, series: 'sales' }), csvOf);
  assert.deepEqual([lines.length, lines.at(-1)], [5, 'S-005,missing,,,']);
  const other = await api.tenant();
  await assertProblem(await other.fetch('/v1/number-series/sales/report'), 'not-found');
});

/** The command, as an operator runs it. */
const audit = (argv: string[], env: Record<string, string> = {}) =>
  new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    const file = join(import.meta.dirname, '../src/audit/main.ts');
    const environment = childEnvironment({ ADMIN_DATABASE_URL: api.postgres.urls.migrator, ...env });
    const child = execFile(process.execPath, [file, ...argv], { env: environment }, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    );
  });

test('audit verify passes what holds, and names the first broken entry of each tenant', async () => {
  const [sound, spoilt] = [await api.tenant(), await api.tenant()];
  for (const { client } of [sound, spoilt]) await client.submitInvoice(submission());
  await chainAll();
  const folder = await mkdtemp(join(tmpdir(), 'invoicepress-audit-'));
  try {
    const PROOF_PRIVATE_KEY = aProofKey();
    const heads = await audit(['heads'], { PROOF_PRIVATE_KEY });
    const { publicKeys } = await createProofSigner(PROOF_PRIVATE_KEY);
    const [anchor, keys] = [join(folder, 'heads.json'), join(folder, 'keys.json')];
    await writeFile(anchor, heads.stdout);
    await writeFile(keys, JSON.stringify(publicKeys));
    const well = await audit(['verify', '--anchor', anchor, '--keys', keys]);
    assert.equal(well.code, 0, well.stderr);
    assert.match(well.stdout, new RegExp(`^${sound.slug}: 3 entries hold$`, 'm'));
    assert.match(well.stdout, /\naudit: \d+ entries of \d+ tenants hold, 0 chains are broken\n$/);
    const forged = heads.stdout.replace('"position":3', '"position":2');
    await assert.rejects(readAnchor(forged, publicKeys), AnchorRefused, 'changed after it was signed');
    await assert.rejects(readAnchor(heads.stdout, api.context.proofSigner.publicKeys), AnchorRefused, 'another key');

    await api.superuser.prisma.$transaction([
      api.superuser.prisma.$executeRaw`SET LOCAL session_replication_role = replica`,
      api.superuser.prisma
        .$executeRaw`UPDATE audit_entry SET action = 'x' WHERE tenant_id = ${spoilt.id}::uuid AND position = 2`,
    ]);
    const broken = await audit(['verify']);
    assert.equal(broken.code, 1);
    assert.match(broken.stdout, new RegExp(`^${spoilt.slug}: BROKEN at position 2 .*was changed; 1 entries`, 'm'));
    assert.match(broken.stdout, new RegExp(`^${sound.slug}: 3 entries hold$`, 'm'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
