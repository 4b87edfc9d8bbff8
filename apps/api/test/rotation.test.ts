import { aDraft } from '@invoicepress/invoice/testing';
import { SignatureRefused, verifySignature } from '@invoicepress/proof';
import { openStorage } from '@invoicepress/storage';
import assert from 'node:assert/strict';
import { FlattenedSign } from 'jose';
import { createPrivateKey, createPublicKey, randomBytes, randomUUID } from 'node:crypto';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';
import { revoke } from '../src/administration.ts';
import { createApp } from '../src/app.ts';
import type { Context } from '../src/context.ts';
import { createTokens, type TokenSettings } from '../src/auth/tokens.ts';
import { giveSecret, secretsOf, withdrawSecret } from '../src/client-administration.ts';
import { listen, type Server } from '../src/listen.ts';
import { assertProblem } from './assert-problem.ts';
import { eventually } from './eventually.ts';
import { makeReady } from './make-ready.ts';
import { aSigningKey, startApi, type Tenant } from './start-api.ts';

const api = await startApi({ TOKEN_RATE_LIMIT_PER_MINUTE: '10000', RATE_LIMIT_PER_MINUTE: '1000000' });
after(() => api[Symbol.asyncDispose]());
const { config } = api.context;

const publicOf = (pem: string): string => createPublicKey(pem).export({ type: 'spki', format: 'pem' }).toString();
type Credentials = Pick<Tenant, 'clientId' | 'clientSecret'>;

const tokenRequest = ({ clientId, clientSecret }: Credentials): RequestInit => ({
  method: 'POST',
  body: new URLSearchParams({ grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret }),
});
const askToken = (url: string, credentials: Credentials) => fetch(`${url}/oauth2/token`, tokenRequest(credentials));

/** An API process as it is after a restart with other parts; the database and the rest are those of the first. */
const startAnother = (parts: Partial<Context>): Promise<Server> =>
  listen(createApp({ ...api.context, ...parts }), { HOST: '127.0.0.1', PORT: 0, SHUTDOWN_SECONDS: 30 });

const startWith = (keys: Pick<TokenSettings, 'privateKeyPem' | 'otherPublicKeysPem'>): Promise<Server> => {
  const tokens = createTokens({
    ...keys,
    issuer: config.PUBLIC_URL,
    audience: config.JWT_AUDIENCE,
    ttlSeconds: config.TOKEN_TTL_SECONDS,
  });
  return startAnother({ tokens });
};

/**
 * Clients that take tokens from one process and use them at another, old ones as well as new ones, until they are
 * stopped; anything but success is a failure.
 */
const startLoad = (servers: Server[], credentials: () => Credentials) => {
  const serving = new Set(servers);
  const pending = new Map<Server, Set<Promise<unknown>>>();
  const counts = { tokens: 0, reads: 0, writes: 0 };
  const failures: string[] = [];
  const tokens: string[] = [];
  const stop = new AbortController();
  const any = <T>(of: T[]): T => of[Math.floor(Math.random() * of.length)]!;
  const send = async (kind: keyof typeof counts, path: string, init: () => RequestInit): Promise<string> => {
    const server = any([...serving]);
    const answered = fetch(server.url + path, init()).then(async (response) => {
      const text = await response.text();
      if (!response.ok) throw new Error(`${kind}: ${response.status} ${text}`);
      counts[kind] += 1;
      return text;
    });
    const ofServer = pending.get(server) ?? new Set();
    pending.set(server, ofServer.add(answered));
    return answered.finally(() => ofServer.delete(answered));
  };
  const use = (init: RequestInit) => (): RequestInit => ({
    ...init,
    headers: { authorization: `Bearer ${any(tokens)}`, 'content-type': 'application/json' },
  });
  const client = async () => {
    while (!stop.signal.aborted) {
      const answer = await send('tokens', '/oauth2/token', () => tokenRequest(credentials()));
      tokens.push((JSON.parse(answer) as { access_token: string }).access_token);
      await send('reads', '/v1/invoices?limit=1', use({}));
      await send(
        'writes',
        '/v1/invoices',
        use({ method: 'POST', body: JSON.stringify(aDraft({ number: randomUUID() })) }),
      );
    }
  };
  const clients = Array.from({ length: 4 }, () => client().catch((error: Error) => void failures.push(inspect(error))));
  return {
    counts,
    /** Until each kind of request went on for a while. */
    async goOn() {
      const goal = counts.writes + 4;
      while (counts.writes < goal && failures.length === 0) await sleep(10);
      assert.deepEqual(failures, []);
    },
    /** Lets go of a server before it stops, as a gateway does. */
    async drain(server: Server) {
      serving.delete(server);
      await Promise.allSettled(pending.get(server) ?? new Set<Promise<unknown>>());
    },
    add: (server: Server) => void serving.add(server),
    async stop() {
      stop.abort();
      await Promise.all(clients);
      assert.deepEqual(failures, []);
    },
  };
};

test('the signing key is changed, one process after the other, under load, with no failed request', async () => {
  const tenant = await api.tenant();
  const [former, next] = [aSigningKey(), aSigningKey()];
  const servers = [await startWith({ privateKeyPem: former }), await startWith({ privateKeyPem: former })];
  after(() => Promise.all(servers.map((server) => server[Symbol.asyncDispose]())));
  const load = startLoad(servers, () => tenant);
  await load.goOn();
  for (const keys of [
    { privateKeyPem: former, otherPublicKeysPem: publicOf(next) },
    { privateKeyPem: next, otherPublicKeysPem: publicOf(former) },
  ]) {
    for (const [i, old] of servers.entries()) {
      await load.drain(old);
      await old[Symbol.asyncDispose]();
      const fresh = await startWith(keys);
      servers[i] = fresh;
      load.add(fresh);
      await load.goOn();
    }
  }
  await load.stop();
  assert.ok(load.counts.writes >= 20, JSON.stringify(load.counts));

  // At last, when the tokens of the former key are over.
  const alone = await startWith({ privateKeyPem: next });
  after(() => alone[Symbol.asyncDispose]());
  const { access_token: late } = (await (await askToken(servers[0]!.url, tenant)).json()) as { access_token: string };
  const withToken = (token: string) =>
    fetch(`${alone.url}/v1/invoices`, { headers: { authorization: `Bearer ${token}` } });
  assert.equal((await withToken(late)).status, 200);
  const byFormer = createTokens({
    privateKeyPem: former,
    issuer: config.PUBLIC_URL,
    audience: config.JWT_AUDIENCE,
    ttlSeconds: 900,
  });
  const old = byFormer.issueAccess({ tenantId: tenant.id, clientId: tenant.clientId, scopes: ['invoices:read'] });
  assert.equal((await withToken(old)).status, 401);
});

test('the key that signs links is changed, one process after the other, under load, with no refused link', async () => {
  const tenant = await api.tenant();
  const { id } = await tenant.client.submitInvoice(aDraft({ number: randomUUID() }));
  await makeReady(api, tenant, id);
  await using parts = new AsyncDisposableStack();
  const [former, next] = [config.STORAGE_SIGNING_KEY!, randomBytes(32).toString('hex')];
  const start = async (key: string, ...further: string[]): Promise<Server> => {
    const keys = { STORAGE_SIGNING_KEY: key, STORAGE_SIGNING_FURTHER_KEYS: further };
    return parts.use(await startAnother({ storage: parts.use(openStorage({ ...config, ...keys })) }));
  };
  const servers = [await start(former), await start(former)];
  const outcomes: string[] = [];
  const stop = new AbortController();
  // Each link is signed by one process and served by another, whichever those are by then; its 5 minutes outlast a roll-out.
  const client = async (turn: number): Promise<void> => {
    for (let i = turn; !stop.signal.aborted; i += 1) {
      const [signing, serving] = [servers[i % 2]!, servers[Math.floor(i / 2) % 2]!];
      const path = `/v1/invoices/${id}/documents/pdf`;
      const headers = { authorization: `Bearer ${tenant.token}`, accept: 'application/json' };
      const { url } = (await (await fetch(signing.url + path, { headers })).json()) as { url: string };
      const response = await fetch(url.replace(api.url, serving.url));
      outcomes.push(`${response.status} ${(await response.text()).slice(0, 8)}`);
    }
  };
  const clients = [client(0), client(1), client(2)];
  const someMore = async (): Promise<void> => {
    for (const wanted = outcomes.length + 12; outcomes.length < wanted;) await sleep(10);
  };
  await someMore();
  for (const keys of [[former, next], [next, former], [next]])
    for (const i of servers.keys()) {
      servers[i] = await start(keys[0]!, ...keys.slice(1)); // the one before answers what it is asked until the end
      await someMore();
    }
  stop.abort();
  await Promise.all(clients);
  assert.deepEqual([...new Set(outcomes)], ['200 %PDF-1.7']);
});

test('a client secret is changed under load, with no failed request', async () => {
  const tenant = await api.tenant();
  let credentials: Credentials = tenant;
  const own = { url: api.url } as Server;
  const load = startLoad([own], () => credentials);
  await load.goOn();
  const of = { tenant: tenant.slug, clientId: tenant.clientId };
  const rotated = await giveSecret(api.migrator, { ...of, graceHours: '1' });
  await load.goOn();
  credentials = rotated;
  await load.goOn();
  await load.stop();
  assert.ok(load.counts.writes >= 12, JSON.stringify(load.counts));
});

const refusedSoon = async (token: string): Promise<void> => {
  const use = () => api.fetch('/v1/invoices', { headers: { authorization: `Bearer ${token}` } });
  assert.match((await assertProblem(await eventually(401, use), 'unauthenticated')).detail, /revoked/);
};
const tokenOf = async (credentials: Credentials): Promise<string> => {
  const response = await askToken(api.url, credentials);
  assert.equal(response.status, 200);
  return ((await response.json()) as { access_token: string }).access_token;
};

test('a revoked secret gives no token at once, the tokens that it gave end, and those of the other go on', async () => {
  const tenant = await api.tenant();
  const of = { tenant: tenant.slug, clientId: tenant.clientId };
  const second = await giveSecret(api.migrator, of);
  const [leaked, kept] = [await tokenOf(tenant), await tokenOf(second)];
  const { secrets } = (await secretsOf(api.migrator, of)) as { secrets: { id: string }[] };
  const first = secrets.find(({ id }) => id !== second.secretId);
  assert.ok(first);
  await withdrawSecret(api.migrator, { ...of, secretId: first.id });
  await assertProblem(await askToken(api.url, tenant), 'invalid-client');
  await refusedSoon(leaked);
  assert.equal((await api.fetch('/v1/invoices', { headers: { authorization: `Bearer ${kept}` } })).status, 200);
  await tokenOf(second);
});

test('a revoked client gets no token at once, and the tokens that it has end', async () => {
  const tenant = await api.tenant();
  const token = await tokenOf(tenant);
  await revoke(api.migrator, { tenant: tenant.slug, clientId: tenant.clientId });
  await assertProblem(await askToken(api.url, tenant), 'invalid-client');
  await refusedSoon(token);
});

test('a client has two secrets at a time and no more, and an expired one counts no longer', async () => {
  const tenant = await api.tenant();
  const of = { tenant: tenant.slug, clientId: tenant.clientId };
  const second = await giveSecret(api.migrator, of);
  await assert.rejects(giveSecret(api.migrator, of), /2 secrets already; revoke the one before/);
  await tokenOf(tenant);
  await api.superuser.prisma.$executeRaw`
    UPDATE client_secret SET expires_at = now() WHERE client_id = ${tenant.clientId}::uuid AND id <> ${second.secretId}::uuid`;
  await assertProblem(await askToken(api.url, tenant), 'invalid-client');
  const third = await giveSecret(api.migrator, { ...of, graceHours: '0' });
  await assertProblem(await askToken(api.url, second), 'invalid-client');
  await tokenOf(third);
});

test('of secrets nothing is listed that could be used, and none is stored', async () => {
  const tenant = await api.tenant();
  const of = { tenant: tenant.slug, clientId: tenant.clientId };
  const { clientSecret, secretId } = await giveSecret(api.migrator, of);
  const listed = (await secretsOf(api.migrator, of)) as { secrets: object[] };
  assert.deepEqual(
    listed.secrets.map((secret) => Object.keys(secret)),
    Array.from({ length: 2 }, () => ['id', 'createdAt', 'expiresAt', 'revokedAt']),
  );
  const rows = await api.superuser.prisma.$queryRaw<object[]>`SELECT * FROM client_secret WHERE id = ${secretId}::uuid`;
  assert.equal(rows.length, 1);
  assert.ok(!JSON.stringify(rows).includes(clientSecret) && !JSON.stringify(listed).includes(clientSecret));
});

test("one tenant's administration finds no client of another", async () => {
  const [one, other] = [await api.tenant(), await api.tenant()];
  const of = { tenant: one.slug, clientId: other.clientId };
  await assert.rejects(giveSecret(api.migrator, of), /no active client/);
  await assert.rejects(secretsOf(api.migrator, of), /no active client/);
  await assert.rejects(withdrawSecret(api.migrator, { ...of, secretId: other.clientId }), /no secret/);
});

test('the public keys of tokens and of proof bundles are told apart', async () => {
  const { keys } = (await (await api.fetch('/.well-known/jwks.json')).json()) as { keys: Record<string, string>[] };
  assert.deepEqual(
    keys.map(({ alg, use, kty }) => ({ alg, use, kty })),
    [
      { alg: 'EdDSA', use: 'sig', kty: 'OKP' },
      { alg: 'ES256', use: 'sig', kty: 'EC' },
    ],
  );
  assert.equal(new Set(keys.map(({ kid }) => kid)).size, 2);
  assert.ok(
    keys.every((key) => !('d' in key)),
    'no private part',
  );

  const content = Buffer.from('a manifest');
  const header = { alg: 'ES256', kid: keys[1]?.kid ?? '', typ: 'invoicepress-proof+jws' };
  const byTokenKey = await new FlattenedSign(content)
    .setProtectedHeader(header)
    .sign(createPrivateKey(config.JWT_PRIVATE_KEY));
  const detached = `${byTokenKey.protected}..${byTokenKey.signature}`;
  await assert.rejects(verifySignature(detached, content, { keys }), SignatureRefused);
});
