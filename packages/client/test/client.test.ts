import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  createClient,
  ProblemError,
  Unreachable,
  type Client,
  type ClientOptions,
  type KeyOptions,
  type Problem,
} from '@invoicepress/client';
import { aSmallSubmission } from './a-submission.ts';
import { anAnsweredInvoice, startScriptedApi, type Behaviour } from './scripted-api.ts';

const clientSecret = 'correct-horse-battery-staple';
const clientId = '6f1c7f9e-5b1e-4f0e-9a52-3f4f9a0c1d2e';

/** A client that does not really sleep; how long it meant to is in `slept`, in milliseconds, without jitter. */
const aClient = (baseUrl: string, options: Partial<ClientOptions> = {}) => {
  const slept: number[] = [];
  const sleep = async (ms: number) => void slept.push(ms);
  return { client: createClient({ baseUrl, clientId, clientSecret, sleep, random: () => 1, ...options }), slept };
};
const invoice = anAnsweredInvoice();
const accepted: Behaviour = { status: 202, json: invoice };
const problem = (status: number, more: Partial<Problem> = {}): Problem => ({
  type: 'https://example.com/problems/p',
  title: 'Refused',
  status,
  detail: 'because',
  ...more,
});
const refused = (status: number, more?: Partial<Problem>, headers: Record<string, string> = {}): Behaviour => ({
  status,
  headers: { 'content-type': 'application/problem+json', ...headers },
  body: JSON.stringify(problem(status, more)),
});
/** Misbehaves in these ways, one request after the other, and then accepts. */
const after = (...misbehaviour: Behaviour[]) =>
  startScriptedApi(({ path }, nth) => (path === '/v1/invoices' ? (misbehaviour[nth] ?? accepted) : undefined));

test('a submission carries a token, the invoice as JSON and an idempotency key', async () => {
  await using api = await after();
  const { client } = aClient(`${api.url}/`);
  assert.deepEqual(await client.submitInvoice(aSmallSubmission()), invoice);
  const [token, call] = api.received;
  assert.equal(token?.path, '/oauth2/token');
  assert.deepEqual(Object.fromEntries(new URLSearchParams(token?.body)), {
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret,
  });
  assert.equal(call?.headers.authorization, 'Bearer token-1');
  assert.equal(call?.headers['content-type'], 'application/json');
  assert.match(String(call?.headers['idempotency-key']), /^[0-9a-f-]{36}$/);
  assert.deepEqual(JSON.parse(call?.body ?? ''), aSmallSubmission());
});

test('each submission has a key of its own, or the one that the caller gives', async () => {
  await using api = await after();
  const { client } = aClient(api.url);
  await client.submitInvoice(aSmallSubmission());
  await client.submitInvoice(aSmallSubmission());
  await client.submitInvoice(aSmallSubmission(), { idempotencyKey: 'order-7781' });
  const keys = api.calls().map(({ headers }) => headers['idempotency-key']);
  assert.notEqual(keys[0], keys[1]);
  assert.equal(keys[2], 'order-7781');
});

for (const [what, misbehaviour] of [
  ['a reset connection', 'reset'],
  ['an answer that breaks off', 'break off'],
  ['an answer that is no JSON', { body: '<h1>It works!</h1>' }],
  ['503 Service Unavailable', refused(503)],
  ['502 from a proxy, in HTML', { status: 502, body: '<h1>Bad gateway</h1>' }],
  ['504 from a proxy', { status: 504 }],
  ['429 Too Many Requests', refused(429)],
] as const satisfies [string, Behaviour][]) {
  test(`after ${what} the submission is repeated under the same key`, async () => {
    await using api = await after(misbehaviour, misbehaviour);
    const { client, slept } = aClient(api.url);
    assert.deepEqual(await client.submitInvoice(aSmallSubmission()), invoice);
    const calls = api.calls();
    assert.equal(calls.length, 3);
    assert.equal(new Set(calls.map(({ headers }) => headers['idempotency-key'])).size, 1);
    assert.equal(new Set(calls.map(({ body }) => body)).size, 1);
    assert.deepEqual(slept, [200, 400]);
  });
}

/** Each change that a client can make. */
const changes: Record<string, (client: Client, options?: KeyOptions) => Promise<unknown>> = {
  submitInvoice: (client, options) => client.submitInvoice(aSmallSubmission(), options),
  submitBatch: (client, options) => client.submitBatch([aSmallSubmission()], options),
  cancelInvoice: (client, options) => client.cancelInvoice(invoice.id, options),
  retryInvoice: (client, options) => client.retryInvoice(invoice.id, options),
  createNumberSeries: (client, options) => client.createNumberSeries({ name: 'sales', prefix: 'S-' }, options),
};
for (const [name, change] of Object.entries(changes)) {
  test(`${name}: an answer that was lost on the way is recovered, and the change happens once`, async () => {
    let done: unknown;
    await using api = await startScriptedApi(({ path, headers }, nth) => {
      if (!path.startsWith('/v1/')) return undefined;
      done ??= headers['idempotency-key'] ?? 'without a key';
      if (nth === 0) return 'reset';
      return headers['idempotency-key'] === done ? accepted : refused(409);
    });
    const { client } = aClient(api.url);
    assert.deepEqual(await change(client), invoice);
    assert.equal(api.calls().length, 2);
  });

  test(`${name} takes a key of the caller's`, async () => {
    await using api = await startScriptedApi(({ path }) => (path.startsWith('/v1/') ? accepted : undefined));
    await change(aClient(api.url).client, { idempotencyKey: 'mine' });
    assert.deepEqual(
      api.calls().map(({ headers }) => headers['idempotency-key']),
      ['mine'],
    );
  });
}

test('while its own first try is still being answered, a repetition waits and asks again', async () => {
  const inProgress = refused(409, { type: 'https://example.com/problems/request-in-progress' }, { 'retry-after': '1' });
  await using api = await after('reset', inProgress);
  const { client, slept } = aClient(api.url);
  assert.deepEqual(await client.submitInvoice(aSmallSubmission()), invoice);
  assert.equal(new Set(api.calls().map(({ headers }) => headers['idempotency-key'])).size, 1);
  assert.deepEqual(slept, [200, 1_000]);
});

// The limit is for the day on which nothing is given up any more.
test('an answer that takes too long is given up and the request repeated', { timeout: 20_000 }, async () => {
  await using api = await after('hang');
  const { client } = aClient(api.url, { timeoutMs: 100 });
  assert.deepEqual(await client.submitInvoice(aSmallSubmission()), invoice);
  assert.equal(api.calls().length, 2);
});

test('the pauses double up to ten seconds, with jitter, and Retry-After lengthens them up to a minute', async () => {
  const misbehaviour = [
    ...Array.from({ length: 7 }, () => refused(503)),
    refused(503, {}, { 'retry-after': '30' }),
    refused(429, {}, { 'retry-after': '3600' }),
    refused(503, {}, { 'retry-after': 'Sun, 22 Nov 2026 10:00:00 GMT' }),
  ];
  await using api = await after(...misbehaviour);
  const { client, slept } = aClient(api.url, { attempts: 11, random: () => 0.5 });
  await client.submitInvoice(aSmallSubmission());
  assert.deepEqual(slept, [100, 200, 400, 800, 1_600, 3_200, 5_000, 30_000, 60_000, 5_000]);
});

test('when nothing answers, the error says where and how often it was tried, and keeps the secret', async () => {
  await using api = await after('reset', 'reset', 'reset');
  const { client, slept } = aClient(api.url, { attempts: 3 });
  const error: unknown = await client.submitInvoice(aSmallSubmission()).catch((reason: unknown) => reason);
  assert.ok(error instanceof Unreachable);
  assert.equal(error.message, `no usable answer from ${api.url} in 3 attempts; is the API running there?`);
  assert.ok(error.cause instanceof Error);
  assert.ok(!JSON.stringify([error.message, error.stack, String(error.cause)]).includes(clientSecret));
  assert.equal(slept.length, 2, 'no pause after the last attempt');
});

test('when the API says "later" to the end, its last answer is the error', async () => {
  await using api = await after(refused(503), refused(503), refused(429));
  const { client } = aClient(api.url, { attempts: 3 });
  await assert.rejects(
    client.submitInvoice(aSmallSubmission()),
    (error) => error instanceof ProblemError && error.problem.status === 429,
  );
});

test('a refusal is not repeated, and its error shows every fault with its place', async () => {
  const errors = [
    { pointer: '/currency', detail: 'is no ISO 4217 currency' },
    { pointer: '/totals/tax', detail: 'you sent 1, it computes to 2', rule: 'BR-CO-14' },
  ];
  await using api = await after(refused(422, { title: 'Invalid invoice', detail: 'two things are wrong', errors }));
  const { client } = aClient(api.url);
  const error: unknown = await client.submitInvoice(aSmallSubmission()).catch((reason: unknown) => reason);
  assert.ok(error instanceof ProblemError);
  assert.deepEqual(error.problem, problem(422, { title: 'Invalid invoice', detail: 'two things are wrong', errors }));
  assert.equal(
    error.message,
    'Invalid invoice (422): two things are wrong [/currency is no ISO 4217 currency; /totals/tax you sent 1, it computes to 2]',
  );
  assert.equal(api.calls().length, 1);
});

for (const [what, body] of [
  ['HTML', '<h1>Oops</h1>'],
  ['nothing', ''],
  ['JSON that is no problem', '{"error":"oops"}'],
  ['a JSON string', '"oops"'],
]) {
  test(`a refusal whose body is ${what} is a problem all the same`, async () => {
    await using api = await after({ status: 500, body: body! });
    const { client } = aClient(api.url);
    await assert.rejects(client.submitInvoice(aSmallSubmission()), (error) => {
      assert.ok(error instanceof ProblemError);
      assert.deepEqual(error.problem, {
        type: 'about:blank',
        title: 'Internal Server Error',
        status: 500,
        detail: 'the API answered 500 without details',
      });
      return true;
    });
    assert.equal(api.calls().length, 1);
  });
}

test('a batch tells what became of each invoice', async () => {
  const outcome = {
    accepted: 1,
    refused: 1,
    outcomes: [
      { status: 202, invoice },
      { status: 422, problem: problem(422) },
    ],
  };
  await using api = await startScriptedApi(({ path }) =>
    path === '/v1/invoices/batch' ? { status: 202, json: outcome } : undefined,
  );
  const { client } = aClient(api.url);
  assert.deepEqual(await client.submitBatch([aSmallSubmission(), aSmallSubmission()]), outcome);
  const [call] = api.calls();
  assert.equal((JSON.parse(call?.body ?? '') as { invoices: unknown[] }).invoices.length, 2);
  assert.ok(call?.headers['idempotency-key']);
});

test('a list is read page by page, and filters that are not set are not sent', async () => {
  const [one, two, three] = ['1', '2', '3'].map((number) => anAnsweredInvoice({ number }));
  await using api = await startScriptedApi(({ method, path }) => {
    if (method !== 'GET') return undefined;
    return {
      json: path.includes('cursor=next%2Bpage')
        ? { invoices: [three] }
        : { invoices: [one, two], nextCursor: 'next+page' },
    };
  });
  const { client } = aClient(api.url);
  const numbers: string[] = [];
  for await (const { number } of client.listInvoices({
    status: 'ready',
    buyer: undefined,
    metadata: '{"project":"a&b"}',
  }))
    numbers.push(number);
  assert.deepEqual(numbers, ['1', '2', '3']);
  const [first, second] = api.calls().map(({ path }) => Object.fromEntries(new URL(path, api.url).searchParams));
  assert.deepEqual(first, { status: 'ready', metadata: '{"project":"a&b"}' });
  assert.deepEqual(second, { status: 'ready', metadata: '{"project":"a&b"}', cursor: 'next+page' });
});

test('an id is only ever a part of the path', async () => {
  await using api = await startScriptedApi(({ path }) => (path.startsWith('/v1/') ? accepted : undefined));
  const { client } = aClient(api.url);
  await client.getInvoice('../number-series?x=');
  await client.cancelInvoice('a b');
  await client.retryInvoice('a/b');
  assert.deepEqual(
    api.calls().map(({ method, path }) => `${method} ${path}`),
    ['GET /v1/invoices/..%2Fnumber-series%3Fx%3D', 'POST /v1/invoices/a%20b/cancel', 'POST /v1/invoices/a%2Fb/retry'],
  );
});

test('a document comes by its pre-signed URL, which the token is kept from', async () => {
  const bytes = Uint8Array.from({ length: 70_000 }, (_, index) => index % 251);
  await using store = await startScriptedApi((_request, nth) =>
    nth === 0 ? 'break off' : { headers: { 'content-type': 'application/pdf' }, body: bytes },
  );
  const link = {
    url: `${store.url}/object?signature=s`,
    expiresAt: '2026-03-02T10:05:00.000Z',
    fileName: 'R-1.pdf',
    mediaType: 'application/pdf',
    sizeBytes: bytes.length,
    sha256: 'ab',
  };
  await using api = await startScriptedApi(({ path }) =>
    path === `/v1/invoices/${invoice.id}/documents/pdf` ? { json: link } : undefined,
  );
  const { client } = aClient(api.url);
  const download = await client.downloadDocument(invoice.id);
  assert.deepEqual(download.link, link);
  assert.ok(Buffer.from(bytes).equals(download.bytes));
  assert.equal(api.calls()[0]?.headers.accept, 'application/json', 'asks for the link, not for a redirect');
  assert.deepEqual(
    store.received.map(({ headers }) => headers.authorization),
    [undefined, undefined],
  );
});

test('a proof bundle is fetched with a token, again when its answer broke off', async () => {
  const bytes = new TextEncoder().encode('PK, and what follows');
  await using api = await startScriptedApi(({ path }, nth) => {
    if (path !== '/v1/invoices/i-1/documents/bundle') return undefined;
    return nth === 0 ? 'break off' : { headers: { 'content-type': 'application/zip' }, body: bytes };
  });
  const { client } = aClient(api.url);
  assert.ok(Buffer.from(bytes).equals(await client.downloadProof('i-1')));
  assert.deepEqual(
    api.calls().map(({ headers }) => [headers.accept, headers.authorization]),
    [
      ['application/zip', 'Bearer token-1'],
      ['application/zip', 'Bearer token-1'],
    ],
  );
});
