/** A look at processes from outside, through /proc. */
import { readdir, readFile } from 'node:fs/promises';
import { eventually } from './site.ts';

/** The processes that a process started and that still run. */
export const childrenOf = async (pid: number): Promise<number[]> => {
  const threads = await readdir(`/proc/${pid}/task`);
  const lists = await Promise.all(
    threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/children`, 'utf8').catch(() => '')),
  );
  return lists.flatMap((list) => list.trim().split(/\s+/).filter(Boolean).map(Number));
};

/** The renderers among them. */
export const renderersOf = async (pid: number): Promise<number[]> => {
  const children = await childrenOf(pid);
  const commands = await Promise.all(children.map(commandLine));
  return children.filter((_, i) => commands[i]?.some((argument) => /\/(?:template-)?renderer\.ts$/.test(argument)));
};

export const commandLine = async (pid: number): Promise<string[]> =>
  (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0').filter(Boolean);

/** What the process was started with. */
export const environmentOf = async (pid: number): Promise<string[]> =>
  (await readFile(`/proc/${pid}/environ`, 'utf8')).split('\0').filter(Boolean);

/** Waits until the process has ended (a zombie that nobody has collected has). */
export const gone = (pid: number): Promise<void> =>
  eventually(`process ${pid} has ended`, async () => {
    const state = /\) (\w)/.exec(await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ''))?.[1];
    return state === undefined || state === 'Z' || state === 'X';
  });
