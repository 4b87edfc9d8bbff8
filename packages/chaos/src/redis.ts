import { temporaryFolder } from '@invoicepress/stack/services/daemon';
import { debianPackages, debianTools } from '@invoicepress/stack/services/debian';
import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface ChaosRedis extends AsyncDisposable {
  port: number;
  password: string;
  /** SIGKILL; what was appended to its file survives. */
  kill(): Promise<void>;
  start(): Promise<void>;
  freeze(): void;
  thaw(): void;
  /** Sends one command, its words in order. @throws Error with what Redis answered, or when it did not */
  command(...words: string[]): Promise<void>;
}

const START_TIMEOUT_MS = 15_000;
const ANSWER_TIMEOUT_MS = 1_000;
const POLL_MS = 20;

/** A Redis set up as a queue needs it, which can be killed and started again in the same place. */
export const startChaosRedis = async (port: number): Promise<ChaosRedis> => {
  const tools = await debianTools('Redis', debianPackages.Redis);
  await using parts = new AsyncDisposableStack();
  const folder = parts.use(await temporaryFolder('chaos-redis'));
  const password = randomBytes(16).toString('hex');
  const settings = join(folder.path, 'redis.conf');
  const lines = [`port ${port}`, `requirepass ${password}`, `dir ${folder.path}`, 'bind 127.0.0.1', 'save ""'];
  lines.push('appendonly yes', 'appendfsync everysec', 'maxmemory-policy noeviction', 'daemonize no', '');
  await writeFile(settings, lines.join('\n'), { mode: 0o600 });

  let child: ChildProcess | undefined;
  const command = (...words: string[]) => ask(port, [`AUTH ${password}`, words.join(' ')]);
  const kill = async () => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const closed = once(child, 'close');
    child.kill('SIGKILL');
    await closed;
  };
  const start = async () => {
    child = spawn('setpriv', ['--pdeathsig', 'KILL', '--', tools.bin('redis-server'), settings], {
      env: tools.env,
      stdio: 'ignore',
      detached: true,
    });
    child.on('error', () => {});
    for (const deadline = Date.now() + START_TIMEOUT_MS; ; await sleep(POLL_MS)) {
      if (
        await command('PING').then(
          () => true,
          () => false,
        )
      )
        return;
      if (Date.now() > deadline) throw new Error(`Redis did not answer within ${START_TIMEOUT_MS / 1_000} s`);
    }
  };
  parts.defer(kill);
  await start();
  const running = parts.move();
  return {
    port,
    password,
    kill,
    start,
    freeze: () => void child?.kill('SIGSTOP'),
    thaw: () => void child?.kill('SIGCONT'),
    command,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
};

/** Inline commands (redis.io/docs/reference/protocol-spec) suffice for words without spaces. */
const ask = (port: number, commands: string[]): Promise<void> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(commands.map((line) => `${line}\r\n`).join('')));
    let received = '';
    const fail = (reason: string) => {
      socket.destroy();
      reject(new Error(`Redis: ${reason}`));
    };
    socket.setTimeout(ANSWER_TIMEOUT_MS, () => fail('no answer'));
    socket.once('error', (error) => fail(error.message)).once('close', () => fail('closed'));
    socket.on('data', (bytes) => {
      received += bytes.toString();
      const answers = received.split('\r\n').slice(0, -1);
      const refusal = answers.find((answer) => answer.startsWith('-'));
      if (refusal) return fail(refusal);
      if (answers.length < commands.length) return;
      socket.destroy();
      resolve();
    });
  });
