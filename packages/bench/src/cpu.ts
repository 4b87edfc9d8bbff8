/**
 * Processor time of everything that this process has started, by part. Wall-clock time on a shared machine drifts by
 * the minute; processor time per invoice says which part to look at, and holds (Linux only: /proc).
 */
import { readFile, readdir } from 'node:fs/promises';

/** Linux reports processor time in ticks of 10 ms on every architecture that Node runs on. */
const TICK_MS = 10;

/** Milliseconds of processor time since each part's start. */
export type CpuTimes = Map<string, number>;

interface Entry {
  pid: number;
  parent: number;
  program: string;
  /** Its own, and that of its children that have ended. */
  ownMs: number;
  endedMs: number;
}

export interface Parts {
  api: number[];
  workers: number[];
  bare: number[];
}

export const parts = ['renderers', 'worker', 'API', 'PostgreSQL', 'Redis', 'client'] as const;
export const bareLoop = 'bare loop';

/** Undefined where there is no /proc. */
export const readCpuTimes = async ({ api, workers, bare }: Parts): Promise<CpuTimes | undefined> => {
  if (process.platform !== 'linux') return undefined;
  const times: CpuTimes = new Map();
  const add = (part: string, ms: number) => times.set(part, (times.get(part) ?? 0) + ms);
  for (const { pid, parent, program, ownMs, endedMs } of await descendants(process.pid)) {
    if (pid === process.pid) add('client', ownMs);
    else if (bare.includes(pid)) add(bareLoop, ownMs);
    else if (api.includes(pid)) add('API', ownMs);
    else if (workers.includes(parent)) add('renderers', ownMs);
    else if (program === 'postgres') add('PostgreSQL', ownMs + endedMs);
    else if (program === 'redis-server') add('Redis', ownMs);
    else if (workers.includes(pid)) {
      add('worker', ownMs);
      add('renderers', endedMs);
    }
  }
  return times;
};

/** What each part has used between two readings, per invoice. */
export const perInvoice = (before: CpuTimes, after: CpuTimes, invoices: number): CpuTimes =>
  new Map([...after].map(([part, ms]) => [part, (ms - (before.get(part) ?? 0)) / invoices]));

/** Milliseconds of this process and of everything that it has started; undefined where there is no /proc. */
export const totalCpuMs = async (): Promise<number | undefined> => {
  if (process.platform !== 'linux') return undefined;
  return (await descendants(process.pid)).reduce((sum, { ownMs, endedMs }) => sum + ownMs + endedMs, 0);
};

const descendants = async (root: number): Promise<Entry[]> => {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const all = (await Promise.all(pids.map(readEntry))).filter((entry) => entry !== undefined);
  const found = all.filter(({ pid }) => pid === root);
  for (const { pid } of found) found.push(...all.filter(({ parent }) => parent === pid)); // grows while it is walked
  return found;
};

/** /proc/<pid>/stat (proc(5)): fields 2 comm, 4 ppid, 14 utime, 15 stime, 16 cutime, 17 cstime. */
const readEntry = async (pid: string): Promise<Entry | undefined> => {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  const [, program, rest] = /^\d+ \((.*)\) (.*)$/s.exec(stat ?? '') ?? [];
  if (program === undefined || rest === undefined) return undefined;
  const fields = rest.split(' ').map(Number); // the first is field 3
  const field = (number: number): number => fields[number - 3] ?? 0;
  return {
    pid: Number(pid),
    parent: field(4),
    program,
    ownMs: (field(14) + field(15)) * TICK_MS,
    endedMs: (field(16) + field(17)) * TICK_MS,
  };
};
