/** Real Redis processes on loopback in the shapes that production has: a cluster, and a master watched by a sentinel. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
// oxlint-disable-next-line no-restricted-imports -- only this test wants the bare programs
import { debianPackages, debianTools } from '../../stack/src/services/debian.ts';

const START_TIMEOUT_MS = 15_000;
const SLOTS = 16_384;
export const PASSWORD = 'only-in:tests/%';

export interface Node extends AsyncDisposable {
  port: number;
  client: Redis;
}

/** Three masters that share the slots. */
export const startCluster = async (): Promise<{ url: string } & AsyncDisposable> => {
  await using started = new AsyncDisposableStack();
  const nodes: (Node & { busPort: number })[] = [];
  for (let index = 0; index < 3; index += 1) {
    const busPort = await freePort();
    const node = started.use(
      await startServer(['cluster-enabled yes', `cluster-port ${busPort}`, 'cluster-node-timeout 2000']),
    );
    nodes.push({ ...node, busPort });
  }
  const [first] = nodes;
  const share = Math.ceil(SLOTS / nodes.length);
  for (const [index, { client, port, busPort }] of nodes.entries()) {
    await client.call('CLUSTER', 'ADDSLOTSRANGE', index * share, Math.min((index + 1) * share, SLOTS) - 1);
    await first!.client.call('CLUSTER', 'MEET', '127.0.0.1', port, busPort);
  }
  for (const { client } of nodes) {
    await until('the cluster agrees', async () => {
      const info = String(await client.call('CLUSTER', 'INFO'));
      return info.includes('cluster_state:ok') && info.includes('cluster_known_nodes:3');
    });
  }
  const hosts = nodes.map(({ port }) => `127.0.0.1:${port}`).join(',');
  return { url: `redis+cluster://:${encodeURIComponent(PASSWORD)}@${hosts}`, ...disposal(started.move()) };
};

/** A master, and a sentinel that knows it as `invoices`. */
export const startSentinel = async (): Promise<{ url: string } & AsyncDisposable> => {
  await using started = new AsyncDisposableStack();
  const master = started.use(await startServer([]));
  const sentinel = started.use(
    await startServer(
      [`sentinel monitor invoices 127.0.0.1 ${master.port} 1`, `sentinel auth-pass invoices "${PASSWORD}"`],
      ['--sentinel'],
    ),
  );
  const password = encodeURIComponent(PASSWORD);
  return {
    url: `redis+sentinel://:${password}@127.0.0.1:${sentinel.port}/invoices?sentinelPassword=${password}`,
    ...disposal(started.move()),
  };
};

const disposal = (stack: AsyncDisposableStack): AsyncDisposable => ({
  [Symbol.asyncDispose]: () => stack.disposeAsync(),
});

const startServer = async (settings: string[], argv: string[] = []): Promise<Node> => {
  const tools = await debianTools('Redis', debianPackages.Redis);
  const folder = await mkdtemp(join(tmpdir(), 'invoicepress-queue-test-'));
  const port = await freePort();
  const file = join(folder, 'redis.conf');
  const base = ['bind 127.0.0.1', `port ${port}`, `dir ${folder}`, `requirepass "${PASSWORD}"`];
  await writeFile(file, [...base, ...(argv.length > 0 ? [] : ['save ""']), ...settings, ''].join('\n'));
  // When this process dies in any way, the kernel ends the server too.
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', '--', tools.bin('redis-server'), file, ...argv], {
    env: { ...process.env, ...tools.env },
    stdio: 'ignore',
  });
  const exited = new Promise((resolve) => child.once('close', resolve));
  const client = new Redis({ port, host: '127.0.0.1', password: PASSWORD, retryStrategy: () => 20 });
  client.on('error', () => {});
  await until('Redis answers', async () => (await client.ping()) === 'PONG');
  return {
    port,
    client,
    [Symbol.asyncDispose]: async () => {
      client.disconnect();
      child.kill('SIGKILL');
      await exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
};

const until = async (what: string, check: () => Promise<boolean>): Promise<void> => {
  const end = Date.now() + START_TIMEOUT_MS;
  while (!(await check())) {
    if (Date.now() > end) throw new Error(`not so within ${START_TIMEOUT_MS} ms: ${what}`);
    await sleep(20);
  }
};

const freePort = async (): Promise<number> => {
  const server = createServer();
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => void server.close(resolve));
  return port;
};
