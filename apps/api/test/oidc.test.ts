import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import { Provider } from 'oidc-provider';
import { assertProblem } from './assert-problem.ts';
import { startApi } from './start-api.ts';

/** A certified OpenID provider (the package oidc-provider), in which whoever is named in the next request is signed in. */
const secret = randomUUID();
const roles: Record<string, string[] | undefined> = {
  ada: ['invoice-admins', 'staff'],
  vera: ['accounting'],
  eve: ['staff'],
};
let provider: Provider | undefined;
let person = 'ada';
let seen: URLSearchParams | undefined;
const server = createServer((req, res) => {
  assert.ok(provider);
  const url = new URL(req.url ?? '', issuer);
  if (url.pathname === '/auth') seen = url.searchParams;
  if (!url.pathname.startsWith('/interaction/')) return void provider.callback()(req, res);
  void (async (using: Provider) => {
    const { params, session } = await using.interactionDetails(req, res);
    const grant = new using.Grant({ accountId: session?.accountId ?? person, clientId: String(params['client_id']) });
    grant.addOIDCScope('openid profile');
    const consent = { grantId: await grant.save() };
    await using.interactionFinished(req, res, { login: { accountId: person }, consent });
  })(provider);
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

const api = await startApi({
  OIDC_ISSUER: issuer,
  OIDC_CLIENT_ID: 'invoicepress',
  OIDC_CLIENT_SECRET: secret,
  OIDC_ROLE_CLAIM: 'groups',
  OIDC_VIEWER_VALUES: 'accounting',
  OIDC_OPERATOR_VALUES: 'invoice-admins, invoice-operators',
  IDENTITY_ALLOW_LOOPBACK: 'true',
});
after(async () => {
  await api[Symbol.asyncDispose]();
  server.close();
  server.closeAllConnections();
});
provider = new Provider(issuer, {
  clients: [{ client_id: 'invoicepress', client_secret: secret, redirect_uris: [`${api.url}/sign-in/callback`] }],
  claims: { openid: ['sub', 'groups'], profile: ['groups'] },
  conformIdTokenClaims: false,
  pkce: { required: () => true },
  features: { devInteractions: { enabled: false } },
  interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
  findAccount: (_context, sub) => ({ accountId: sub, claims: () => ({ sub, groups: roles[sub] }) }),
  cookies: { keys: [randomUUID()] },
  ttl: { AccessToken: 60, AuthorizationCode: 60, Grant: 60, IdToken: 60, Interaction: 60, Session: 60 },
});

/** A browser: keeps cookies by host, and follows redirects until it is told to stop. */
const aBrowser = () => {
  const jar = new Map<string, string>();
  const visit = async (url: string, init: RequestInit = {}): Promise<Response> => {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, { redirect: 'manual', ...init, headers: { ...init.headers, cookie } });
    for (const set of response.headers.getSetCookie()) {
      const [name = '', value = ''] = set.split(';', 1)[0]?.split('=') ?? [];
      if (value === '') jar.delete(name);
      else jar.set(name, value);
    }
    return response;
  };
  const follow = async (start: string, stopBefore: RegExp): Promise<string> => {
    let url = start;
    for (let hops = 0; hops < 10 && !stopBefore.test(url); hops++) {
      const response = await visit(url);
      await response.bytes();
      url = new URL(response.headers.get('location') ?? assert.fail(`${url}: ${response.status}`), url).href;
    }
    return url;
  };
  return { jar, visit, follow };
};
const callback = /\/sign-in\/callback\?/;
const queues = `${api.url}/queues/api/queues`;

const signInAs = async (name: string) => {
  person = name;
  const browser = aBrowser();
  const back = await browser.follow(`${api.url}/sign-in/oidc`, callback);
  return { browser, back, response: await browser.visit(back) };
};

test('a person whom the identity provider calls an operator signs in, with PKCE, state and nonce', async () => {
  const { browser, response } = await signInAs('ada');
  assert.equal(response.status, 303);
  assert.equal(response.headers.get('location'), '/queues/');
  assert.deepEqual(
    { method: seen?.get('code_challenge_method'), type: seen?.get('response_type') },
    { method: 'S256', type: 'code' },
  );
  for (const name of ['code_challenge', 'state', 'nonce']) assert.ok((seen?.get(name)?.length ?? 0) >= 40, name);
  assert.equal((await browser.visit(queues)).status, 200);
  const headers = { 'sec-fetch-site': 'same-origin' };
  const pause = `${queues}/${api.context.queue.bull.name}/resume`;
  assert.equal((await browser.visit(pause, { method: 'PUT', headers })).status, 200);
});

test('a person whom it calls a viewer looks, and changes nothing', async () => {
  const { browser } = await signInAs('vera');
  assert.equal((await browser.visit(queues)).status, 200);
  const headers = { 'sec-fetch-site': 'same-origin' };
  const pause = `${queues}/${api.context.queue.bull.name}/pause`;
  await assertProblem(await browser.visit(pause, { method: 'PUT', headers }), 'missing-role');
});

test('a person to whom it gives no role of ours gets no session', async () => {
  for (const name of ['eve', 'nobody']) {
    const { browser, response } = await signInAs(name);
    await assertProblem(response, 'missing-role');
    await assertProblem(await browser.visit(queues), 'unauthenticated');
  }
});

test('a callback counts once, in the browser that began, with the state that it was given', async () => {
  const { browser, back } = await signInAs('ada');
  await assertProblem(await browser.visit(back), 'unauthenticated'); // again
  person = 'ada';
  const victim = aBrowser();
  const mine = await victim.follow(`${api.url}/sign-in/oidc`, callback);
  await assertProblem(await aBrowser().visit(mine), 'unauthenticated');
  const attacker = aBrowser();
  await attacker.follow(`${api.url}/sign-in/oidc`, callback);
  const response = await attacker.visit(mine);
  await assertProblem(response, 'unauthenticated');
  assert.deepEqual(
    response.headers.getSetCookie().filter((cookie) => /session=./.test(cookie)),
    [],
  );
  const changed = new URL(mine);
  changed.searchParams.set('state', 'other');
  await assertProblem(await victim.visit(changed.href), 'unauthenticated');
});

test('who may not sign in, or changes their mind, hears so', async () => {
  const browser = aBrowser();
  await browser.visit(`${api.url}/sign-in/oidc`);
  const url = `${api.url}/sign-in/callback?error=access_denied&iss=${encodeURIComponent(issuer)}`;
  await assertProblem(await browser.visit(url), 'unauthenticated');
  await assertProblem(await aBrowser().visit(`${api.url}/sign-in/callback`), 'unauthenticated');
});

test('the pages for operators send a browser to sign in, and a program its problem', async () => {
  const response = await api.fetch('/queues/', { headers: { accept: 'text/html,*/*' } });
  assert.equal(response.status, 303);
  assert.equal(response.headers.get('location'), '/sign-in');
  assert.match(await (await api.fetch('/sign-in')).text(), /href="\/sign-in\/oidc"/);
  await assertProblem(await api.fetch('/queues/', { headers: { accept: 'application/json' } }), 'unauthenticated');
});

test('nothing of signing in reaches the log but that it happened, and by what', async () => {
  const { browser, back } = await signInAs('ada');
  const log = api.log.text();
  for (const word of [secret, new URL(back).searchParams.get('code') ?? 'none', ...browser.jar.values()])
    assert.ok(!log.includes(word));
  assert.ok(api.log.lines('signed_in').some(({ role, by }) => role === 'operator' && by === 'oidc'));
});
