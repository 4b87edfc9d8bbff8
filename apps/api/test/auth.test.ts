import { operations, scopes, type Scope } from '@invoicepress/client';
import { aDraft } from '@invoicepress/invoice/testing';
import jwt from 'jsonwebtoken';
import assert from 'node:assert/strict';
import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomUUID,
  sign,
  type KeyObject,
} from 'node:crypto';
import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { test } from 'node:test';
import { MAX_TOKEN_CHARACTERS } from '../src/auth/bearer.ts';
import { assertProblem } from './assert-problem.ts';
import { aSigningKey, sharedApi } from './start-api.ts';

const api = await sharedApi();
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
const forged = (changedHeader: object, signature: (input: string) => string, changed: object = {}): string => {
  const input = `${encode({ ...header, ...changedHeader })}.${encode({ ...claims, ...changed })}`;
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
const ownJwk = createPublicKey(privateKey).export({ format: 'jwk' });
const { privateKey: rsaKey, publicKey: rsaPublic } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const attacker = createPrivateKey(aSigningKey());
const elsewhere = 'https://evil.example/keys.json';
const es256 = (key: KeyObject) => (input: string) =>
  sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url');
const hs256 = (secret: string | Buffer) => (input: string) =>
  createHmac('sha256', secret).update(input).digest('base64url');

/** Each by the section of RFC 8725 (or of the RFC that is named) whose advice it tries to get around. */
const attacks: Record<string, string> = {
  '2.1 algorithm none': forged({ alg: 'none' }, () => ''),
  '2.1 algorithm None': forged({ alg: 'None' }, () => ''),
  '2.1 algorithm none, with a signature': forged({ alg: 'none' }, es256(privateKey)),
  '2.1 HS256 with the public key as its secret': forged({ alg: 'HS256' }, hs256(publicPem)),
  '2.1 HS256 with the public JWK as its secret': forged({ alg: 'HS256' }, hs256(JSON.stringify(ownJwk))),
  '2.1 HS256 with an empty secret': forged({ alg: 'HS256' }, hs256('')),
  '2.1 HS256 under the header of ES256': forged({}, hs256(publicPem)),
  '3.1 RS256, an algorithm that is not ours': forged({ alg: 'RS256' }, (input) =>
    sign('sha256', Buffer.from(input), rsaKey).toString('base64url'),
  ),
  '3.1 ES256K, an algorithm that is not ours': forged({ alg: 'ES256K' }, es256(privateKey)),
  '3.1 EdDSA by the key of proof bundles': forged({ alg: 'EdDSA', kid: api.context.proofSigner.kid }, (input) =>
    sign(null, Buffer.from(input), config.PROOF_PRIVATE_KEY).toString('base64url'),
  ),
  '3.1 no algorithm': forged({ alg: undefined }, es256(privateKey)),
  '3.3 no signature': `${head}.${body}.`,
  '3.3 the zero signature (CVE-2022-21449)': `${head}.${body}.${Buffer.alloc(64).toString('base64url')}`,
  '3.3 a signature in DER': forged({}, (input) => sign('sha256', Buffer.from(input), privateKey).toString('base64url')),
  '3.3 a changed payload': `${head}.${encode({ ...claims, tenant: randomUUID() })}.${signature}`,
  '3.3 the signature of another token': `${signed({ jti: randomUUID() }).split('.').slice(0, 2).join('.')}.${signature}`,
  '3.8 another issuer': signed({ iss: 'https://elsewhere.example' }),
  '3.8 no issuer': signed({ iss: undefined }),
  '3.9 another audience': signed({ aud: 'somebody' }),
  '3.9 no audience': signed({ aud: undefined }),
  '3.10 a key of its own in jwk': signed({}, { jwk: ownJwk }, attacker),
  '3.10 a key of its own in jwk, under an RSA algorithm': forged(
    { alg: 'RS256', jwk: rsaPublic.export({ format: 'jwk' }) },
    (input) => sign('sha256', Buffer.from(input), rsaKey).toString('base64url'),
  ),
  '3.10 jku, even when we signed it': forged({ jku: elsewhere }, es256(privateKey)),
  '3.10 x5u, even when we signed it': forged({ x5u: elsewhere }, es256(privateKey)),
  '3.10 x5c, even when we signed it': forged({ x5c: ['MIIB'] }, es256(privateKey)),
  '3.10 jwk, even when we signed it': forged({ jwk: ownJwk }, es256(privateKey)),
  '3.10 a kid that is a path': forged({ kid: '../../../../dev/null' }, hs256('')),
  '3.10 a kid that is SQL': signed({}, { kid: "' OR 1=1 --" }, attacker),
  '3.10 a kid that is no text': forged({ kid: { $ne: null } }, es256(privateKey)),
  '3.10 another kid': signed({}, { kid: 'other' }),
  '3.10 no kid': forged({ kid: undefined }, es256(privateKey)),
  '3.10 another key under our kid': signed({}, {}, attacker),
  '3.11 the type of a session': signed({}, { typ: 'session+jwt' }),
  '3.11 the type of any token': signed({}, { typ: 'JWT' }),
  '3.11 no type': forged({ typ: undefined }, es256(privateKey)),
  '3.11 a sign-in link': api.context.tokens.issueSignIn(),
  '3.11 what a browser keeps while it signs in': api.context.tokens.issueSigningIn({
    state: 's',
    nonce: 'n',
    verifier: 'v',
  }),
  'RFC 7515 4.1.11 a critical extension that is unknown': forged(
    { crit: ['http://example.com/x'], 'http://example.com/x': true },
    es256(privateKey),
  ),
  'RFC 7515 4.1.11 an empty list of critical extensions': forged({ crit: [] }, es256(privateKey)),
  'RFC 7797 an unencoded payload': forged({ b64: false, crit: ['b64'] }, es256(privateKey)),
  'RFC 7519 4.1.4 no expiry': forged({}, es256(privateKey), { exp: undefined }),
  'RFC 7519 4.1.4 an expiry that is no number': forged({}, es256(privateKey), { exp: 'never' }),
  'RFC 7519 4.1.5 a use that lies ahead': signed({ nbf: now + 600 }),
  'RFC 7519 4.1.5 no beginning': forged({}, es256(privateKey), { nbf: undefined }),
  'RFC 7519 4.1.6 an age beyond its time, whatever it says itself': signed({ iat: now - ttl - 60, exp: now + 3_600 }),
  'RFC 9068 2.2 no tenant': signed({ tenant: undefined }),
  'RFC 9068 2.2 a tenant that is none': signed({ tenant: { id: 1 } }),
  'RFC 9068 2.2 no client': signed({ client_id: undefined }),
  'no size that is ours': signed({ more: 'x'.repeat(MAX_TOKEN_CHARACTERS) }),
  'nothing but garbage': 'abc',
  'three dots': '...',
  'five parts, as an encrypted one': `${head}.${body}.${body}.${body}.${signature}`,
  'a header that is no object': `${encode([1])}.${body}.${signature}`,
};
for (const [name, token] of Object.entries(attacks)) {
  test(`JWT: ${name} is refused`, async () => {
    const response = await get(`Bearer ${token}`);
    await assertProblem(response, 'unauthenticated');
    assert.match(response.headers.get('www-authenticate') ?? '', /invalid_token/);
  });
}

test('several Authorization headers are refused, whichever of them is genuine', async () => {
  for (const values of [
    [`Bearer ${tenant.token}`, 'Bearer abc'],
    ['Bearer abc', `Bearer ${tenant.token}`],
    [`Bearer ${tenant.token}`, `Bearer ${tenant.token}`],
  ]) {
    const outgoing = request(`${api.url}/v1/invoices`, { headers: { authorization: values } as never }).end();
    const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
    answer.resume();
    assert.equal(answer.statusCode, 401);
  }
});

test('a token counts in the Authorization header alone', async () => {
  await assertProblem(await api.fetch(`/v1/invoices?access_token=${tenant.token}`), 'unauthenticated');
  await assertProblem(await get(`Basic ${tenant.token}`), 'unauthenticated');
  await assertProblem(
    await api.fetch('/v1/invoices', { headers: { cookie: `token=${tenant.token}` } }),
    'unauthenticated',
  );
});

for (const [name, operation] of Object.entries(operations).filter(([, each]) => 'scope' in each)) {
  const { path, method, scope } = operation as { path: string; method: string; scope: Scope };
  test(`scope: ${name} needs a token, and ${scope} of all scopes`, async () => {
    const url = path.replace('{format}', 'pdf').replaceAll(/\{\w+\}/g, randomUUID());
    const send = (headers: Record<string, string>) => api.fetch(url, { method: method.toUpperCase(), headers });
    await assertProblem(await send({}), 'unauthenticated');
    const withScopes = (granted: Scope[]) => {
      const token = api.context.tokens.issueAccess({ tenantId: tenant.id, clientId: tenant.clientId, scopes: granted });
      return send({ authorization: `Bearer ${token}` });
    };
    const response = await withScopes(scopes.filter((each) => each !== scope));
    assert.ok((await assertProblem(response, 'missing-scope')).detail.includes(`"${scope}"`));
    assert.equal(response.headers.get('www-authenticate'), `Bearer error="insufficient_scope", scope="${scope}"`);
    const enough = await withScopes([scope]);
    await enough.bytes();
    assert.ok(![401, 403].includes(enough.status), `${name}: ${enough.status}`);
  });
}

test('only the token endpoint asks for no scope', () => {
  const open = Object.entries(operations).flatMap(([name, operation]) => ('scope' in operation ? [] : [name]));
  assert.deepEqual(open, ['issueToken']);
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
