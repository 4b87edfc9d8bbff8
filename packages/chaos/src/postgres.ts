import { startPostgres, type Postgres } from '@invoicepress/stack/services/postgres';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { childrenOf } from './processes.ts';

export interface ChaosPostgres extends AsyncDisposable {
  superuserUrl: string;
  port: number;
  /** An immediate shutdown, which is a crash; then a start with recovery. */
  restart(): Promise<void>;
  /** Kills a backend: the server throws all others out and recovers. */
  crash(): Promise<void>;
}

const ENDED_POLL_MS = 20;
const RECOVERED_TIMEOUT_MS = 30_000;

/** A PostgreSQL that keeps what it has acknowledged, on one port for good. */
export const startChaosPostgres = async (dataDir: string): Promise<ChaosPostgres> => {
  const first = await startPostgres({ dataDir, persistent: false });
  const port = Number(new URL(first.superuserUrl).port);
  const started: Postgres[] = [first];
  const serverPid = async () =>
    Number((await readFile(join(dataDir, 'home/cluster/postmaster.pid'), 'utf8')).split('\n')[0]);

  return {
    superuserUrl: first.superuserUrl,
    port,
    async restart() {
      const pid = await serverPid();
      process.kill(pid, 'SIGQUIT');
      while (isAlive(pid)) await sleep(ENDED_POLL_MS);
      started.push(await startPostgres({ dataDir, port, persistent: false }));
    },
    async crash() {
      const pid = await serverPid();
      const backends = await Promise.all(childrenOf(pid).map(async (child) => [child, await titleOf(child)] as const));
      const [backend] = backends.find(([, title]) => /: invoicepress_worker |: invoicepress_api /.test(title)) ?? [];
      if (backend === undefined) throw new Error('PostgreSQL has no backend that could be killed');
      process.kill(backend, 'SIGKILL');
      await untilAnswers(first.superuserUrl);
    },
    async [Symbol.asyncDispose]() {
      for (const each of started.toReversed()) await each[Symbol.asyncDispose]();
    },
  };
};

const untilAnswers = async (url: string): Promise<void> => {
  for (const deadline = Date.now() + RECOVERED_TIMEOUT_MS; ; await sleep(ENDED_POLL_MS)) {
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => {});
    try {
      await client.connect();
      return await client.end();
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
  }
};

const titleOf = (pid: number): Promise<string> => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};
