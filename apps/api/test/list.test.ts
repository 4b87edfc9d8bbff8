import type { ListInvoices } from '@invoicepress/client';
import { aDraft } from '@invoicepress/invoice/testing';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeFailed, makeReady } from './make-ready.ts';
import { sharedApi, type Tenant } from './start-api.ts';

const api = await sharedApi();

const submitMany = async (tenant: Tenant, count: number, prefix: string): Promise<string[]> => {
  const { outcomes } = await tenant.client.submitBatch(
    Array.from({ length: count }, (_, i) => aDraft({ number: `${prefix}${i}` })),
  );
  return outcomes.flatMap((outcome) => ('invoice' in outcome ? outcome.invoice.id : []));
};

test('each filter chooses by its field, and all given must hold', async () => {
  const tenant = await api.tenant();
  const { buyer } = aDraft();
  const drafts = {
    plain: aDraft({ number: 'plain', issueDate: '2026-01-31' }),
    credit: aDraft({ number: 'credit', typeCode: '381', issueDate: '2026-02-01' }),
    linde: aDraft({
      number: 'R_1',
      buyer: { ...buyer, name: 'Linde 50% off' },
      metadata: { project: 'alpha', tags: ['a', 'b'], deep: { n: 1 } },
    }),
    other: aDraft({
      number: 'R-1',
      externalId: 'order-7',
      buyer: { ...buyer, name: 'Linde 50 others' },
      metadata: { project: 'beta' },
    }),
  };
  const ids: Record<string, string> = {};
  for (const [name, draft] of Object.entries(drafts)) ids[name] = (await tenant.client.submitInvoice(draft)).id;
  await makeReady(api, tenant, ids.plain!);
  await makeFailed(api, tenant, ids.credit!);

  const found = async (query: ListInvoices) => {
    const { invoices } = await tenant.client.listPage(query);
    return invoices.map(({ id }) => Object.keys(ids).find((name) => ids[name] === id));
  };
  assert.deepEqual(await found({}), ['other', 'linde', 'credit', 'plain']);
  assert.deepEqual(await found({ status: 'ready' }), ['plain']);
  assert.deepEqual(await found({ status: 'failed' }), ['credit']);
  assert.deepEqual(await found({ typeCode: '381' }), ['credit']);
  assert.deepEqual(await found({ number: 'R_1' }), ['linde']);
  assert.deepEqual(await found({ externalId: 'order-7' }), ['other']);
  assert.deepEqual(await found({ buyer: 'Linde' }), ['other', 'linde']);
  assert.deepEqual(await found({ buyer: 'Linde 50%' }), ['linde'], '% is a character like any other');
  assert.deepEqual(await found({ buyer: 'inde' }), []);
  assert.deepEqual(await found({ issuedTo: '2026-02-01' }), ['credit', 'plain']);
  assert.deepEqual(await found({ issuedFrom: '2026-02-01', issuedTo: '2026-02-01' }), ['credit']);
  assert.deepEqual(await found({ metadata: '{"project":"alpha"}' }), ['linde']);
  assert.deepEqual(await found({ metadata: '{"tags":["b"],"deep":{"n":1}}' }), ['linde']);
  assert.deepEqual(await found({ metadata: '{}' }), ['other', 'linde', 'credit', 'plain']);
  assert.deepEqual(await found({ ids: `${ids.plain},${ids.other}` }), ['other', 'plain']);
  assert.deepEqual(await found({ buyer: 'Linde', metadata: '{"project":"beta"}', status: 'queued' }), ['other']);
  assert.deepEqual(await found({ buyer: 'Linde', status: 'ready' }), []);
});

test('pages walk through everything exactly once while new invoices arrive', async () => {
  const tenant = await api.tenant();
  const before = await submitMany(tenant, 25, 'before-');
  const seen: string[] = [];
  let cursor: string | undefined;
  let arrivals = 0;
  do {
    const page = await tenant.client.listPage({ limit: '4', ...(cursor && { cursor }) });
    assert.ok(page.invoices.length > 0 && page.invoices.length <= 4);
    seen.push(...page.invoices.map(({ id }) => id));
    cursor = page.nextCursor;
    await submitMany(tenant, 3, `during-${arrivals++}-`);
  } while (cursor);
  assert.deepEqual(seen, before.toReversed());
});

test('the last page has no cursor, also when it is full', async () => {
  const tenant = await api.tenant();
  assert.deepEqual(await tenant.client.listPage(), { invoices: [] });
  await submitMany(tenant, 2, 'n');
  assert.equal((await tenant.client.listPage({ limit: '2' })).nextCursor, undefined);
  assert.ok((await tenant.client.listPage({ limit: '1' })).nextCursor);
});

test('a page has 50 invoices unless asked otherwise, and 200 at most', async () => {
  const tenant = await api.tenant();
  await submitMany(tenant, 201, 'n');
  assert.equal((await tenant.client.listPage()).invoices.length, 50);
  assert.equal((await tenant.client.listPage({ limit: '200' })).invoices.length, 200);
});

test('a filter holds on every page', async () => {
  const tenant = await api.tenant();
  const ids = await submitMany(tenant, 9, 'n');
  for (const id of ids.filter((_, i) => i % 2 === 0)) await tenant.client.cancelInvoice(id);
  const canceled = await Array.fromAsync(tenant.client.listInvoices({ status: 'canceled', limit: '2' }));
  assert.deepEqual(
    canceled.map(({ id }) => id),
    ids.filter((_, i) => i % 2 === 0).toReversed(),
  );
});
