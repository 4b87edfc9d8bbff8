/** Tenants apart at the door: over every operation of the contract, so that a new one cannot be forgotten. */
import { operations, type Operation } from '@invoicepress/client';
import { claimExport, finishPart, placeEvents, withTenant } from '@invoicepress/database';
import { aDraft } from '@invoicepress/invoice/testing';
import { aBundle } from '@invoicepress/stack/testing';
import { exportKey } from '@invoicepress/storage';
import assert from 'node:assert/strict';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { after, test } from 'node:test';
import { toCursor } from '../src/cursor.ts';
import { aPng } from './a-logo.ts';
import { makeReady } from './make-ready.ts';
import { startApi, type Tenant } from './start-api.ts';

// What is slow here is the machine.
const api = await startApi({ STORAGE_TIMEOUT_MS: '60000' });
after(() => api[Symbol.asyncDispose]());

const bundle = aBundle({ 'main.typ': 'A' });
const seller = aDraft().seller;

/** A tenant with one of everything that has an id, by where the contract names it. */
const aTenantWithEverything = async () => {
  const tenant = await api.tenant();
  const { client } = tenant;
  const endpoint = await client.createWebhookEndpoint({
    url: 'https://receiver.example/',
    eventTypes: ['invoice.accepted'],
  });
  const invoice = await client.submitInvoice(aDraft({ number: randomUUID().slice(0, 8) }));
  await makeReady(api, tenant, invoice.id);
  await placeEvents(api.sweeper, 500);
  const [delivery] = (await client.listWebhookDeliveries(endpoint.id)).deliveries;
  const made = await client.createExport({});
  await finishExport(tenant, made.id);
  const profile = await client.createSellerProfile({ name: 'house', seller });
  const logo = await client.uploadLogo(aPng({ width: 20 + randomBytes(1).readUInt8() }));
  const template = await client.createTemplate({ name: 'letterhead', bundle });
  const [preview] = await api.superuser.prisma.$queryRaw<{ id: string }[]>`
    INSERT INTO template_preview (id, tenant_id, version_id, sample, format, expires_at)
    SELECT gen_random_uuid(), tenant_id, id, 'plain', 'png', now() + interval '1 hour' FROM template_version
    WHERE template_id = ${template.id}::uuid RETURNING id`;
  const series = `series-${randomUUID()}`;
  await client.createNumberSeries({ name: series, prefix: 'S-', padding: 3 });
  const ids: Record<string, Record<string, string>> = {
    '/v1/number-series': { name: series },
    '/v1/invoices': { id: invoice.id, format: 'pdf' },
    '/v1/webhook-endpoints': { id: endpoint.id, deliveryId: delivery?.id ?? '' },
    '/v1/exports': { id: made.id },
    '/v1/seller-profiles': { id: profile.id },
    '/v1/logos': { sha256: logo.sha256 },
    '/v1/templates': { id: template.id, previewId: preview?.id ?? '' },
  };
  return { ...tenant, ids };
};

/** Stands in for a worker that packs the whole export. */
const finishExport = async (tenant: Tenant, id: string): Promise<void> => {
  const bytes = randomBytes(40);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const storageKey = exportKey({ exportId: id, sha256 });
  await api.context.storage.put({ key: storageKey, bytes, sha256, mediaType: 'application/zip' });
  await withTenant(api.worker, tenant.id, async (tx) => {
    const claim = await claimExport(tx, id, 60_000);
    assert.ok(claim);
    const part = { storageKey, sha256, sizeBytes: bytes.length, documents: 1, last: undefined, isLast: true };
    await finishPart(tx, claim, part);
  });
};

const [one, other] = [await aTenantWithEverything(), await aTenantWithEverything()];

/** Everything by which a row of the tenant could be known, from every table that the catalog has. */
const identifiersOf = async (tenantId: string): Promise<string[]> => {
  const tables = await api.superuser.prisma.$queryRaw<{ name: string }[]>`
    SELECT attrelid::regclass::text AS name FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
    WHERE attname = 'tenant_id' AND relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace`;
  const rows = await Promise.all(
    tables.map(({ name }) =>
      api.superuser.prisma.$queryRawUnsafe<{ row: Record<string, unknown> }[]>(
        `SELECT to_jsonb(t) AS row FROM ${name} t WHERE tenant_id = '${tenantId}'`,
      ),
    ),
  );
  const values = rows.flat().flatMap(({ row }) => Object.entries(row));
  const telling = values.flatMap(([column, value]) =>
    /(^|_)(id|key|number)$/.test(column) && typeof value === 'string' && value.length > 7 ? [value] : [],
  );
  return [...new Set([tenantId, ...telling])];
};

/** Bodies that are valid, so that it is the id alone that an answer depends on. */
const bodies: Partial<Record<keyof typeof operations, object>> = {
  createCreditNote: {},
  updateSellerProfile: { name: 'renamed' },
  updateWebhookEndpoint: { enabled: false },
  rotateWebhookSecret: {},
  createTemplateVersion: { bundle: bundle.toString('base64') },
  activateTemplate: { version: 1 },
  previewTemplate: { sample: 'plain' },
};

type Named = [name: keyof typeof operations, operation: Operation];
const all = Object.entries(operations) as Named[];
const withIds = all.filter(([, { path }]) => path.includes('{'));
const parametersOf = (path: string): string[] => [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
const resourceOf = (path: string): string => path.split('/').slice(0, 3).join('/');

const idsFor = (path: string, { ids }: { ids: typeof one.ids }): Record<string, string> => {
  const known = ids[resourceOf(path)];
  assert.ok(known && parametersOf(path).every((name) => known[name]), `give aTenantWithEverything what ${path} needs`);
  return known;
};

const send = (tenant: Tenant, [name, { method, path }]: Named, ids: Record<string, string>) => {
  const target = path.replaceAll(/\{(\w+)\}/g, (_, parameter: string) => ids[parameter] ?? '');
  const body = bodies[name];
  const json = body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
  return tenant.fetch(target, { method: method.toUpperCase(), ...json });
};

/** An answer to the last byte, but for what tells one request from the next. */
const exactly = async (response: Response): Promise<string> => {
  const requestId = response.headers.get('x-request-id') ?? '';
  const headers = [...response.headers].filter(([name]) => !['x-request-id', 'date', 'ratelimit'].includes(name));
  return JSON.stringify([response.status, headers, (await response.text()).replaceAll(requestId, '…')]);
};

test('every operation answers for a foreign id byte for byte as for an unknown one: 404', async () => {
  const before = await rowsOf(one.id);
  for (const named of withIds) {
    const [name, { path }] = named;
    const [theirs, own] = [idsFor(path, one), idsFor(path, other)];
    const isHash = parametersOf(path).includes('sha256');
    const unknown = () => (isHash ? randomBytes(32).toString('hex') : randomUUID());
    const secret = parametersOf(path).filter((parameter) => parameter !== 'format');
    // The whole path foreign; and one's own resource with a foreign id below it.
    for (const from of secret.length > 1 ? [0, 1] : [0]) {
      const replaced = secret.slice(from);
      const foreign = {
        ...own,
        ...Object.fromEntries(replaced.map((parameter) => [parameter, theirs[parameter] ?? ''])),
      };
      const nobodys = { ...own, ...Object.fromEntries(replaced.map((parameter) => [parameter, unknown()])) };
      const [asked, compared] = [
        await exactly(await send(other, named, foreign)),
        await exactly(await send(other, named, nobodys)),
      ];
      assert.equal(asked, compared, name);
      assert.match(asked, /^\[404,/, name);
    }
  }
  assert.ok(withIds.length > 20, 'too few operations were tried');
  assert.deepEqual(await rowsOf(one.id), before, 'and nothing happened to what they were asked about');
});

const rowsOf = async (tenantId: string) =>
  Promise.all(
    [
      'invoice',
      'webhook_endpoint',
      'webhook_delivery',
      'document_export',
      'seller_profile',
      'logo',
      'template',
      'template_version',
      'template_preview',
    ].map((table) =>
      api.superuser.prisma.$queryRawUnsafe<object[]>(
        `SELECT to_jsonb(t) AS row FROM ${table} t WHERE tenant_id = '${tenantId}' ORDER BY 1`,
      ),
    ),
  );

test('no answer to one tenant names a row of another: lists, cursors, events, one’s own resources', async () => {
  const secrets = await identifiersOf(one.id);
  assert.ok(secrets.length > 20, 'too little was found to look for');
  const [cursor, foreignCursors] = ['cursor', Object.values(one.ids).map(({ id = '' }) => toCursor(id))];
  const queries = (operation: Operation): string[] => {
    const { shape = {} } = operation.query ?? {};
    return [
      '',
      ...(cursor in shape ? foreignCursors.map((value) => `?cursor=${value}`) : []),
      ...('after' in shape ? ['?after=0', '?after=1'] : []),
      ...('ids' in shape
        ? [
            `?ids=${Object.values(one.ids)
              .flatMap(({ id = [] }) => id)
              .join(',')}`,
          ]
        : []),
      ...('part' in shape ? ['?part=1'] : []),
    ];
  };
  let read = 0;
  for (const [name, operation] of all.filter(([, { method, scope }]) => method === 'get' && scope)) {
    const ids = operation.path.includes('{') ? idsFor(operation.path, other) : {};
    const path = operation.path.replaceAll(/\{(\w+)\}/g, (_, parameter: string) => ids[parameter] ?? '');
    for (const query of queries(operation)) {
      const answer = await exactly(await other.fetch(path + query));
      assert.deepEqual(
        secrets.filter((secret) => answer.includes(secret)),
        [],
        `${name}${query}`,
      );
      read += 1;
    }
  }
  assert.ok(read > 30, 'too little was asked');
  const { client } = other;
  assert.ok((await client.listPage()).invoices.length > 0, 'there is something to see');
});

test('one tenant’s Idempotency-Key gets nobody else the answer', async () => {
  const body = aDraft({ number: 'kept' });
  const answers = await Promise.all(
    [one, other].map(async (tenant) => {
      const response = await tenant.post('/v1/invoices', body, { 'idempotency-key': 'the-same' });
      assert.equal(response.status, 202);
      return ((await response.json()) as { id: string }).id;
    }),
  );
  assert.equal(new Set(answers).size, 2);
});

test('what a submission names is looked for among one’s own: series, seller profile, template, logo', async () => {
  await one.client.createNumberSeries({ name: 'sales', prefix: 'S-', padding: 3 });
  const lacking = await api.tenant();
  const { seller: _, ...unsold } = aDraft();
  const { sha256: logo = '' } = one.ids['/v1/logos'] ?? {};
  const asks: [path: string, (name: string) => object, foreign: string, unknown: string][] = [
    ['/v1/invoices', (name) => ({ ...aDraft({ series: name }), number: undefined }), 'sales', 'nobodys'],
    ['/v1/invoices', (name) => ({ ...unsold, sellerProfile: name }), 'house', 'nobodys'],
    ['/v1/invoices', (name) => aDraft({ template: name }), 'letterhead', 'nobodys'],
    ['/v1/seller-profiles', (name) => ({ name: 'mine', seller, branding: { logo: name } }), logo, 'f'.repeat(64)],
  ];
  for (const [path, body, foreign, unknown] of asks) {
    const [asked, compared] = await Promise.all(
      [foreign, unknown].map(async (name) =>
        (await exactly(await lacking.post(path, body(name))))
          .replaceAll(name, '…')
          .replaceAll(/"content-length","\d+"/g, ''),
      ),
    );
    assert.equal(asked, compared);
    assert.match(asked ?? '', /^\[422,/);
  }
});

test('a pre-signed URL opens the one object that it was made for, in no other tenant’s folder', async () => {
  const { url } = await other.client.getDocumentLink(other.ids['/v1/invoices']?.['id'] ?? '');
  const [foreign] = await api.superuser.prisma.$queryRaw<{ storage_key: string }[]>`
    SELECT storage_key FROM document WHERE tenant_id = ${one.id}::uuid`;
  const [mine] = await api.superuser.prisma.$queryRaw<{ storage_key: string }[]>`
    SELECT storage_key FROM document WHERE tenant_id = ${other.id}::uuid`;
  const [theirs, own] = [foreign?.storage_key ?? '', mine?.storage_key ?? ''];
  assert.ok(own.startsWith(`${other.id}/`) && theirs.startsWith(`${one.id}/`));
  assert.equal((await fetch(url)).status, 200);
  const [asked, compared] = await Promise.all(
    [theirs, theirs.replace(/[0-9a-f]{64}/, 'f'.repeat(64))].map(async (key) =>
      exactly(await fetch(url.replace(own, key))),
    ),
  );
  assert.equal(asked, compared);
  assert.match(asked ?? '', /^\[403,/);
});
