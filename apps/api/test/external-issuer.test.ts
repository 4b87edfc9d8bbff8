import assert from 'node:assert/strict';
import { createHmac, createPrivateKey, randomUUID } from 'node:crypto';
import { after, test } from 'node:test';
import jwt from 'jsonwebtoken';
import { revoke } from '../src/administration.ts';
import { openExternalIssuer } from '../src/auth/external-issuer.ts';
import { hasExternal } from '../src/auth/settings.ts';
import { linkClient, unlinkClient } from '../src/client-administration.ts';
import { assertProblem } from './assert-problem.ts';
import { anRsaKey, startIssuer } from './an-issuer.ts';
import { eventually } from './eventually.ts';
import { startApi, type Tenant } from './start-api.ts';

const audience = 'https://api.example.com';
const issuer = await startIssuer(audience);
after(() => issuer[Symbol.asyncDispose]());
const api = await startApi({
  IDP_ISSUER: issuer.url,
  IDP_JWKS_URL: `${issuer.url}/keys`,
  IDP_AUDIENCE: audience,
  IDP_TENANT_CLAIM: 'org',
  IDP_SCOPE_CLAIM: 'permissions',
  IDP_SCOPE_MAP: 'Invoices.Read=invoices:read Invoices.Write=invoices:write',
  IDP_KEYS_COOLDOWN_SECONDS: '1',
  IDENTITY_ALLOW_LOOPBACK: 'true',
});
after(() => api[Symbol.asyncDispose]());

const linked = async (scopes?: Parameters<typeof api.tenant>[0]): Promise<Tenant & { subject: string }> => {
  const tenant = await api.tenant(scopes);
  const subject = `app-${randomUUID()}`;
  await linkClient(api.migrator, { tenant: tenant.slug, clientId: tenant.clientId, issuer: issuer.url, subject });
  return { ...tenant, subject };
};
const tenant = await linked({ scopes: ['invoices:read', 'documents:read'] });
const now = Math.floor(Date.now() / 1_000);
const claims = { client_id: tenant.subject, sub: tenant.subject, org: tenant.slug, permissions: ['Invoices.Read'] };
const get = (token: string, init: RequestInit = {}) =>
  api.fetch('/v1/invoices', { ...init, headers: { authorization: `Bearer ${token}` } });
const post = (token: string) => get(token, { method: 'POST' });

test('a token of the identity provider speaks for the client that its subject is linked to', async () => {
  const own = await tenant.client.listPage();
  const response = await get(issuer.sign(claims));
  assert.equal(response.status, 200);
  assert.deepEqual(((await response.json()) as { invoices: object[] }).invoices, own.invoices);
  assert.equal((await get(issuer.sign({ ...claims, org: tenant.id }))).status, 200);
});

test('tokens of our own go on counting beside it', async () => {
  assert.equal((await get(tenant.token)).status, 200);
});

test('a scope counts if the token has it and the client as well', async () => {
  const both = issuer.sign({ ...claims, permissions: ['Invoices.Read', 'Invoices.Write', 'operator'] });
  assert.equal((await get(both)).status, 200);
  await assertProblem(await post(both), 'missing-scope');
  for (const permissions of [[], ['Documents.Read'], { a: 1 }, 7, undefined])
    await assertProblem(await get(issuer.sign({ ...claims, permissions })), 'missing-scope');
  assert.equal((await get(issuer.sign({ ...claims, permissions: 'invoices:read x' }))).status, 200);
});

const stranger = anRsaKey();
const other = await api.tenant();
const ownKey = createPrivateKey(api.context.config.JWT_PRIVATE_KEY);
const [issuerKey] = issuer.keys;
assert.ok(issuerKey);
const publicPem = issuerKey.publicKey.export({ type: 'spki', format: 'pem' }).toString();
const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const hmac = (): string => {
  const head = encode({ alg: 'HS256', typ: 'at+jwt', kid: issuerKey.kid });
  const input = `${head}.${encode({ ...claims, iss: issuer.url, aud: audience, iat: now, exp: now + 300 })}`;
  return `${input}.${createHmac('sha256', publicPem).update(input).digest('base64url')}`;
};
const ownHeader = jwt.decode(tenant.token, { complete: true })?.header;
for (const [what, token] of Object.entries({
  'a subject that nobody linked': issuer.sign({ ...claims, client_id: 'nobody' }),
  'a subject that is a client id of ours': issuer.sign({ ...claims, client_id: tenant.clientId }),
  'no subject': issuer.sign({ ...claims, client_id: undefined }),
  'a subject that is no text': issuer.sign({ ...claims, client_id: [tenant.subject] }),
  'the tenant of somebody else': issuer.sign({ ...claims, org: other.slug }),
  'no tenant': issuer.sign({ ...claims, org: undefined }),
  'another audience': issuer.sign({ ...claims, aud: 'somebody' }),
  'another issuer': issuer.sign({ ...claims, iss: 'https://elsewhere.example' }),
  'our own issuer, signed by the provider': issuer.sign({
    ...claims,
    iss: api.url,
    tenant: other.id,
    scope: 'operator',
  }),
  'the issuer of the provider, signed by us': jwt.sign({ ...claims, iss: issuer.url, aud: audience }, ownKey, {
    algorithm: 'ES256',
    expiresIn: 300,
    header: { ...ownHeader, alg: 'ES256', typ: 'at+jwt' },
  }),
  'an ID token in the place of an access token': issuer.sign(claims, { typ: 'JWT' }),
  'an age beyond what is allowed': issuer.sign({ ...claims, iat: now - 4_000, exp: now + 300 }),
  'an expiry that is over': issuer.sign({ ...claims, iat: now - 600, exp: now - 60 }),
  'a key that it does not publish': issuer.sign(claims, { key: stranger }),
  'a strange key under its kid': issuer.sign(claims, { key: { ...stranger, kid: issuerKey.kid } }),
  'HS256 with its public key as the secret': hmac(),
})) {
  test(`external issuer: ${what} is refused`, async () => {
    await assertProblem(await get(token), 'unauthenticated');
  });
}

test('a revoked client is refused, whoever vouches for it', async () => {
  const revoked = await linked();
  const token = issuer.sign({ ...claims, client_id: revoked.subject, org: revoked.slug });
  assert.equal((await get(token)).status, 200);
  await revoke(api.migrator, { tenant: revoked.slug, clientId: revoked.clientId });
  await assertProblem(await eventually(401, () => get(token)), 'unauthenticated');
});

test('a subject stands for one client, and only its tenant takes it away', async () => {
  const link = { clientId: other.clientId, issuer: issuer.url, subject: tenant.subject };
  await assert.rejects(linkClient(api.migrator, { tenant: other.slug, ...link }), /stands for a client already/);
  await assert.rejects(linkClient(api.migrator, { tenant: tenant.slug, ...link }), /no active client/);
  await assert.rejects(unlinkClient(api.migrator, { tenant: other.slug, ...link }), /stands for no client/);
  const gone = await linked();
  await unlinkClient(api.migrator, { tenant: gone.slug, issuer: issuer.url, subject: gone.subject });
  await assertProblem(
    await get(issuer.sign({ ...claims, client_id: gone.subject, org: gone.slug })),
    'unauthenticated',
  );
});

test('keys change without a restart, and one that is withdrawn counts no longer', async () => {
  const [former] = issuer.keys;
  assert.ok(former);
  const next = anRsaKey();
  issuer.keys = [next];
  const token = issuer.sign(claims, { key: next });
  // Refused for as long as the cool-down of an earlier test lasts.
  assert.equal((await eventually(200, () => get(token))).status, 200);
  await assertProblem(await get(issuer.sign(claims, { key: former })), 'unauthenticated');
});

test('while the identity provider is away, the keys that are known go on counting', async () => {
  issuer.away = true;
  after(() => (issuer.away = false));
  await assertProblem(await get(issuer.sign(claims, { key: stranger })), 'unauthenticated');
  assert.equal((await get(issuer.sign(claims))).status, 200);
  issuer.away = false;
});

test('a flood of unknown keys asks the identity provider once in a cool-down, away or not', async () => {
  for (const away of [false, true]) {
    issuer.away = away;
    const before = { asked: issuer.asked, at: performance.now() };
    const flood = Array.from({ length: 60 }, () =>
      get(issuer.sign(claims, { key: { ...stranger, kid: randomUUID() } })),
    );
    for (const response of await Promise.all(flood)) await assertProblem(response, 'unauthenticated');
    const seconds = Math.ceil((performance.now() - before.at) / 1_000);
    assert.ok(issuer.asked - before.asked <= seconds + 1, `${issuer.asked - before.asked} in ${seconds} s`);
  }
  issuer.away = false;
});

for (const [what, answer] of Object.entries({
  'an error': { status: 500 },
  'a redirect': { status: 302, headers: { location: `${issuer.url}/elsewhere` }, body: '' },
  'more than its bound': { body: `{"keys":[],"x":"${'x'.repeat(300_000)}"}` },
  'no JSON': { body: '<html>' },
  'no key set': { body: '{"keys":{}}' },
})) {
  test(`keys: an answer that is ${what} gives none, and the caller hears "later"`, async () => {
    const hostile = await startIssuer(audience);
    after(() => hostile[Symbol.asyncDispose]());
    hostile.answer = answer;
    const { config, database } = api.context;
    assert.ok(hasExternal(config));
    const settings = { ...config, IDP_ISSUER: hostile.url, IDP_JWKS_URL: `${hostile.url}/keys` };
    await using external = openExternalIssuer(settings, { database, onError: () => {} });
    await assert.rejects(external.keyOf(hostile.sign(claims)), /identity provider cannot be reached/);
    assert.equal(hostile.asked, 1);
  });
}
