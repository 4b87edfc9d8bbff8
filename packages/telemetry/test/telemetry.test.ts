import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Writable } from 'node:stream';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import {
  createTelemetry,
  InvalidSettings,
  parseSettings,
  serveMetrics,
  telemetrySettings,
  withLogContext,
} from '../src/index.ts';
import type { LogLevel, Telemetry } from '../src/index.ts';

const SECRET = 'hunter2-hunter2';
const ids = { tenantId: 't-1', clientId: 'c-1', invoiceId: 'i-1' };

/** Telemetry whose lines can be read. */
const open = (
  level: LogLevel = 'debug',
): { telemetry: Telemetry; lines: () => Record<string, unknown>[]; text: () => string } => {
  const chunks: string[] = [];
  const destination = new Writable({ write: (chunk, _encoding, next) => (chunks.push(String(chunk)), next()) });
  const text = () => chunks.join('');
  return {
    telemetry: createTelemetry({ service: 'test', level, destination }),
    text,
    lines: () =>
      text()
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Record<string, unknown>),
  };
};

describe('logs', () => {
  test('a ready invoice is one line with its ids, its time and its sizes, and nothing else', () => {
    const { telemetry, lines } = open();
    withLogContext({ requestId: 'r-1', jobId: 'i-1_1' }, () =>
      telemetry.invoiceReady({ ...ids, milliseconds: 812, payloadBytes: 2_048, documentBytes: 41_000, pages: 2 }),
    );
    const [line = {}, ...others] = lines();
    assert.deepEqual(others, []);
    assert.match(String(line['timestamp']), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    assert.deepEqual(Object.keys(line).slice(0, 4), ['timestamp', 'level', 'event', 'service']);
    delete line['timestamp'];
    assert.deepEqual(line, {
      level: 'info',
      event: 'invoice_ready',
      service: 'test',
      requestId: 'r-1',
      jobId: 'i-1_1',
      ...ids,
      milliseconds: 812,
      payloadBytes: 2_048,
      documentBytes: 41_000,
      pages: 2,
    });
  });

  test('a field that nobody allowed is dropped, and so is an allowed one of another type', () => {
    const { telemetry, lines, text } = open();
    const careless = {
      ...ids,
      password: SECRET,
      headers: { authorization: SECRET },
      iban: SECRET,
      reason: { text: SECRET },
      status: SECRET,
    };
    telemetry.invoiceCanceled(careless);
    telemetry.log.info('careless', { ...careless, status: 200, reason: 'told' });
    assert.equal(lines().length, 2);
    assert.ok(!text().includes(SECRET), text());
  });

  test('credentials in the text of errors and their causes are taken out', () => {
    const { telemetry, lines, text } = open();
    const messages = [
      `connect ECONNREFUSED postgres://app:${SECRET}@db:5432/invoices`,
      `redis://:p@${SECRET}@host:6379 is away`,
      `401 for Authorization: Bearer ${SECRET}`,
      `refused Basic ${Buffer.from(SECRET).toString('base64')} (${SECRET.length})`,
      `bad request: {"client_secret": "${SECRET}", "grant_type": "client_credentials"}`,
      `GET https://s3/bucket/key?X-Amz-Credential=${SECRET}&X-Amz-Signature=${SECRET}&x=1`,
      `password=${SECRET} user=app`,
      `-----BEGIN PRIVATE KEY-----\n${SECRET}\n-----END PRIVATE KEY-----`,
      `jwt eyJhbGciOiJ${SECRET}.eyJzdWIiOiJ${SECRET}.sig${SECRET} expired`,
    ];
    for (const message of messages) {
      telemetry.requestFailed({
        method: 'GET',
        error: new Error('outer', { cause: new AggregateError([new Error(message)], message) }),
      });
      telemetry.requestFailed({ method: 'GET', error: message });
      telemetry.started({ url: message });
    }
    assert.equal(lines().length, messages.length * 3);
    assert.ok(!text().includes(SECRET), text());
    assert.ok(!text().includes(Buffer.from(SECRET).toString('base64')), text());
    assert.match(text(), /postgres:\/\/\*\*\*@db:5432\/invoices/, 'the rest of the message stays');
  });

  test('an error is reduced to what explains it, however deep, long or odd it is', () => {
    const { telemetry, lines, text } = open();
    const looped = new Error('looped');
    looped.cause = looped;
    const odd = Object.assign(new Error('x'.repeat(100_000)), {
      code: 'E_ODD',
      name: 42,
      body: SECRET,
      config: { secret: SECRET },
    });
    const hostile = new Error('hostile');
    Object.defineProperty(hostile, 'message', {
      get: () => {
        throw new Error('no');
      },
    });
    for (const error of [looped, odd, hostile, null, undefined, 7, { secret: SECRET }, Object.create(null)]) {
      telemetry.requestFailed({ method: 'GET', error });
    }
    const [first, second] = lines() as { error: { name: string; code: string; message: string } }[];
    assert.equal(lines().length, 8);
    assert.deepEqual(Object.keys(first!.error), ['name', 'message', 'stack', 'cause']);
    assert.equal(second!.error.code, 'E_ODD');
    assert.ok(second!.error.message.length < 2_100);
    assert.ok(text().length < 60_000, `${text().length} characters`);
    assert.ok(!text().includes(SECRET), text());
  });

  test('a hostile text is scrubbed in bounded time', () => {
    const { telemetry, lines } = open();
    for (const part of [
      'a-',
      'password',
      'eyJa.',
      'a://',
      '://@',
      'token=',
      'bearer ',
      '-----BEGIN PRIVATE KEY-----',
    ]) {
      telemetry.requestFailed({ method: 'GET', error: part.repeat(1_000_000 / part.length) });
    }
    assert.equal(lines().length, 8);
  });

  test('the context follows its own work across awaits, and only that', async () => {
    const { telemetry, lines } = open();
    const work = (requestId: string, ms: number) =>
      withLogContext({ requestId }, async () => {
        await sleep(ms);
        await withLogContext({ invoiceId: `of ${requestId}` }, async () => {
          await sleep(ms);
          telemetry.log.info('inner');
        });
        telemetry.log.info('outer');
      });
    await Promise.all([work('a', 5), work('b', 1)]);
    telemetry.log.info('outside');
    const seen = lines().map(({ event, requestId, invoiceId }) => [event, requestId, invoiceId].join(' ').trim());
    assert.deepEqual(seen.toSorted(), ['inner a of a', 'inner b of b', 'outer a', 'outer b', 'outside']);
  });

  test('lines below the level are left out', () => {
    const { telemetry, lines } = open('warn');
    telemetry.invoiceAccepted(ids);
    telemetry.leaseLost(ids);
    assert.deepEqual(
      lines().map(({ event }) => event),
      ['lease_lost'],
    );
  });

  test('a swarm of connection errors is one line and all of them in the count', async () => {
    const { telemetry, lines } = open();
    for (let n = 0; n < 1_000; n += 1) telemetry.queueError(new Error('away'));
    assert.equal(lines().length, 1);
    assert.match(
      await telemetry.metrics.expose(),
      /invoicepress_connection_errors_total\{part="queue",service="test"\} 1000/,
    );
  });

  test('a process goes on when nobody reads its log any more', async () => {
    const child = spawn(process.execPath, [fileURLToPath(new URL('log-forever.ts', import.meta.url))], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    await once(child.stdout, 'data');
    child.stdout.destroy();
    const [said] = (await once(child.stderr, 'data')) as [Buffer];
    assert.equal(said.toString(), 'still alive after a thousand lines\n');
    const [code] = (await once(child, 'exit')) as [number];
    assert.equal(code, 0);
  });
});

describe('metrics', () => {
  test('what happened can be read at the private port', async () => {
    const { telemetry } = open();
    const done = telemetry.requestStarted();
    telemetry.requestFinished({ method: 'POST', route: '/v1/invoices/:id', status: 202, seconds: 0.02 });
    telemetry.requestFinished({ method: 'BREW', route: 'none', status: 404, seconds: 0.001 });
    telemetry.invoiceAccepted(ids);
    telemetry.invoiceReady({ ...ids, milliseconds: 700, payloadBytes: 1, documentBytes: 1, pages: 1 });
    telemetry.invoiceFailed({ ...ids, code: 'render-timeout', error: new Error('slow') });
    telemetry.rendered({ seconds: 0.008 });
    telemetry.renderers.rendererReplaced('memory');
    telemetry.storage.operation('put', 0.004, 'stored');
    telemetry.storage.breaker('open');
    telemetry.enqueueFailed({ count: 3, error: new Error('away') });
    telemetry.sweepFinished({ overdue: 4, reenqueued: 3 });
    telemetry.watchDatabase(() => ({ total: 5, idle: 2, waiting: 1 }));
    telemetry.watchRenderers(() => ({ size: 2, busy: 1, waiting: 0, rssBytes: 1_000 }));
    telemetry.watchQueue(() =>
      Promise.resolve({ waiting: 7, active: 2, delayed: 1, failed: 0, oldestWaitingSeconds: 1.5 }),
    );

    await using server = await serveMetrics({ host: '127.0.0.1', port: 0, telemetry });
    const response = await fetch(`${server.url}/metrics`);
    assert.match(response.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/);
    const text = await response.text();
    for (const series of [
      'http_requests_total{method="POST",route="/v1/invoices/:id",status="2xx",service="test"} 1',
      'http_requests_total{method="OTHER",route="none",status="4xx",service="test"} 1',
      'http_request_seconds_bucket{le="0.025",service="test",method="POST",route="/v1/invoices/:id"} 1',
      'http_requests_in_flight{service="test"} 1',
      'invoices_total{outcome="accepted",service="test"} 1',
      'invoices_total{outcome="ready",service="test"} 1',
      'invoice_failures_total{code="render-timeout",service="test"} 1',
      'invoice_ready_seconds_sum{service="test"} 0.7',
      'render_seconds_count{service="test"} 1',
      'renderer_replaced_total{reason="memory",service="test"} 1',
      'renderers{state="busy",service="test"} 1',
      'renderers{state="idle",service="test"} 1',
      'renderer_rss_bytes{service="test"} 1000',
      'storage_seconds_count{service="test",operation="put",outcome="stored"} 1',
      'storage_breaker_state{state="open",service="test"} 1',
      'storage_breaker_state{state="closed",service="test"} 0',
      'enqueue_failures_total{service="test"} 3',
      'sweeper_reenqueued_total{service="test"} 3',
      'database_pool{state="waiting",service="test"} 1',
      'queue_jobs{state="waiting",service="test"} 7',
      'queue_oldest_waiting_seconds{service="test"} 1.5',
      'queue_up{service="test"} 1',
    ]) {
      assert.ok(text.includes(`invoicepress_${series}\n`), `${series} is not in:\n${text.replaceAll(/^#.*\n/gm, '')}`);
    }
    assert.match(text, /^process_resident_memory_bytes/m);
    assert.doesNotMatch(text, /t-1|c-1|i-1/, 'ids are no labels');
    done();
    assert.match(await telemetry.metrics.expose(), /http_requests_in_flight\{service="test"\} 0/);
  });

  test('a queue that does not answer leaves no depth behind, and the rest is served', async () => {
    const { telemetry } = open();
    let reachable = true;
    telemetry.watchQueue(() =>
      reachable
        ? Promise.resolve({ waiting: 7, active: 0, delayed: 0, failed: 0, oldestWaitingSeconds: 9 })
        : Promise.reject(new Error('away')),
    );
    await telemetry.metrics.expose();
    reachable = false;
    const text = await telemetry.metrics.expose();
    assert.match(text, /invoicepress_queue_up\{service="test"\} 0/);
    assert.doesNotMatch(text, /^invoicepress_queue_(jobs|oldest_waiting_seconds)\{/m);
    assert.match(text, /^process_cpu_seconds_total/m);
  });

  test('a flood of different names ends up in one series', async () => {
    const { telemetry } = open('error');
    for (let n = 0; n < 5_000; n += 1) {
      telemetry.requestFinished({ method: `M${n}`, route: `/r/${n}`, status: 200, seconds: 0 });
      telemetry.storage.operation('put', 0, `outcome ${n}`);
    }
    const text = await telemetry.metrics.expose();
    assert.equal(text.match(/^invoicepress_http_requests_total\{/gm)?.length, 101);
    assert.equal(text.match(/^invoicepress_storage_seconds_count\{/gm)?.length, 101);
    assert.match(text, /route="other",status="2xx",service="test"\} 4900/);
  });

  test('the private port tells alive from ready, without the secrets in the reason', async () => {
    const { telemetry } = open();
    let ready: () => Promise<void> = () => Promise.reject(new Error(`cannot reach postgres://app:${SECRET}@db/x`));
    await using server = await serveMetrics({ host: '127.0.0.1', port: 0, telemetry, ready: () => ready() });
    assert.equal((await fetch(`${server.url}/healthz`)).status, 200);
    const unready = await fetch(`${server.url}/readyz`);
    assert.equal(unready.status, 503);
    assert.deepEqual(await unready.json(), { status: 'unavailable', reason: 'cannot reach postgres://***@db/x' });
    ready = () => {
      throw new Error('at once');
    };
    assert.equal((await fetch(`${server.url}/readyz`)).status, 503);
    ready = () => Promise.resolve();
    assert.deepEqual(await (await fetch(`${server.url}/readyz?x=1`)).json(), { status: 'ready' });
    assert.equal((await fetch(`${server.url}/metrics`, { method: 'POST' })).status, 405);
    assert.equal((await fetch(`${server.url}/elsewhere`)).status, 404);

    const port = Number(new URL(server.url).port);
    await assert.rejects(
      serveMetrics({ host: '127.0.0.1', port, telemetry }),
      /EADDRINUSE.*set METRICS_PORT to a free one/,
    );
  });
});

test('faulty settings are refused all at once, each with its variable and without its value', () => {
  assert.deepEqual(parseSettings(telemetrySettings, { METRICS_HOST: '' }), {
    LOG_LEVEL: 'info',
    METRICS_PORT: 9464,
    METRICS_HOST: '127.0.0.1',
  });
  assert.equal(parseSettings(telemetrySettings, { METRICS_PORT: '9000' }).METRICS_PORT, 9000);
  assert.throws(
    () => parseSettings(telemetrySettings, { LOG_LEVEL: 'loud', METRICS_PORT: '99999' }),
    (error) =>
      error instanceof InvalidSettings &&
      error.message.includes('LOG_LEVEL must be one of error, warn, info, debug') &&
      error.message.includes('METRICS_PORT must be a port number') &&
      !/loud|99999/.test(error.message),
  );
});
