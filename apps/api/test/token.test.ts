import { scopes } from '@invoicepress/client';
import { revoke } from '../src/administration.ts';
import jwt from 'jsonwebtoken';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { assertProblem, faultsIn } from './assert-problem.ts';
import { sharedApi, type Tenant } from './start-api.ts';

const api = await sharedApi();

const ask = (form: Record<string, string> | string, headers: Record<string, string> = {}) =>
  api.fetch('/oauth2/token', { method: 'POST', body: new URLSearchParams(form), headers });
const credentials = ({ clientId, clientSecret }: Pick<Tenant, 'clientId' | 'clientSecret'>) => ({
  client_id: clientId,
  client_secret: clientSecret,
});
const basic = (id: string, secret: string) => ({
  authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
});
const grant_type = 'client_credentials';

test('client credentials in a form become a short-lived token', async () => {
  const tenant = await api.tenant();
  const response = await ask({ grant_type, ...credentials(tenant) });
  assert.equal(response.status, 200);
  assert.equal(response.headers.get('cache-control'), 'no-store');
  const answer = (await response.json()) as Record<string, string | number>;
  assert.deepEqual(
    { ...answer, access_token: '' },
    {
      access_token: '',
      token_type: 'Bearer',
      expires_in: 900,
      scope: scopes.join(' '),
    },
  );
  const claims = jwt.decode(String(answer.access_token)) as jwt.JwtPayload;
  assert.equal(Number(claims.exp) - Number(claims.iat), 900);
  assert.equal(claims.tenant, tenant.id);
  assert.equal(
    (await api.fetch('/v1/invoices', { headers: { authorization: `Bearer ${answer.access_token}` } })).status,
    200,
  );
});

test('client credentials may come by HTTP Basic authentication', async () => {
  const tenant = await api.tenant();
  assert.equal((await ask({ grant_type }, basic(tenant.clientId, tenant.clientSecret))).status, 200);
});

test('a client gets what it asks for of what it may do, and no more', async () => {
  const reader = await api.tenant({ scopes: ['invoices:read', 'documents:read'] });
  const subset = await ask({ grant_type, ...credentials(reader), scope: 'documents:read' });
  assert.equal(((await subset.json()) as { scope: string }).scope, 'documents:read');
  for (const scope of ['invoices:read invoices:write', 'operator', 'everything']) {
    const problem = await assertProblem(
      await ask({ grant_type, ...credentials(reader), scope }),
      'invalid-grant-request',
    );
    assert.equal(problem.error, 'invalid_scope');
    assert.match(problem.detail, /invoices:read, documents:read/);
  }
});

test('unknown, wrong and revoked credentials are answered alike', async () => {
  const [tenant, revoked] = [await api.tenant(), await api.tenant()];
  const rows = await api.superuser.prisma.$queryRaw<
    { slug: string }[]
  >`SELECT slug FROM tenant WHERE id = ${revoked.id}::uuid`;
  await revoke(api.migrator, { tenant: rows[0]!.slug, clientId: revoked.clientId });
  const answers = new Set<string>();
  for (const response of [
    await ask({ grant_type, client_id: tenant.clientId, client_secret: 'wrong' }),
    await ask({ grant_type, client_id: tenant.clientId, client_secret: revoked.clientSecret }),
    await ask({ grant_type, client_id: tenant.clientId, client_secret: '' }),
    await ask({ grant_type, client_id: tenant.clientId }),
    await ask({ grant_type, client_id: randomUUID(), client_secret: tenant.clientSecret }),
    await ask({ grant_type, ...credentials(revoked) }),
    await ask({ grant_type }),
    await ask({ grant_type }, basic(tenant.clientId, 'wrong')),
    await ask({ grant_type }, basic('nobody', 'wrong')),
    await ask({ grant_type }, { authorization: 'Basic' }),
    await ask({ grant_type }, { authorization: 'Basic %%%' }),
  ]) {
    assert.match(response.headers.get('www-authenticate') ?? '', /^Basic realm=/);
    const { instance: _, ...problem } = await assertProblem(response, 'invalid-client');
    assert.equal(problem.error, 'invalid_client');
    answers.add(JSON.stringify(problem));
  }
  assert.equal(answers.size, 1);
});

test('credentials in the address do not count', async () => {
  const tenant = await api.tenant();
  const query = new URLSearchParams({ grant_type, ...credentials(tenant) });
  const response = await api.fetch(`/oauth2/token?${query}`, {
    method: 'POST',
    body: new URLSearchParams({ grant_type }),
  });
  await assertProblem(response, 'invalid-client');
});

for (const [name, form, error, pointer] of [
  ['another grant', 'grant_type=password&username=a&password=b', 'unsupported_grant_type', '/grant_type'],
  ['no grant', 'client_id=x', 'invalid_request', '/grant_type'],
  ['a grant twice', `grant_type=${grant_type}&grant_type=${grant_type}`, 'invalid_request', '/grant_type'],
  [
    'a client id that is none',
    `grant_type=${grant_type}&client_id=me&client_secret=x`,
    'invalid_request',
    '/client_id',
  ],
  [
    'an absurd secret',
    `grant_type=${grant_type}&client_id=${randomUUID()}&client_secret=${'x'.repeat(201)}`,
    'invalid_request',
    '/client_secret',
  ],
  ['an unknown field', `grant_type=${grant_type}&audience=x`, 'invalid_request', '/audience'],
] as const) {
  test(`a token request with ${name} is refused`, async () => {
    const problem = await assertProblem(await ask(form), 'invalid-grant-request');
    assert.equal(problem.error, error);
    assert.ok(pointer in faultsIn(problem), JSON.stringify(problem.errors));
  });
}

test('a token request that is no form, or none that can be read, is refused', async () => {
  const json = {
    method: 'POST',
    body: JSON.stringify({ grant_type }),
    headers: { 'content-type': 'application/json' },
  };
  await assertProblem(await api.fetch('/oauth2/token', json), 'invalid-grant-request');
  await assertProblem(await api.fetch('/oauth2/token', { method: 'POST' }), 'invalid-grant-request');
  await assertProblem(await ask({ grant_type, scope: 'x'.repeat(10_001) }), 'too-large');
  await assertProblem(await ask(Array.from({ length: 20 }, (_, i) => `a${i}=b`).join('&')), 'malformed-request');
});

test('neither secrets nor tokens reach the log, but failed sign-ins do', async () => {
  const tenant = await api.tenant();
  await tenant.client.listPage();
  const response = await ask({ grant_type, ...credentials(tenant) });
  const { access_token } = (await response.json()) as { access_token: string };
  await ask({ grant_type, client_id: tenant.clientId, client_secret: 'a-wrong-secret' });
  const log = api.log.text();
  for (const secret of [tenant.clientSecret, access_token, access_token.split('.')[2]!, 'a-wrong-secret', 'ips_'])
    assert.ok(!log.includes(secret));
  assert.ok(api.log.lines('sign_in_failed').some(({ clientId }) => clientId === tenant.clientId));
});

test('a secret is stored as its hash alone', async () => {
  const { clientId, clientSecret } = await api.tenant();
  const rows = await api.superuser.prisma.$queryRaw<object[]>`SELECT * FROM api_client WHERE id = ${clientId}::uuid`;
  assert.equal(rows.length, 1);
  assert.ok(!JSON.stringify(rows).includes(clientSecret));
});
