import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const startTimeoutMilliseconds = 30_000;
const pollMilliseconds = 20;
/** Enough of what a daemon said last to explain why it ended. */
const rememberedCharacters = 4_000;
const leftoversAgeMilliseconds = 24 * 60 * 60 * 1000;

export interface Daemon extends AsyncDisposable {
  name: string;
  /** Resolves when `ready` answers true; rejects with the daemon's last words when it ends first or takes too long. */
  until(ready: () => Promise<boolean>): Promise<void>;
}

/**
 * Starts a server in the foreground. It is ended on disposal, and by the kernel when this process dies in any way:
 * an interrupted test run leaves nothing behind.
 */
export const startDaemon = (name: string, file: string, argv: string[], env: Record<string, string>): Daemon => {
  // A session of its own, so that Ctrl-C reaches only us and we end things in order.
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', '--', file, ...argv], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-rememberedCharacters)));
  }
  let ended: string | undefined;
  const exited = new Promise<void>((resolve) => {
    child.once('error', (error) => resolve(void (ended = error.message)));
    child.once('close', (code, signal) => resolve(void (ended = `ended with ${signal ?? `code ${code}`}`)));
  });
  return {
    name,
    until: async (ready) => {
      const deadline = performance.now() + startTimeoutMilliseconds;
      while (!(await ready())) {
        if (ended !== undefined) throw new Error(`${name} ${ended} while starting. It said:\n${said}`);
        if (performance.now() > deadline)
          throw new Error(`${name} was not ready in ${startTimeoutMilliseconds} ms. It said:\n${said}`);
        await sleep(pollMilliseconds);
      }
    },
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
};

/** A folder for one server's data, deleted on disposal. */
export const temporaryFolder = async (kind: string, parent = tmpdir()): Promise<{ path: string } & AsyncDisposable> => {
  await sweepLeftovers(kind, parent);
  const path = await mkdtemp(join(parent, `invoicepress-${kind}-${process.pid}-`));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true, maxRetries: 3 }) };
};

/** Deletes folders of processes that were killed before they could: a day old, and their process is gone. */
const sweepLeftovers = async (kind: string, parent: string): Promise<void> => {
  for (const name of await readdir(parent)) {
    const pid = new RegExp(`^invoicepress-${kind}-(\\d+)-`).exec(name)?.[1];
    if (!pid || isAlive(Number(pid))) continue;
    const folder = join(parent, name);
    const modifiedAt = await stat(folder).then(
      (entry) => entry.mtimeMs,
      () => Date.now(),
    );
    if (Date.now() - modifiedAt > leftoversAgeMilliseconds)
      await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }
};

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

/** A port of 127.0.0.1 that nothing listens on at the moment. */
export const freePort = async (): Promise<number> => {
  const server = createServer();
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
};

/** Tries again when a start fails, since a free port may be taken before the server gets to it. */
export const startWithRetry = async <T>(attempts: number, start: () => Promise<T>): Promise<T> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await start();
    } catch (error) {
      if (attempt === attempts) throw error;
    }
  }
};
