import { aDraft } from '@invoicepress/invoice/testing';
import type { OperatorRole } from '@invoicepress/database';
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

const sameOrigin = { 'sec-fetch-site': 'same-origin' };
/** What the button on the page of a link does. */
const signIn = (token: string, headers: Record<string, string> = sameOrigin) =>
  api.fetch('/sign-in', { method: 'POST', body: new URLSearchParams({ token }), headers });
const open = (token: string) => api.fetch(`/sign-in?${new URLSearchParams({ token })}`);
const withCookie = (path: string, cookie: string, init: RequestInit = {}) =>
  api.fetch(path, { ...init, headers: { cookie, ...sameOrigin, ...(init.headers as Record<string, string>) } });
const cookieIn = (response: Response): string => (response.headers.getSetCookie()[0] ?? '').split(';')[0] ?? '';
const session = async (role?: OperatorRole, headers: Record<string, string> = {}): Promise<string> => {
  const response = await signIn(tokens.issueSignIn(role), { ...sameOrigin, ...headers });
  assert.equal(response.status, 303);
  assert.equal(response.headers.get('location'), '/queues/');
  return cookieIn(response);
};
const queues = '/queues/api/queues';

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
  const answer = await withCookie(queues, cookie);
  assert.equal(answer.status, 200);
  const shown = await answer.text();
  assert.match(shown, /"waiting":\s*[1-9]/);
  assert.match(shown, /"name":\s*"deliver-webhook"/);
});

test('a session cookie is HttpOnly and SameSite', async () => {
  const [cookie = ''] = (await signIn(tokens.issueSignIn())).headers.getSetCookie();
  for (const attribute of [/HttpOnly/i, /SameSite=Lax/i, /Path=\/(;|$)/i, /Max-Age=28800/i])
    assert.match(cookie, attribute);
});

test('over TLS a session cookie is Secure, and of its host alone', async () => {
  const secure = await startApi({ PUBLIC_URL: 'https://api.example.com' });
  after(() => secure[Symbol.asyncDispose]());
  const response = await secure.fetch('/sign-in', {
    method: 'POST',
    body: new URLSearchParams({ token: secure.context.tokens.issueSignIn() }),
    headers: { origin: 'https://api.example.com' },
  });
  assert.match(response.headers.getSetCookie()[0] ?? '', /^__Host-invoicepress_session=.*; Path=\/;.*; Secure/);
  assert.match(response.headers.get('strict-transport-security') ?? '', /^max-age=\d{7,}/);
});

test('a sign-in link shows a button, and only that uses it up', async () => {
  const token = tokens.issueSignIn();
  for (let i = 0; i < 2; i++) {
    const page = await open(token);
    assert.equal(page.status, 200);
    assert.deepEqual(page.headers.getSetCookie(), []);
    assert.ok((await page.text()).includes(`value="${token}"`));
  }
  assert.equal((await signIn(token)).status, 303);
});

test('a sign-in link works once, however many use it at a time, and after signing out as well', async () => {
  const token = tokens.issueSignIn();
  const answers = await Promise.all(Array.from({ length: 8 }, () => signIn(token)));
  const won = answers.filter(({ status }) => status === 303);
  assert.equal(won.length, 1);
  await withCookie('/sign-out', cookieIn(won[0]!), { method: 'POST' });
  const again = await signIn(token);
  assert.deepEqual(again.headers.getSetCookie(), []);
  assert.match((await assertProblem(again, 'unauthenticated')).detail, /used before/);
});

test('expired, forged and foreign sign-in links are refused', async () => {
  const tenant = await api.tenant();
  const now = Math.floor(Date.now() / 1_000);
  const key = createPrivateKey(config.JWT_PRIVATE_KEY);
  const genuine = jwt.decode(tokens.issueSignIn(), { complete: true });
  assert.ok(genuine);
  const claims = genuine.payload as jwt.JwtPayload;
  const signed = (changed: object) =>
    jwt.sign({ ...claims, ...changed }, key, { algorithm: 'ES256', header: { ...genuine.header } });
  const settings = { issuer: config.PUBLIC_URL, audience: config.JWT_AUDIENCE, ttlSeconds: 900 };
  const foreign = createTokens({ ...settings, privateKeyPem: aSigningKey() }).issueSignIn();
  const expired = signed({ iat: now - 3_600, exp: now - 60 });
  for (const token of [expired, foreign, signed({ role: 'owner' }), tenant.token, 'guess', '']) {
    for (const response of [await open(token), await signIn(token)]) {
      assert.deepEqual(response.headers.getSetCookie(), []);
      assert.match((await assertProblem(response, 'unauthenticated')).detail, /npm run admin -- sign-in-link/);
    }
  }
  await assertProblem(await api.fetch('/sign-in'), 'unauthenticated');
  await assertProblem(await api.fetch(`/sign-in?token=${tokens.issueSignIn()}&token=b`), 'unauthenticated');
});

test('signing in ends the session before, and gives another id', async () => {
  const before = await session();
  const now = await session('operator', { cookie: before });
  assert.notEqual(now, before);
  await assertProblem(await withCookie(queues, before), 'unauthenticated');
  assert.equal((await withCookie(queues, now)).status, 200);
});

test('who signs out is out, whatever cookie was kept', async () => {
  const cookie = await session();
  assert.equal((await withCookie('/sign-out', cookie)).status, 200);
  assert.equal((await withCookie(queues, cookie)).status, 200, 'a link alone changes nothing');
  const out = await withCookie('/sign-out', cookie, { method: 'POST' });
  assert.match(out.headers.getSetCookie()[0] ?? '', /invoicepress_session=;/);
  await assertProblem(await withCookie(queues, cookie), 'unauthenticated');
});

for (const [why, change] of [
  ['idle for too long', "last_seen_at = now() - interval '1801 seconds'"],
  ['older than a session may be, however busy', "expires_at = now() - interval '1 second'"],
] as const) {
  test(`a session that is ${why} is over`, async () => {
    const cookie = await session();
    assert.equal((await withCookie(queues, cookie)).status, 200);
    await api.superuser.prisma.$executeRawUnsafe(`UPDATE operator_session SET ${change} WHERE ended_at IS NULL`);
    await assertProblem(await withCookie(queues, cookie), 'unauthenticated');
  });
}

test('the database holds no session id that could be used', async () => {
  const id = (await session()).split('=')[1] ?? '';
  const rows = await api.superuser.prisma.$queryRaw<object[]>`SELECT * FROM operator_session`;
  const kept =
    JSON.stringify(rows) + rows.map((row) => Buffer.from((row as { id_hash: Uint8Array }).id_hash).toString());
  assert.ok(id.length > 40 && !kept.includes(id));
  assert.ok(!api.log.text().includes(id));
});

const name = api.context.queue.bull.name;
const change = (path: string, cookie: string, headers: Record<string, string> = {}) =>
  withCookie(`${queues}/${name}${path}`, cookie, { method: 'PUT', headers });

test('a viewer sees the queues and changes nothing', async () => {
  const cookie = await session('viewer');
  assert.equal((await withCookie(queues, cookie)).status, 200);
  for (const path of ['/pause', '/resume', '/promote', '/retry/failed', '/empty', '/obliterate'])
    await assertProblem(await change(path, cookie), 'missing-role');
  assert.equal(await api.context.queue.bull.isPaused(), false);
});

test('an operator halts a queue and lets it go on', async () => {
  const cookie = await session('operator');
  assert.equal((await change('/pause', cookie)).status, 200);
  assert.equal(await api.context.queue.bull.isPaused(), true);
  assert.equal((await change('/resume', cookie)).status, 200);
  assert.equal(await api.context.queue.bull.isPaused(), false);
});

test('nobody takes jobs away, changes them or makes others up', async () => {
  const tenant = await api.tenant();
  const { id } = await tenant.client.submitInvoice(aDraft());
  const cookie = await session('operator');
  for (const path of ['/empty', '/obliterate', `/${id}_1/clean`, '/clean/wait', '/concurrency', '/add'])
    await assertProblem(await change(path, cookie), 'missing-role');
  for (const [method, path] of [
    ['POST', '/add'],
    ['PATCH', `/${id}_1/update-data`],
    ['DELETE', ''],
  ] as const)
    await assertProblem(await withCookie(`${queues}/${name}${path}`, cookie, { method }), 'missing-role');
  assert.deepEqual(await api.context.queue.presence([{ tenantId: tenant.id, invoiceId: id, generation: 1 }]), [
    'waiting',
  ]);
});

for (const [from, headers] of Object.entries({
  'another site': { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' },
  'another host of the same site': { 'sec-fetch-site': 'same-site', origin: api.url },
  'a browser that says Origin alone, of elsewhere': { 'sec-fetch-site': '', origin: 'https://evil.example' },
  'an opaque origin': { 'sec-fetch-site': '', origin: 'null' },
})) {
  test(`CSRF: what comes from ${from} changes nothing`, async () => {
    const cookie = await session('operator');
    await assertProblem(await change('/pause', cookie, headers), 'cross-site-request');
    assert.equal(await api.context.queue.bull.isPaused(), false);
    await assertProblem(await withCookie('/sign-out', cookie, { method: 'POST', headers }), 'cross-site-request');
    assert.equal((await withCookie(queues, cookie)).status, 200);
    const response = await signIn(tokens.issueSignIn(), headers);
    assert.deepEqual(response.headers.getSetCookie(), []);
    await assertProblem(response, 'cross-site-request');
  });
}
