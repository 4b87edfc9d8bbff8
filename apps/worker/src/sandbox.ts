import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { HEAP_MB, rendererFlags } from './renderer-process.ts';

/**
 * Megabytes that Node and Typst set aside on top of what they use (stacks of threads, arenas), by the kernel's count of
 * data; the more cores, the more. Measured: 600 with two.
 */
const SET_ASIDE_MB = 1_024;
/** What a child says at its end, such as that an allocation failed; the rest is dropped. */
const MAX_LAST_WORDS = 2_000;

export interface Sandboxed {
  child: ChildProcess;
  /** The end of what it wrote to standard error. */
  lastWords(): string;
}

/**
 * Starts a renderer for a template that a stranger wrote. Beyond what holds for every renderer, the kernel bounds it
 * (setrlimit, by the shell that starts it): its data, so that an allocation fails at once where a look at its memory
 * would come late; its processor time, so that it ends even if this worker dies before it; and what it may write to
 * files, nothing. Typst would look for packages on the network and in the user's folders, and for fonts on the machine:
 * its environment leads it to places where there is nothing.
 */
export const forkSandboxed = ({ maxMb, cpuSeconds }: { maxMb: number; cpuSeconds: number }): Sandboxed => {
  const limits = `ulimit -d ${(maxMb + SET_ASIDE_MB + HEAP_MB) * 1_024} -t ${cpuSeconds} -f 0 -c 0`;
  const child = fork(fileURLToPath(new URL('template-renderer.ts', import.meta.url)), {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: nowhere,
    execPath: '/bin/sh',
    // The shell gives way to Node, which keeps its process id and its channel.
    execArgv: ['-c', `${oneByOne(limits)} && exec "$@"`, 'sandbox', process.execPath, ...rendererFlags()],
  });
  let words = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    words = (words + text).slice(-MAX_LAST_WORDS);
  });
  return { child, lastWords: () => words };
};

/** POSIX knows `ulimit` with one limit at a time. */
const oneByOne = (limits: string): string => limits.replace(/ (\d+) -/g, ' $1 && ulimit -');

const fontsFile = fileURLToPath(import.meta.resolve('@invoicepress/documents/no-system-fonts'));
const closedPort = 'http://127.0.0.1:1';
const nowhere = {
  HTTPS_PROXY: closedPort,
  HTTP_PROXY: closedPort,
  ALL_PROXY: closedPort,
  NO_PROXY: '',
  HOME: '/invoicepress-has-no-home',
  XDG_CACHE_HOME: '/invoicepress-has-no-home',
  XDG_DATA_HOME: '/invoicepress-has-no-home',
  XDG_CONFIG_HOME: '/invoicepress-has-no-home',
  FONTCONFIG_FILE: fontsFile,
  // Whoever asks for the hour anyway gets one that does not depend on the place.
  TZ: 'UTC',
};
