import { fork, spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { heapFor, rendererEnvironment, rendererFlags } from './renderer-process.ts';

/**
 * Megabytes that Node and Typst set aside on top of what they use (stacks of threads, arenas), by the kernel's count of
 * data; the more cores, the more. Measured: 600 with two.
 */
const SET_ASIDE_MB = 1_024;
/** What a child says at its end, such as that an allocation failed; the rest is dropped. */
const MAX_LAST_WORDS = 2_000;

export interface SandboxBounds {
  maxMb: number;
  cpuSeconds: number;
  /** Whether it reads its documents back, which takes more memory of Node's. */
  verify: boolean;
}

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
export const forkSandboxed = (bounds: SandboxBounds): Sandboxed => {
  const child = fork(fileURLToPath(new URL('template-renderer.ts', import.meta.url)), {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: nowhere,
    execPath: shell,
    // The shell gives way to Node, which keeps its process id and its channel.
    execArgv: [...inBounds(bounds), process.execPath, ...rendererFlags(heapFor(bounds.verify))],
  });
  let words = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    words = (words + text).slice(-MAX_LAST_WORDS);
  });
  return { child, lastWords: () => words };
};

/**
 * Whether this kernel holds a process to such bounds: one that asks for more memory than they allow has to be refused.
 * Some systems have no such shell, others take the limit and do not heed it.
 */
export const isHeldTo = async (bounds: SandboxBounds): Promise<boolean> => {
  const beyond = `try { new ArrayBuffer(${dataKilobytes(bounds) * 1_024}) } catch { process.exitCode = ${REFUSED} }`;
  const probe = spawn(shell, [...inBounds(bounds), process.execPath, '--eval', beyond], {
    stdio: 'ignore',
    env: nowhere,
    timeout: PROBE_MS,
    killSignal: 'SIGKILL',
  });
  return new Promise((resolve) => {
    probe.once('error', () => resolve(false));
    probe.once('exit', (code) => resolve(code === REFUSED));
  });
};
/** Of no other meaning to shells and to Node. */
const REFUSED = 77;
const PROBE_MS = 60_000;

const shell = '/bin/sh';
/** What the shell does before it becomes the program whose command line follows. */
const inBounds = (bounds: SandboxBounds): string[] => {
  // POSIX knows `ulimit` with one limit at a time.
  const limits = [`-d ${dataKilobytes(bounds)}`, `-t ${bounds.cpuSeconds}`, '-f 0', '-c 0'];
  return ['-c', `${limits.map((limit) => `ulimit ${limit}`).join(' && ')} && exec "$@"`, 'sandbox'];
};
const dataKilobytes = ({ maxMb, verify }: SandboxBounds): number => (maxMb + SET_ASIDE_MB + heapFor(verify)) * 1_024;

const fontsFile = fileURLToPath(import.meta.resolve('@invoicepress/documents/no-system-fonts'));
const closedPort = 'http://127.0.0.1:1';
const nowhere = {
  ...rendererEnvironment,
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
