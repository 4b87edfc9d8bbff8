/** The processes of the embedded PostgreSQL: starting, watching and ending them. */
import { type ChildProcess, spawn } from 'node:child_process';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './daemon.ts';
import { lifeline } from './lifeline.ts';
import type { PostgresHome } from './postgres-home.ts';

/** Crash recovery of a large write-ahead log is part of starting, hence the generous bound. */
const startDeadlineMs = 60_000;
/** A fast shutdown writes a checkpoint first; after this long the server is killed and will recover at its next start. */
const stopDeadlineMs = 20_000;
/** A previous server on the same folder may still be shutting down. */
const predecessorDeadlineMs = 20_000;
/** Another process may take the free port between its choice and its use. */
const portAttempts = 5;
const pollMs = 10;

export type Durability = 'full' | 'test';

export interface Server {
  port: number;
  stop: () => Promise<void>;
}

/**
 * Starts the server on the given port, or on a free one, and resolves when it accepts connections.
 * @throws Error with the end of the server's log.
 */
export const startServer = async (
  home: PostgresHome,
  logFile: string,
  durability: Durability,
  port?: number,
): Promise<Server> => {
  for (let attempt = 1; ; attempt += 1) {
    const chosen = port ?? (await freePort());
    try {
      return await startOnce(home, logFile, durability, chosen);
    } catch (error) {
      const taken = (error as Error).message.includes('Address already in use');
      if (port === undefined && taken && attempt < portAttempts) continue;
      throw error;
    }
  }
};

/** The data directory proper. */
export const clusterOf = (home: PostgresHome): string => join(home.base, 'cluster');

/** Spawns one of the server's programs, in a session of its own: a Ctrl-C is ours to handle in order. */
const spawnProgram = (
  home: PostgresHome,
  program: string,
  argv: string[],
  stdio: ['ignore', number | 'pipe', number | 'pipe'],
) =>
  spawn(join(home.native, 'bin', program), argv, {
    ...home.account,
    cwd: home.base,
    detached: true,
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
    stdio,
  });

/** @throws Error with what the program said, unless it ends with 0. */
export const runProgram = async (home: PostgresHome, program: string, argv: string[]): Promise<void> => {
  const child = spawnProgram(home, program, argv, ['ignore', 'pipe', 'pipe']);
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const code = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
  if (code !== 0) throw new Error(`${program} failed with code ${code}:\n${output.trim()}`);
};

/** The server's own pid file: line 1 its pid, line 8 its state; `undefined` when there is no such file. */
const readPidFile = async (home: PostgresHome): Promise<{ pid: number; ready: boolean } | undefined> => {
  const text = await readFile(join(clusterOf(home), 'postmaster.pid'), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const lines = text.split('\n');
  return { pid: Number(lines[0]), ready: lines[7]?.trim() === 'ready' };
};

/** A file that a killed server left behind names a dead process; PostgreSQL itself clears that one away. */
export const waitForPredecessor = async (home: PostgresHome): Promise<void> => {
  const deadline = Date.now() + predecessorDeadlineMs;
  for (;;) {
    const found = await readPidFile(home);
    if (found === undefined || !(await isPostgres(found.pid, home))) return;
    if (Date.now() > deadline) {
      throw new Error(
        `PostgreSQL (process ${found.pid}) already runs on ${clusterOf(home)}. ` +
          'Stop whatever started it (another `npm start`?), or use another folder.',
      );
    }
    await sleep(100);
  }
};

/** False for a dead process and, where the system lets one look, for a pid that something else has taken over. */
const isPostgres = async (pid: number, home: PostgresHome): Promise<boolean> => {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => clusterOf(home));
  return commandLine.includes(clusterOf(home));
};

const settings = (port: number, durability: Durability): string[] => {
  const all = [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'max_connections=200',
    'shared_buffers=128MB',
    'autovacuum_naptime=30s',
    'max_wal_size=1GB',
    'timezone=UTC',
    'log_timezone=UTC',
    'log_line_prefix=%m [%p] %q%u@%d/%a ',
  ];
  if (durability === 'test')
    all.push('fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'autovacuum_naptime=10min');
  return all.flatMap((setting) => ['-c', setting]);
};

const startOnce = async (
  home: PostgresHome,
  logFile: string,
  durability: Durability,
  port: number,
): Promise<Server> => {
  // Written anew at each start, so that it cannot grow without bound over the years.
  const log = await open(logFile, 'w', 0o600);
  const child = spawnProgram(
    home,
    'postgres',
    ['-D', clusterOf(home), ...settings(port, durability)],
    ['ignore', log.fd, log.fd],
  );
  const exited = new Promise<void>((resolve) => child.on('error', () => resolve()).on('exit', () => resolve()));
  const cutLifeline = child.pid === undefined ? () => {} : lifeline(child.pid);
  void exited.then(cutLifeline);
  const stop = () => stopServer(child, exited);
  try {
    await Promise.race([untilReady(home, child), exited.then(() => Promise.reject(new Error('it ended at once')))]);
  } catch (error) {
    await stop();
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`PostgreSQL did not start: ${reason}. Its log (${logFile}) ends:\n${await tail(logFile)}`, {
      cause: error,
    });
  } finally {
    await log.close();
  }
  return { port, stop };
};

const untilReady = async (home: PostgresHome, child: ChildProcess): Promise<void> => {
  const deadline = Date.now() + startDeadlineMs;
  while (Date.now() < deadline) {
    const found = await readPidFile(home);
    if (found?.pid === child.pid && found?.ready) return;
    if (child.exitCode !== null || child.signalCode !== null) return;
    await sleep(pollMs);
  }
  throw new Error(`it was not ready within ${startDeadlineMs / 1_000} s`);
};

const stopServer = async (child: ChildProcess, exited: Promise<void>): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  child.kill('SIGINT');
  const timer = setTimeout(() => child.kill('SIGQUIT'), stopDeadlineMs);
  await exited;
  clearTimeout(timer);
};

const tail = async (file: string): Promise<string> =>
  (await readFile(file, 'utf8')).trim().split('\n').slice(-15).join('\n');
