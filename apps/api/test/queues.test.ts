import { aDraft } from '@invoicepress/invoice/testing';
import jwt from 'jsonwebtoken';
import assert from 'node:assert/strict';
import { createPrivateKey } from 'node:crypto';
import { after, test } from 'node:test';
import { createTokens } from '../src/auth/tokens.ts';
import { assertProblem } from './assert-problem.ts';
import { aSigningKey, startApi } from './start-api.ts';

const api = await startApi();
after(() => api[Symbol.asyncDispose]());
const { tokens, config } = api.context;

const signIn = (token: string) => api.fetch(`/sign-in?${new URLSearchParams({ token })}`);
const withCookie = (path: string, cookie: string, init: RequestInit = {}) =>
  api.fetch(path, { ...init, headers: { cookie } });
const session = async (): Promise<string> => {
  const response = await signIn(tokens.issueSignIn());
  assert.equal(response.status, 303);
  assert.equal(response.headers.get('location'), '/queues/');
  const [cookie = ''] = response.headers.getSetCookie();
  return cookie.split(';')[0] ?? '';
};

test('the queues are for operators who signed in', async () => {
  const tenant = await api.tenant();
  for (const path of ['/queues', '/queues/', '/queues/api/queues']) {
    await assertProblem(await api.fetch(path), 'unauthenticated');
    await assertProblem(await tenant.fetch(path), 'unauthenticated');
    await assertProblem(await withCookie(path, 'invoicepress_session=guess'), 'unauthenticated');
    await assertProblem(await withCookie(path, `invoicepress_session=${tenant.token}`), 'unauthenticated');
    await assertProblem(await withCookie(path, `invoicepress_session=${tokens.issueSignIn()}`), 'unauthenticated');
  }
});

test('a sign-in link gives a session, which shows the queue', async () => {
  const tenant = await api.tenant();
  await tenant.client.submitInvoice(aDraft());
  const cookie = await session();
  const page = await withCookie('/queues/', cookie);
  assert.equal(page.status, 200);
  assert.match(await page.text(), /Invoicepress/);
  const queues = await withCookie('/queues/api/queues', cookie);
  assert.equal(queues.status, 200);
  const shown = await queues.text();
  assert.match(shown, /"waiting":\s*[1-9]/);
  assert.match(shown, /"name":\s*"deliver-webhook"/);
});

test('the session travels with requests of the same site to the queues, and no script reads it', async () => {
  const [cookie = ''] = (await signIn(tokens.issueSignIn())).headers.getSetCookie();
  for (const attribute of [/HttpOnly/i, /SameSite=Lax/i, /Path=\/queues/i, /Max-Age=28800/i])
    assert.match(cookie, attribute);
});

test('where the API is reached by TLS, so is the session', async () => {
  const secure = await startApi({ PUBLIC_URL: 'https://api.example.com' });
  after(() => secure[Symbol.asyncDispose]());
  const response = await secure.fetch(`/sign-in?token=${secure.context.tokens.issueSignIn()}`);
  assert.match(response.headers.getSetCookie()[0] ?? '', /; Secure/);
});

test('expired, forged and foreign sign-in links are refused', async () => {
  const tenant = await api.tenant();
  const now = Math.floor(Date.now() / 1_000);
  const key = createPrivateKey(config.JWT_PRIVATE_KEY);
  const genuine = jwt.decode(tokens.issueSignIn(), { complete: true });
  assert.ok(genuine);
  const claims = genuine.payload as jwt.JwtPayload;
  const expired = jwt.sign({ ...claims, iat: now - 3_600, exp: now - 60 }, key, {
    algorithm: 'ES256',
    header: { ...genuine.header },
  });
  const settings = { issuer: config.PUBLIC_URL, audience: config.JWT_AUDIENCE, ttlSeconds: 900 };
  const foreign = createTokens({ ...settings, privateKeyPem: aSigningKey() }).issueSignIn();
  for (const token of [expired, foreign, tenant.token, tokens.issueSession(), 'guess', '']) {
    const response = await signIn(token);
    assert.deepEqual(response.headers.getSetCookie(), []);
    assert.match((await assertProblem(response, 'unauthenticated')).detail, /npm run admin -- sign-in-link/);
  }
  await assertProblem(await api.fetch('/sign-in'), 'unauthenticated');
  await assertProblem(await api.fetch(`/sign-in?token=${tokens.issueSignIn()}&token=b`), 'unauthenticated');
});

test('operators look and do not touch', async () => {
  const tenant = await api.tenant();
  const { id } = await tenant.client.submitInvoice(aDraft());
  const cookie = await session();
  const name = api.context.queue.bull.name;
  for (const [method, path] of [
    ['PUT', `/queues/api/queues/${name}/pause`],
    ['PUT', `/queues/api/queues/${name}/empty`],
    ['PUT', `/queues/api/queues/${name}/obliterate`],
    ['PUT', `/queues/api/queues/${name}/${id}_1/clean`],
  ] as const) {
    const response = await withCookie(path, cookie, { method });
    await response.bytes();
    assert.ok(response.status >= 400, `${method} ${path}: ${response.status}`);
  }
  assert.deepEqual(await api.context.queue.presence([{ tenantId: tenant.id, invoiceId: id, generation: 1 }]), [
    'waiting',
  ]);
  assert.equal(await api.context.queue.bull.isPaused(), false);
});
