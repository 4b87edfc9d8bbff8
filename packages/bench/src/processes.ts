/** Memory of processes, as the kernel counts it (Linux only: /proc). */
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

const KILOBYTE = 1_024;

export interface Memory {
  rssBytes: number;
  /** The most that it ever was. */
  peakBytes: number;
}

/** Undefined for a process that is gone. @throws Error where there is no /proc */
export const memoryOf = async (pid: number): Promise<Memory | undefined> => {
  const status = await readProc(`${pid}/status`);
  const field = (name: string): number | undefined => {
    const kilobytes = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status ?? '')?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) * KILOBYTE;
  };
  const rssBytes = field('VmRSS');
  return rssBytes === undefined ? undefined : { rssBytes, peakBytes: field('VmHWM') ?? rssBytes };
};

/** The processes that a process has started. @throws Error where there is no /proc */
export const childrenOf = async (pid: number): Promise<number[]> => {
  const listed = await readProc(`${pid}/task/${pid}/children`);
  return (listed ?? '').split(' ').filter(Boolean).map(Number);
};

const readProc = async (path: string): Promise<string | undefined> => {
  if (process.platform !== 'linux') throw new Error('memory is read from /proc; measure it on Linux');
  return readFile(`/proc/${path}`, 'utf8').catch(() => undefined);
};

/** Calls `look` again and again, `everyMs` apart, until disposed; the first failure ends it and is thrown then. */
export const sampling = (everyMs: number, look: () => Promise<void>): AsyncDisposable => {
  const stop = new AbortController();
  const loop = async () => {
    while (!stop.signal.aborted) {
      await look();
      await sleep(everyMs, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  };
  const running = loop();
  running.catch(() => {});
  return {
    async [Symbol.asyncDispose]() {
      stop.abort();
      await running;
    },
  };
};
