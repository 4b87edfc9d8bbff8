import { ProblemError, type WebhookEndpointWithSecret } from '@invoicepress/client';
import { claimDelivery, placeEvents, recordAttempt, withTenant } from '@invoicepress/database';
import { aDraft } from '@invoicepress/invoice/testing';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { assertProblem, faultsIn } from './assert-problem.ts';
import { sharedApi, startApi, type Tenant } from './start-api.ts';

const api = await sharedApi();

const url = 'https://hooks.example.com/invoices';
const endpoints = '/v1/webhook-endpoints';
const isProblem = (type: string) => (error: unknown) =>
  error instanceof ProblemError && error.problem.type.endsWith(`/${type}`);

test('an endpoint is created, read, listed, changed and deleted', async () => {
  const { client } = await api.tenant();
  const { secret, ...created } = await client.createWebhookEndpoint({ url, description: 'the shop' });
  assert.match(secret, /^whsec_[A-Za-z0-9+/]{43}=$/);
  assert.deepEqual(created, {
    id: created.id,
    url,
    description: 'the shop',
    eventTypes: ['invoice.ready', 'invoice.failed', 'invoice.canceled'],
    enabled: true,
    createdAt: created.createdAt,
    updatedAt: created.updatedAt,
  });
  assert.deepEqual(await client.getWebhookEndpoint(created.id), created);
  assert.deepEqual(await client.listWebhookEndpoints(), [created]);

  const changes = { url: `${url}/2`, eventTypes: ['invoice.accepted' as const], enabled: false };
  const changed = await client.updateWebhookEndpoint(created.id, { ...changes, description: null });
  const { description: _, ...rest } = created;
  assert.deepEqual(changed, { ...rest, ...changes, updatedAt: changed.updatedAt });

  assert.equal((await client.deleteWebhookEndpoint(created.id)).id, created.id);
  await assert.rejects(client.getWebhookEndpoint(created.id), isProblem('not-found'));
  assert.deepEqual(await client.listWebhookEndpoints(), []);
});

test('the secret is shown at creation and rotation only, and stored nowhere in the clear', async () => {
  const tenant = await api.tenant();
  const key = { 'idempotency-key': 'k' };
  const response = await tenant.post(endpoints, { url }, key);
  assert.equal(response.status, 201);
  const { id, secret } = (await response.json()) as WebhookEndpointWithSecret;
  const rotated = await tenant.client.rotateWebhookSecret(id, {}, { idempotencyKey: 'r' });
  assert.notEqual(rotated.secret, secret);
  const validMs = Date.parse(rotated.previousSecretUntil!) - Date.now();
  assert.ok(validMs > 23.9 * 3_600_000 && validMs <= 24 * 3_600_000, `${validMs} ms`);

  for (const path of [endpoints, `${endpoints}/${id}`]) {
    const shown = await (await tenant.fetch(path)).text();
    assert.ok(!shown.includes('whsec_') && !shown.includes('"secret"'), shown);
  }
  const kept = JSON.stringify([
    await api.superuser.prisma.idempotencyKey.findMany({ where: { tenantId: tenant.id } }),
    (await api.superuser.prisma.webhookEndpoint.findMany({ where: { tenantId: tenant.id } })).map(
      ({ secret: current, previousSecret }) => [
        Buffer.from(current).toString('latin1'),
        Buffer.from(previousSecret!).toString('latin1'),
      ],
    ),
  ]);
  assert.ok(!kept.includes('whsec_'));
  assert.ok(!api.log.text().includes('whsec_'));

  const repeated = await tenant.post(endpoints, { url }, key);
  assert.equal(((await repeated.json()) as WebhookEndpointWithSecret).secret, secret, 'the first answer again');
  assert.equal((await tenant.client.listWebhookEndpoints()).length, 1);
});

test('a rotation may end the secret so far at once', async () => {
  const { client } = await api.tenant();
  const { id } = await client.createWebhookEndpoint({ url });
  const rotated = await client.rotateWebhookSecret(id, { previousValidSeconds: 0 });
  assert.equal(rotated.previousSecretUntil, undefined);
  const { previousSecret } = await api.superuser.prisma.webhookEndpoint.findUniqueOrThrow({ where: { id } });
  assert.equal(previousSecret, null);
});

const badUrls: [url: unknown, says: RegExp][] = [
  [undefined, /is missing/],
  ['', /is no URL/],
  ['hooks.example.com', /is no URL/],
  ['//hooks.example.com', /is no URL/],
  ['http://hooks.example.com/', /https/],
  ['ftp://hooks.example.com/', /https/],
  ['file:///etc/passwd', /https/],
  ['javascript:alert(1)', /https/],
  ['https://user:password@hooks.example.com/', /user name or password/],
  ['https://hooks.example.com/#here', /fragment/],
  ['https://hooks.example.com:22/', /port 22/],
  ['https://hooks.example.com:25/', /port 25/],
  ['https://redis/', /host without a domain/],
  ...[
    '127.0.0.1',
    '127.1',
    '0x7f000001',
    '0x7f.1',
    '2130706433',
    '0177.0.0.1',
    '127.0.0.1.',
    '①②⑦.0.0.1',
    'localhost',
    'LOCALHOST.',
    'hooks.localhost',
    '0.0.0.0',
    '0',
    '10.0.0.1',
    '172.16.0.1',
    '192.168.1.1',
    '100.64.0.1',
    '169.254.169.254',
    '0xa9fea9fe',
    '168.63.129.16',
    '192.0.0.192',
    '198.18.0.1',
    '224.0.0.1',
    '240.0.0.1',
    '255.255.255.255',
    '[::]',
    '[::1]',
    '[::127.0.0.1]',
    '[::ffff:127.0.0.1]',
    '[::ffff:10.0.0.1]',
    '[::ffff:a00:1]',
    '[::ffff:0:10.0.0.1]',
    '[64:ff9b::10.0.0.1]',
    '[64:ff9b:1::a00:1]',
    '[2002:a00:1::1]',
    '[2001::1]',
    '[2001:db8::1]',
    '[fe80::1]',
    '[fec0::1]',
    '[fd00:ec2::254]',
    '[ff02::1]',
    '[4000::1]',
  ].map((host): [string, RegExp] => [`https://${host}/`, /address that is not public/]),
];

for (const [bad, says] of badUrls) {
  test(`the URL ${String(bad)} is refused: ${says.source}`, async () => {
    const { post } = await api.tenant();
    assert.match(
      faultsIn(await assertProblem(await post(endpoints, { url: bad }), 'invalid-request'))['/url'] ?? '',
      says,
    );
  });
}

test('a URL is checked when it changes, too', async () => {
  const tenant = await api.tenant();
  const { id } = await tenant.client.createWebhookEndpoint({ url });
  const response = await tenant.fetch(`${endpoints}/${id}`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ url: 'https://127.1/' }),
  });
  assert.ok('/url' in faultsIn(await assertProblem(response, 'invalid-request')));
  assert.equal((await tenant.client.getWebhookEndpoint(id)).url, url);
});

test('public addresses and free ports are possible, and with the setting for it so is this machine', async () => {
  const { client } = await api.tenant();
  for (const good of ['https://203.0.114.1/', 'https://[2606:4700::1111]/', 'https://hooks.example.com:8443/'])
    assert.equal((await client.createWebhookEndpoint({ url: good })).url, good);
  await using local = await startApi({ WEBHOOK_ALLOW_LOOPBACK: 'true' });
  const here = await local.tenant();
  for (const good of ['http://127.0.0.1:9000/hook', 'http://localhost:9000/', 'https://[::1]:9000/'])
    assert.equal((await here.client.createWebhookEndpoint({ url: good })).url, good);
  for (const bad of ['http://hooks.example.com/', 'http://10.0.0.1/'])
    await assertProblem(await here.post(endpoints, { url: bad }), 'invalid-request');
});

test('every field has a bound and says it', async () => {
  const { post } = await api.tenant();
  const faults = async (body: unknown) => faultsIn(await assertProblem(await post(endpoints, body), 'invalid-request'));
  assert.match((await faults({ url: `https://a.example/${'x'.repeat(2_000)}` }))['/url'] ?? '', /longer than 2000/);
  assert.match((await faults({ url: `https://a.example/${'ü'.repeat(700)}` }))['/url'] ?? '', /percent-encoded/);
  assert.match((await faults({ url, eventTypes: [] }))['/eventTypes'] ?? '', /is empty/);
  assert.match((await faults({ url, eventTypes: ['invoice.paid'] }))['/eventTypes/0'] ?? '', /is none of/);
  assert.match(
    (await faults({ url, eventTypes: ['invoice.ready', 'invoice.ready'] }))['/eventTypes'] ?? '',
    /more than once/,
  );
  assert.match((await faults({ url, description: 'x'.repeat(201) }))['/description'] ?? '', /longer than 200/);
  assert.match((await faults({ url, secret: 'mine' }))['/secret'] ?? '', /no field of ours/);
});

test('a tenant has twenty endpoints at most, also when many are created at once', async () => {
  const tenant = await api.tenant();
  const answers = await Promise.all(Array.from({ length: 24 }, () => tenant.post(endpoints, { url })));
  const refused = answers.filter(({ status }) => status !== 201);
  assert.equal(refused.length, 4);
  for (const answer of refused) await assertProblem(answer, 'too-many-endpoints');
  assert.equal((await tenant.client.listWebhookEndpoints()).length, 20);
});

/** Events, placed, and one delivery of them that was tried once. */
const deliver = async (tenant: Tenant, endpointId: string, count: number) => {
  for (let i = 0; i < count; i++) await tenant.client.submitInvoice(aDraft({ number: randomUUID().slice(0, 8) }));
  await placeEvents(api.sweeper, 500);
  const { deliveries } = await tenant.client.listWebhookDeliveries(endpointId, { limit: '200' });
  return deliveries;
};

const attempt = async (tenant: Tenant, deliveryId: string, statusCode: number) => {
  await withTenant(api.worker, tenant.id, async (tx) => {
    const claim = await claimDelivery(tx, api.context.sealing, { deliveryId, generation: 1 }, 60_000);
    const record = { startedAt: new Date(), durationMs: 12, statusCode, responseExcerpt: 'no' };
    await recordAttempt(tx, claim!, record, { verdict: statusCode === 200 ? 'delivered' : 'failed' });
  });
};

test('deliveries are listed page by page and by status, and each shows its attempts', async () => {
  const tenant = await api.tenant();
  const { client } = tenant;
  const { id } = await client.createWebhookEndpoint({ url, eventTypes: ['invoice.accepted'] });
  const all = await deliver(tenant, id, 5);
  assert.equal(all.length, 5);
  assert.ok(all.every(({ status, eventType }) => status === 'pending' && eventType === 'invoice.accepted'));
  await attempt(tenant, all[0]!.id, 500);
  await attempt(tenant, all[1]!.id, 200);

  const ids = async (query: Parameters<typeof client.listWebhookDeliveries>[1]) =>
    (await client.listWebhookDeliveries(id, query)).deliveries.map((delivery) => delivery.id);
  assert.deepEqual(await ids({ status: 'failed' }), [all[0]!.id]);
  assert.deepEqual(await ids({ status: 'delivered' }), [all[1]!.id]);
  assert.equal((await ids({ status: 'pending' })).length, 3);

  const first = await client.listWebhookDeliveries(id, { limit: '3' });
  const second = await client.listWebhookDeliveries(id, { limit: '3', cursor: first.nextCursor! });
  assert.deepEqual(
    [...first.deliveries, ...second.deliveries].map((delivery) => delivery.id),
    all.map((delivery) => delivery.id),
  );
  assert.equal(second.nextCursor, undefined);

  const shown = await client.getWebhookDelivery(id, all[0]!.id);
  assert.deepEqual(
    shown.log.map(({ startedAt: _, ...rest }) => rest),
    [{ generation: 1, number: 1, durationMs: 12, statusCode: 500, responseExcerpt: 'no' }],
  );
  assert.equal(shown.status, 'failed');
});

test('a settled delivery is sent again on request, unless its endpoint is disabled', async () => {
  const tenant = await api.tenant();
  const { client } = tenant;
  const { id } = await client.createWebhookEndpoint({ url, eventTypes: ['invoice.accepted'] });
  const [delivery] = await deliver(tenant, id, 1);
  await attempt(tenant, delivery!.id, 500);
  const again = await client.resendWebhookDelivery(id, delivery!.id);
  assert.deepEqual(
    [again.status, again.generation, again.attempts, again.finishedAt, again.eventId],
    ['pending', 2, 0, undefined, delivery!.eventId],
  );
  await client.updateWebhookEndpoint(id, { enabled: false });
  await assert.rejects(client.resendWebhookDelivery(id, delivery!.id), isProblem('endpoint-disabled'));
});

test('a disabled endpoint hears of nothing that happens meanwhile', async () => {
  const tenant = await api.tenant();
  const { id } = await tenant.client.createWebhookEndpoint({ url, eventTypes: ['invoice.accepted'] });
  await tenant.client.updateWebhookEndpoint(id, { enabled: false });
  assert.deepEqual(await deliver(tenant, id, 1), []);
});

test('an endpoint that was enabled again, or moved, begins anew', async () => {
  const tenant = await api.tenant();
  const { id } = await tenant.client.createWebhookEndpoint({ url });
  const fail = () =>
    api.superuser.prisma.webhookEndpoint.update({
      where: { id },
      data: { enabled: false, disabledReason: 'it answered 410 Gone', failingSince: new Date(0) },
    });
  await fail();
  assert.equal((await tenant.client.getWebhookEndpoint(id)).disabledReason, 'it answered 410 Gone');
  const enabled = await tenant.client.updateWebhookEndpoint(id, { enabled: true });
  assert.deepEqual([enabled.enabled, enabled.disabledReason, enabled.failingSince], [true, undefined, undefined]);
  await fail();
  assert.equal((await tenant.client.updateWebhookEndpoint(id, { url: `${url}/2` })).failingSince, undefined);
});

test("another tenant's endpoints and deliveries are answered like those that nobody has", async () => {
  const [owner, stranger] = [await api.tenant(), await api.tenant()];
  const { id } = await owner.client.createWebhookEndpoint({ url, eventTypes: ['invoice.accepted'] });
  const [delivery] = await deliver(owner, id, 1);
  const json = { 'content-type': 'application/json' };
  for (const [method, path, body] of [
    ['GET', '', undefined],
    ['PATCH', '', '{"enabled":false}'],
    ['DELETE', '', undefined],
    ['POST', '/rotate-secret', '{}'],
    ['GET', '/deliveries', undefined],
    ['GET', `/deliveries/${delivery!.id}`, undefined],
    ['POST', `/deliveries/${delivery!.id}/resend`, undefined],
  ] as const) {
    const answers = new Set<string>();
    for (const asked of [id, randomUUID()]) {
      const response = await stranger.fetch(`${endpoints}/${asked}${path}`, {
        method,
        ...(body && { body, headers: json }),
      });
      const { instance: _, ...problem } = await assertProblem(response, 'not-found');
      answers.add(JSON.stringify(problem));
    }
    assert.equal(answers.size, 1, `${method} …${path}`);
  }
  assert.deepEqual(await stranger.client.listWebhookEndpoints(), []);
  assert.equal((await owner.client.getWebhookEndpoint(id)).enabled, true, 'and nothing happened to it');
  const own = await stranger.client.createWebhookEndpoint({ url });
  const crossed = await stranger.fetch(`${endpoints}/${own.id}/deliveries/${delivery!.id}`);
  await assertProblem(crossed, 'not-found');
});

test('webhooks are for clients that may manage them, which new clients may', async () => {
  const reader = await api.tenant({ scopes: ['invoices:read', 'invoices:write'] });
  await assertProblem(await reader.fetch(endpoints), 'missing-scope');
  await assertProblem(await reader.post(endpoints, { url }), 'missing-scope');
});

test('bad queries are refused by name', async () => {
  const tenant = await api.tenant();
  const { id } = await tenant.client.createWebhookEndpoint({ url });
  for (const [query, name] of [
    ['status=done', 'status'],
    ['limit=0', 'limit'],
    ['limit=201', 'limit'],
    ['cursor=abc', 'cursor'],
  ] as const) {
    const problem = await assertProblem(
      await tenant.fetch(`${endpoints}/${id}/deliveries?${query}`),
      'invalid-parameter',
    );
    assert.ok(name in faultsIn(problem), query);
  }
});
