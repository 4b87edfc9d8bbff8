import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { promisify } from 'node:util';
import { OutboundError, post, type Address, type OutboundOptions } from '../src/outbound.ts';
import { certificate, privateKey } from './a-certificate.ts';
import { aReceiver, status } from './a-receiver.ts';

const here: Address = { address: '127.0.0.1', family: 4 };
/** In a block that nobody has been given: it passes for public, and leads nowhere. */
const nowhere: Address = { address: '2d00::1', family: 6 };

const send = (url: string, options: Partial<OutboundOptions> = {}) =>
  post(url, '{}', { 'content-type': 'application/json' }, { timeoutMs: 5_000, allowLoopback: false, ...options });
const refused = (says: RegExp) => (error: unknown) => error instanceof OutboundError && says.test(error.message);

/** Counts connections, so that one which says nothing is seen too. */
const aListener = async (server: Server) => {
  let connections = 0;
  server.on('connection', () => (connections += 1));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => connections,
    async [Symbol.asyncDispose]() {
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

test('a name that leads elsewhere when asked again is asked once, and its first address is the one that is called', async () => {
  await using listener = await aListener(createHttpServer());
  const asked: string[] = [];
  const rebinding = async (host: string) => {
    asked.push(host);
    return asked.length === 1 ? [nowhere] : [here];
  };
  const url = `https://rebind.example.com:${listener.port}/`;
  await assert.rejects(send(url, { lookup: rebinding, timeoutMs: 1_000 }), refused(/request failed|no answer within/));
  assert.deepEqual(asked, ['rebind.example.com']);
  assert.equal(listener.connections(), 0);
});

test('a name of whose addresses one is private is refused, whichever place it has', async () => {
  await using listener = await aListener(createHttpServer());
  for (const addresses of [[here], [nowhere, here], [here, nowhere], [nowhere, { address: '10.0.0.1', family: 4 }]]) {
    const url = `https://hooks.example.com:${listener.port}/`;
    await assert.rejects(send(url, { lookup: async () => addresses }), refused(/address that is not public/));
  }
  for (const address of ['::ffff:127.0.0.1', 'fe80::1%lo', '169.254.169.254', '64:ff9b::7f00:1', 'not an address'])
    await assert.rejects(
      send('https://hooks.example.com/', { lookup: async () => [{ address, family: 6 }] }),
      refused(/address that is not public/),
    );
  await assert.rejects(send('https://hooks.example.com/', { lookup: async () => [] }), refused(/has no address/));
  assert.equal(listener.connections(), 0);
});

test('an address in the URL itself is looked at as closely, and so is the scheme', async () => {
  await using listener = await aListener(createHttpServer());
  for (const host of ['127.0.0.1', '127.1', '0x7f000001', '2130706433', '[::ffff:127.0.0.1]', 'localhost'])
    await assert.rejects(send(`https://${host}:${listener.port}/`), refused(/address that is not public/));
  await assert.rejects(send(`http://hooks.example.com:${listener.port}/`), refused(/TLS alone/));
  assert.equal(listener.connections(), 0);
});

test('with loopback allowed, other private addresses are not, and plain http stays on this machine', async () => {
  const allowLoopback = true;
  for (const address of ['10.0.0.1', '169.254.169.254', '::ffff:127.0.0.1'])
    await assert.rejects(
      send('https://hooks.example.com/', { allowLoopback, lookup: async () => [{ address, family: 4 }] }),
      refused(/address that is not public/),
    );
  await assert.rejects(
    send('http://hooks.localhost/', { allowLoopback, lookup: async () => [nowhere] }),
    refused(/address that is not public/),
  );
});

test('TLS is checked against the name, and a certificate that nobody signed is none', async () => {
  await using listener = await aListener(
    createServer({ key: privateKey, cert: certificate }, (_request, response) => response.end('hello')),
  );
  const options = { allowLoopback: true, lookup: async () => [here] };
  const url = (host: string) => `https://${host}:${listener.port}/`;
  await assert.rejects(send(url('hooks.example.com'), options), refused(/signed by nobody who is trusted/));

  const trusted = getCACertificates('default');
  setDefaultCACertificates([...trusted, certificate]);
  try {
    assert.deepEqual(await send(url('hooks.example.com'), options), {
      status: 200,
      retryAfterMs: undefined,
      excerpt: 'hello',
    });
    await assert.rejects(send(url('other.example.com'), options), refused(/for another name/));
  } finally {
    setDefaultCACertificates(trusted);
  }
});

test('proxies of the environment are not asked', async () => {
  await using receiver = await aReceiver(status(204));
  await using proxy = await aReceiver(status(500));
  const script = `const { post } = await import('./src/outbound.ts');
    const { status } = await post(process.argv[1], '{}', {}, { timeoutMs: 5_000, allowLoopback: true });
    console.log(status);`;
  const proxyUrl = `http://127.0.0.1:${proxy.port}`;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '--eval', script, receiver.url],
    {
      cwd: join(import.meta.dirname, '..'),
      env: { NODE_USE_ENV_PROXY: '1', HTTP_PROXY: proxyUrl, http_proxy: proxyUrl, HTTPS_PROXY: proxyUrl },
    },
  );
  assert.equal(stdout.trim(), '204');
  assert.deepEqual(proxy.received, []);
});

test('of an endless answer the beginning is read, as one line of printable text', async () => {
  await using receiver = await aReceiver((response) => {
    response.writeHead(200);
    const more = () => {
      while (!response.destroyed && response.write('a\u0000\r\n\u202E'.repeat(1_000)));
      response.once('drain', more);
    };
    more();
  });
  const { excerpt } = await send(receiver.url, { allowLoopback: true });
  assert.match(excerpt, /^(a )+a?$/);
  assert.ok(excerpt.length <= 500);
});

test('what an answer asks for by Retry-After is read in both its forms', async () => {
  const asked = async (value: string) => {
    await using receiver = await aReceiver(status(503, { 'retry-after': value }));
    return (await send(receiver.url, { allowLoopback: true })).retryAfterMs;
  };
  assert.equal(await asked('120'), 120_000);
  const inAnHour = await asked(new Date(Date.now() + 3_600_000).toUTCString());
  assert.ok(inAnHour !== undefined && inAnHour > 3_500_000 && inAnHour <= 3_600_000);
  assert.equal(await asked('soon'), undefined);
  assert.equal(await asked(new Date(0).toUTCString()), 0);
});

test('a server that says nothing, and a resolver that says nothing, take no longer than they may', async () => {
  await using receiver = await aReceiver(() => {});
  await assert.rejects(send(receiver.url, { allowLoopback: true, timeoutMs: 100 }), refused(/no answer within 100 ms/));
  await assert.rejects(
    send('https://hooks.example.com/', { timeoutMs: 100, lookup: () => new Promise(() => {}) }),
    refused(/no answer within 100 ms/),
  );
});

test('what went wrong is told without addresses', async () => {
  const listener = await aListener(createHttpServer());
  await listener[Symbol.asyncDispose]();
  const url = `http://127.0.0.1:${listener.port}/`;
  await assert.rejects(send(url, { allowLoopback: true }), { message: 'the request failed: nothing listens there' });
});
