import { operations, scopes } from '@invoicepress/client';
import { aDraft } from '@invoicepress/invoice/testing';
import jwt from 'jsonwebtoken';
import assert from 'node:assert/strict';
import { createHmac, createPrivateKey, createPublicKey, randomUUID, sign } from 'node:crypto';
import { after, test } from 'node:test';
import { assertProblem } from './assert-problem.ts';
import { aSigningKey, startApi } from './start-api.ts';

const api = await startApi();
after(() => api[Symbol.asyncDispose]());
const tenant = await api.tenant();

const { config } = api.context;
const privateKey = createPrivateKey(config.JWT_PRIVATE_KEY);
const publicPem = createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString();
const genuine = jwt.decode(tenant.token, { complete: true });
assert.ok(genuine);
const header = { ...genuine.header };
const claims = genuine.payload as jwt.JwtPayload;
const now = Math.floor(Date.now() / 1_000);
const ttl = config.TOKEN_TTL_SECONDS;

/** A token with our own key, but for what is changed. */
const signed = (changed: object, changedHeader: object = {}, key: jwt.Secret | jwt.PrivateKey = privateKey): string =>
  jwt.sign({ ...claims, ...changed }, key, { algorithm: 'ES256', header: { ...header, ...changedHeader } });
const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
/** Signed by hand, where the library would refuse to. */
const forged = (changedHeader: object, signature: (input: string) => string): string => {
  const input = `${encode({ ...header, ...changedHeader })}.${encode(claims)}`;
  return `${input}.${signature(input)}`;
};
const get = (authorization: string | undefined) =>
  api.fetch('/v1/invoices', authorization === undefined ? {} : { headers: { authorization } });

test('a genuine token is let in, and so is one that the tests sign like it', async () => {
  assert.equal((await get(`Bearer ${tenant.token}`)).status, 200);
  assert.equal((await get(`Bearer ${signed({})}`)).status, 200);
  const byHand = forged({}, (input) =>
    sign('sha256', Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url'),
  );
  assert.equal((await get(`Bearer ${byHand}`)).status, 200);
});

test('without a token the answer says how to get one', async () => {
  const response = await get(undefined);
  const { detail } = await assertProblem(response, 'unauthenticated');
  assert.match(detail, /POST \/oauth2\/token/);
  assert.equal(response.headers.get('www-authenticate'), 'Bearer');
});

test('an expired token is told apart from a wrong one', async () => {
  const response = await get(`Bearer ${signed({ iat: now - ttl, exp: now - 60 })}`);
  assert.match((await assertProblem(response, 'unauthenticated')).detail, /expired/);
  assert.match(response.headers.get('www-authenticate') ?? '', /^Bearer error="invalid_token"/);
});

const [head = '', body = '', signature = ''] = tenant.token.split('.');
for (const [name, token] of Object.entries({
  garbage: 'abc',
  'three dots': '...',
  'a changed payload': `${head}.${encode({ ...claims, tenant: randomUUID() })}.${signature}`,
  'no signature': `${head}.${body}.`,
  'algorithm none': forged({ alg: 'none' }, () => ''),
  'algorithm None': forged({ alg: 'None' }, () => ''),
  'HS256 with the public key as its secret': forged({ alg: 'HS256' }, (input) =>
    createHmac('sha256', publicPem).update(input).digest('base64url'),
  ),
  'HS256 under the header of ES256': forged({}, (input) =>
    createHmac('sha256', publicPem).update(input).digest('base64url'),
  ),
  'a key of its own in the header': signed(
    {},
    { jwk: createPublicKey(privateKey).export({ format: 'jwk' }) },
    createPrivateKey(aSigningKey()),
  ),
  'another key': signed({}, {}, createPrivateKey(aSigningKey())),
  'another key id': signed({}, { kid: 'other' }),
  'another audience': signed({ aud: 'somebody' }),
  'another issuer': signed({ iss: 'https://elsewhere.example' }),
  'no audience': signed({ aud: undefined }),
  'a use that lies ahead': signed({ nbf: now + 600 }),
  'an age beyond its time, whatever it says itself': signed({ iat: now - ttl - 60, exp: now + 3_600 }),
  'no tenant': signed({ tenant: undefined }),
  'a tenant that is none': signed({ tenant: { id: 1 } }),
  'the type of a session': signed({}, { typ: 'session+jwt' }),
  'no type': signed({}, { typ: 'JWT' }),
  'a sign-in link': api.context.tokens.issueSignIn(),
})) {
  test(`a token with ${name} is refused`, async () => {
    const response = await get(`Bearer ${token}`);
    await assertProblem(response, 'unauthenticated');
    assert.match(response.headers.get('www-authenticate') ?? '', /invalid_token/);
  });
}

test('a token counts in the Authorization header alone', async () => {
  await assertProblem(await api.fetch(`/v1/invoices?access_token=${tenant.token}`), 'unauthenticated');
  await assertProblem(await get(`Basic ${tenant.token}`), 'unauthenticated');
  await assertProblem(
    await api.fetch('/v1/invoices', { headers: { cookie: `token=${tenant.token}` } }),
    'unauthenticated',
  );
});

test('every operation but the token endpoint needs a token, and its scope', async () => {
  for (const operation of Object.values(operations).flatMap((each) => ('scope' in each ? [each] : []))) {
    const { path, scope } = operation;
    const method = operation.method.toUpperCase();
    const url = path.replace('{format}', 'pdf').replaceAll(/\{\w+\}/g, randomUUID());
    await assertProblem(await api.fetch(url, { method }), 'unauthenticated');
    const others = scopes.filter((each) => each !== scope);
    const { tokens } = api.context;
    const token = tokens.issueAccess({ tenantId: tenant.id, clientId: tenant.clientId, scopes: others });
    const response = await api.fetch(url, { method, headers: { authorization: `Bearer ${token}` } });
    const { detail } = await assertProblem(response, 'missing-scope');
    assert.match(detail, new RegExp(scope));
    assert.equal(response.headers.get('www-authenticate'), `Bearer error="insufficient_scope", scope="${scope}"`);
  }
});

test('who is refused stores nothing', async () => {
  const reader = await api.clientOf(tenant, { scopes: ['invoices:read'] });
  await assertProblem(await reader.post('/v1/invoices', aDraft()), 'missing-scope');
  assert.equal((await tenant.client.listPage()).invoices.length, 0);
});

test('no token reaches the log', () => {
  assert.ok(!api.log.text().includes(signature));
  assert.ok(!/eyJ[\w-]{10}/.test(api.log.text()));
});
