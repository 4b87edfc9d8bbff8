import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { freePort, startDaemon, startWithRetry, temporaryFolder } from './daemon.ts';
import { debianPackages, debianTools } from './debian.ts';

const startAttempts = 3;
const pingTimeoutMilliseconds = 1_000;

export interface Redis extends AsyncDisposable {
  /** `redis://:password@127.0.0.1:port` */
  url: string;
}

export interface RedisOptions {
  port?: number;
  /** More of redis-server's own arguments, such as `['--cluster-enabled', 'yes']`. */
  args?: string[];
}

/**
 * A real Redis 7 on loopback, set up as a queue needs it: it refuses writes rather than evict (`noeviction`) and
 * appends to a file every second. It has a password, and data in a folder that goes with it.
 */
export const startRedis = async ({ port, args = [] }: RedisOptions = {}): Promise<Redis> => {
  const tools = await debianTools('Redis', debianPackages.Redis, 'Set TEST_REDIS_URL to a Redis 7 of your own.');
  return startWithRetry(port === undefined ? startAttempts : 1, async () => {
    await using started = new AsyncDisposableStack();
    const folder = started.use(await temporaryFolder('redis'));
    const password = randomBytes(16).toString('hex');
    const chosenPort = port ?? (await freePort());
    const settings = join(folder.path, 'redis.conf');
    await writeFile(settings, configuration(folder.path, chosenPort, password), { mode: 0o600 });
    const daemon = started.use(startDaemon('redis-server', tools.bin('redis-server'), [settings, ...args], tools.env));
    await daemon.until(() => answersPing(chosenPort, password));
    const running = started.move();
    return { url: `redis://:${password}@127.0.0.1:${chosenPort}`, [Symbol.asyncDispose]: () => running.disposeAsync() };
  });
};

const configuration = (folder: string, port: number, password: string): string => `bind 127.0.0.1
port ${port}
requirepass ${password}
dir ${folder}
appendonly yes
appendfsync everysec
save ""
maxmemory-policy noeviction
daemonize no
`;

const answersPing = (port: number, password: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(`AUTH ${password}\r\nPING\r\n`));
    const finish = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    let received = '';
    socket.setTimeout(pingTimeoutMilliseconds, () => finish(false));
    socket.once('error', () => finish(false)).once('close', () => finish(false));
    socket.on('data', (bytes) => {
      received += bytes.toString();
      if (received.includes('+PONG')) finish(true);
    });
  });
