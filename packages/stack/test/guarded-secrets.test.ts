/** Secrets change while the service works, and are nowhere to be found but where they are kept. */
import { aDraft } from '@invoicepress/invoice/testing';
import { Redis } from 'ioredis';
import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { aGuardedSite } from './a-guarded-site.ts';

const parts = new AsyncDisposableStack();
after(() => parts.disposeAsync());
const site = parts.use(await aGuardedSite());
const { client, apiUrl, canaries, superuser } = site;

/** Everything that came back from the service, but for the answers whose purpose is to tell a secret once. */
const answers: string[] = [];
const ask = async (path: string, init: RequestInit & { tells?: (body: never) => [string, string][] } = {}) => {
  const response = await fetch(apiUrl + path, { redirect: 'manual', ...init });
  const text = await response.text();
  if (init.tells) for (const [name, secret] of init.tells(JSON.parse(text) as never)) canaries.set(name, secret);
  else answers.push(JSON.stringify([response.status, [...response.headers], text]));
  return { status: response.status, text };
};

const token = async (): Promise<string> => {
  const { clientId, clientSecret } = site.credentials;
  let issued = '';
  await ask('/oauth2/token', {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret }),
    tells: ({ access_token: value }: { access_token: string }) => [['a token', (issued = value)]],
  });
  return issued;
};
const authorization = `Bearer ${await token()}`;
const post = (
  path: string,
  body: unknown,
  init: Parameters<typeof ask>[1] & { headers?: Record<string, string> } = {},
) =>
  ask(path, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
    ...init,
    headers: { authorization, 'content-type': 'application/json', ...init.headers },
  });
const submit = (): ReturnType<typeof post> => post('/v1/invoices', aDraft({ number: randomUUID() }));

test('database passwords change under load, without a restart and without one failed request', async () => {
  const statuses: number[] = [];
  const load = new AbortController();
  const work = async (): Promise<void> => {
    while (!load.signal.aborted) {
      statuses.push((await submit()).status);
      statuses.push((await ask('/v1/invoices', { headers: { authorization } })).status);
    }
  };
  const working = [work(), work()];
  const until = async (count: number) => {
    while (statuses.length < count) await sleep(20);
  };
  await until(20);
  const roles = ['api', 'worker', 'sweeper'] as const;
  // First where processes look, then where the server looks: in between, what they know is still right.
  const passwords = Object.fromEntries(roles.map((role) => [role, `canary-${randomBytes(16).toString('hex')}`]));
  for (const role of roles) await site.writePassword(role, passwords[role] ?? '');
  await until(statuses.length + 10);
  const { rows } = await superuser.query<{ now: Date }>('SELECT clock_timestamp() AS now');
  for (const role of roles) await superuser.query(`ALTER ROLE ${site.logins[role]} PASSWORD '${passwords[role]}'`);
  working.push(...Array.from({ length: 8 }, work)); // more than there are connections: each new one needs the new password
  await until(statuses.length + 100);
  load.abort();
  await Promise.all(working);

  assert.deepEqual(
    statuses.filter((status) => status !== 200 && status !== 202),
    [],
  );
  const opened = await superuser.query<{ count: number }>(
    'SELECT count(*)::int FROM pg_stat_activity WHERE usename = $1 AND backend_start > $2',
    [site.logins.api, rows[0]?.now],
  );
  assert.ok((opened.rows[0]?.count ?? 0) > 0, 'connections were opened with the new password');
});

/** A receiver of webhooks, and what came to it. */
const receiver = async () => {
  const received: string[] = [];
  const server = createServer((request, response) => {
    request.on('data', (chunk: Buffer) => received.push(chunk.toString())).on('end', () => response.end());
    received.push(JSON.stringify(request.headers));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  parts.defer(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, received };
};

/** All processes that descend from these. */
const descendants = async (pids: number[]): Promise<number[]> => {
  const all = await readdir('/proc');
  const children = await Promise.all(
    all
      .filter((name) => /^\d+$/.test(name))
      .map(async (pid) => {
        const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
        return pids.includes(Number(/\) \S (\d+)/.exec(stat)?.[1])) ? [Number(pid)] : [];
      }),
  );
  const found = children.flat();
  return found.length === 0 ? [] : [...found, ...(await descendants(found))];
};

const tablesAsText = async (): Promise<[string, string][]> => {
  const { rows } = await superuser.query<{ name: string }>(
    `SELECT c.oid::regclass::text AS name FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
      WHERE relkind IN ('r', 'p') AND nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')`,
  );
  const read = async ({ name }: { name: string }): Promise<[string, string]> => {
    const content = await superuser.query<{ text: string | null }>(
      `SELECT string_agg(to_jsonb(t)::text, E'\\n') AS text FROM ${name} t`,
    );
    return [`table ${name}`, content.rows[0]?.text ?? ''];
  };
  const texts: [string, string][] = [];
  for (const row of rows) texts.push(await read(row));
  return texts;
};

const redisAsText = async (): Promise<[string, string][]> => {
  const redis = new Redis(site.redisUrl);
  try {
    const keys = await redis.keys(`*${site.queuePrefix}*`);
    const readers: Record<string, (key: string) => Promise<unknown>> = {
      string: (key) => redis.get(key),
      hash: (key) => redis.hgetall(key),
      list: (key) => redis.lrange(key, 0, -1),
      set: (key) => redis.smembers(key),
      zset: (key) => redis.zrange(key, '0', '-1'),
      stream: (key) => redis.xrange(key, '-', '+'),
      none: () => Promise.resolve('gone since'),
    };
    return await Promise.all(
      keys.map(async (key): Promise<[string, string]> => {
        const type = await redis.type(key);
        return [`Redis ${key}`, JSON.stringify(await readers[type]?.(key)) ?? assert.fail(`${key} is a ${type}`)];
      }),
    );
  } finally {
    redis.disconnect();
  }
};

const processesAsText = async (): Promise<[string, string][]> => {
  const own = site.programs.map(({ pid = 0 }) => pid);
  const children = await descendants(own);
  assert.ok(children.length > 0, 'the worker has renderers');
  const read = async (pid: number, what: string): Promise<[string, string]> => [
    `/proc/${pid}/${what}`,
    await readFile(`/proc/${pid}/${what}`, 'utf8').catch(() => ''),
  ];
  return Promise.all([
    ...[...own, ...children].map((pid) => read(pid, 'cmdline')),
    ...children.map((pid) => read(pid, 'environ')),
  ]);
};

/** A secret as it is, and as it might be written. */
const disguises = (secret: string): string[] => [
  secret,
  encodeURIComponent(secret),
  Buffer.from(secret).toString('hex'),
  Buffer.from(secret).toString('base64').replace(/=+$/, ''),
  Buffer.from(secret, 'base64').toString('hex'),
];

test('no secret is in a log, an answer, a queue, a table, a metric, a command line or a renderer’s environment', async () => {
  const { url, received } = await receiver();
  const keyed = { headers: { 'idempotency-key': randomUUID() } };
  const tells = (name: string) => ({
    tells: ({ secret }: { secret: string }): [string, string][] => [
      [name, secret],
      [`${name}, bare`, secret.replace('whsec_', '')],
    ],
  });
  await post('/v1/webhook-endpoints', { url }, { ...keyed, ...tells('a webhook secret') });
  const [endpoint] = await client.listWebhookEndpoints();
  await post(`/v1/webhook-endpoints/${endpoint?.id}/rotate-secret`, {}, tells('a rotated webhook secret'));
  await submit();
  const mine = await client.submitInvoice(aDraft({ number: randomUUID() }));
  await client.waitUntilSettled([mine.id], { timeoutMs: 120_000 });
  for (let waited = 0; received.length === 0 && waited < 600; waited += 1) await sleep(100);
  assert.ok(received.length > 0, 'a webhook came');

  // What is refused might be repeated to somebody.
  const refused = (name: string): string => {
    canaries.set(name, `canary-${randomBytes(16).toString('hex')}`);
    return canaries.get(name) ?? '';
  };
  await ask('/oauth2/token', {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: site.credentials.clientId,
      client_secret: refused('a wrong client secret'),
    }),
  });
  await ask('/v1/invoices', { headers: { authorization: `Bearer ${refused('a wrong token')}` } });
  await ask(`/v1/invoices?token=${refused('a token in a query')}`, {
    headers: { authorization: authorization.slice(0, -3) },
  });
  await ask(`/v1/invoices/${mine.id}`, { headers: { authorization } });
  await ask(`/v1/invoices/${mine.id}/documents/pdf`, { headers: { authorization } });
  await ask(`/v1/webhook-endpoints/${endpoint?.id}`, { headers: { authorization } });
  await ask(`/v1/webhook-endpoints/${endpoint?.id}/deliveries`, { headers: { authorization } });
  await post('/v1/invoices', '{"broken');
  for (const path of [
    '/readyz',
    '/healthz',
    '/openapi.json',
    '/nowhere',
    '/.well-known/jwks.json',
    '/queues',
    '/docs/',
  ])
    await ask(path);

  const places: [string, string][] = [
    ...(await Promise.all(
      ['api', 'worker'].map(async (name): Promise<[string, string]> => [
        `the log of ${name}`,
        await readFile(join(site.logDir, `${name}.log`), 'utf8'),
      ]),
    )),
    ...answers.map((answer, i): [string, string] => [`answer ${i}: ${answer.slice(0, 60)}`, answer]),
    ['webhooks as received', received.join('\n')],
    ...(await tablesAsText()),
    ...(await redisAsText()),
    ...(await Promise.all(
      site.metricsUrls.map(async (of): Promise<[string, string]> => [of, await (await fetch(of)).text()]),
    )),
    ...(await processesAsText()),
  ];
  for (const kind of ['the log', 'answer', 'table', 'Redis', 'http', '/proc'])
    assert.ok(
      places.some(([place, text]) => place.startsWith(kind) && text !== ''),
      `something was searched: ${kind}`,
    );
  const found = [...canaries].flatMap(([name, secret]) =>
    places
      .filter(([, text]) => disguises(secret).some((form) => form.length > 15 && text.includes(form)))
      .map(([place]) => `${name} in ${place}`),
  );
  assert.deepEqual(found, []);
  assert.ok(canaries.size > 15, 'there were secrets to be found');
});
