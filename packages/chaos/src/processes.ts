import { childEnvironment } from '@invoicepress/stack/child-environment';
import type { Step } from '@invoicepress/telemetry';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Order, Told } from './preload.ts';

export interface MemberOptions {
  name: string;
  /** From the root of the repository. */
  file: string;
  nodeFlags?: string[];
  env: Record<string, string>;
  logDir: string;
  readyUrl: string;
  onStep: (step: Step) => void;
}

/** A process under test, started again whenever it ends, as an orchestrator would. */
export interface Member extends AsyncDisposable {
  name: string;
  pid(): number | undefined;
  /** How often it has ended by itself or by a fault. */
  ended(): number;
  /** The last step that it has told of. */
  lastStep(): Step | undefined;
  /** How often it has laid hands on its renderers. */
  acted(): number;
  send(order: Order): void;
  /** Resolves when it acts on no order any more. It goes on, also if it froze just before it heard of this. */
  disarm(): Promise<void>;
  kill(): void;
  /** Ends it; from now on it starts with this in its environment too. */
  become(extra: Record<string, string>): void;
  freeze(): void;
  /** Lets it go on when it is frozen. */
  thaw(): void;
  isFrozen(): boolean;
  renderers(): number[];
  /** Resolves with true when it answers 200, with false when it does not by the deadline (a minute from now). */
  ready(deadline?: number): Promise<boolean>;
}

const root = join(import.meta.dirname, '../../..');
const preload = join(import.meta.dirname, 'preload.ts');
const READY_TIMEOUT_MS = 60_000;
const READY_POLL_MS = 100;
const ANSWER_TIMEOUT_MS = 2_000;
const RESTART_MS = 100;
const DISARM_TIMEOUT_MS = 10_000;
const DISARM_POLL_MS = 10;
const STOP_TIMEOUT_MS = 6_000;

export const startMember = (options: MemberOptions): Member => {
  const { name, logDir, readyUrl, onStep } = options;
  let acted = 0;
  let disarmed = 0;
  let last: Step | undefined;
  let renderers: number[] = [];
  const hear = (told: Told) => {
    if (told.said === 'disarmed') return void (disarmed += 1);
    if (told.acted) acted += 1;
    last = told.step;
    renderers = childrenOf(child.pid);
    onStep(told.step);
  };
  const log = createWriteStream(join(logDir, `${name}.log`), { mode: 0o600, flags: 'a' });
  let extraEnv: Record<string, string> = {};
  const begin = () => start({ ...options, env: { ...options.env, ...extraEnv } }, log, hear);
  let child = begin();
  let ended = 0;
  let stopping = false;
  const watch = () =>
    // Not its 'close': a renderer that is frozen keeps the pipes of its log open.
    child.once('exit', () => {
      ended += 1;
      for (const renderer of renderers) endRenderer(renderer);
      if (stopping) return;
      setTimeout(() => {
        if (stopping) return;
        child = begin();
        watch();
      }, RESTART_MS);
    });
  watch();
  const alive = () => child.exitCode === null && child.signalCode === null;
  const send = (order: Order) => void (child.connected && child.send(order, () => {}));

  return {
    name,
    pid: () => (alive() ? child.pid : undefined),
    ended: () => ended,
    lastStep: () => last,
    acted: () => acted,
    send,
    disarm: async () => {
      const asked = child;
      const before = disarmed;
      send({ order: 'disarm' });
      for (const deadline = Date.now() + DISARM_TIMEOUT_MS; Date.now() < deadline; await sleep(DISARM_POLL_MS)) {
        if (child !== asked || !alive() || disarmed > before) return;
        child.kill('SIGCONT');
      }
    },
    kill: () => void child.kill('SIGKILL'),
    become: (extra) => {
      extraEnv = extra;
      child.kill('SIGKILL');
    },
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    isFrozen: () => alive() && stateOf(child.pid) === 'T',
    renderers: () => childrenOf(child.pid),
    ready: async (deadline = Date.now() + READY_TIMEOUT_MS) => {
      for (;;) {
        if (alive() && (await answers(readyUrl))) return true;
        if (Date.now() > deadline) return false;
        await sleep(READY_POLL_MS);
      }
    },
    async [Symbol.asyncDispose]() {
      stopping = true;
      if (!alive()) return void log.end();
      const closed = once(child, 'exit');
      child.kill('SIGCONT');
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
      await closed;
      clearTimeout(timer);
      for (const renderer of renderers) endRenderer(renderer);
      log.end();
    },
  };
};

/** The kernel kills it when we end in any way, be it frozen. */
const start = (
  { file, nodeFlags = [], env }: MemberOptions,
  log: NodeJS.WritableStream,
  hear: (told: Told) => void,
): ChildProcess => {
  const argv = [process.execPath, ...nodeFlags, `--import=${preload}`, join(root, file)];
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', '--', ...argv], {
    env: childEnvironment({ NODE_ENV: 'production', ...env }),
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    detached: true,
  });
  child.on('error', () => {});
  child.stdout?.pipe(log, { end: false });
  child.stderr?.pipe(log, { end: false });
  child.on('message', hear);
  return child;
};

/** A frozen one does not hear that its worker is gone. */
const endRenderer = (pid: number): void => {
  if (!readProc(`${pid}/cmdline`).includes('renderer.ts')) return;
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself meanwhile.
  }
};

const answers = async (url: string): Promise<boolean> => {
  const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) }).catch(() => undefined);
  await response?.body?.cancel().catch(() => undefined);
  return response?.ok ?? false;
};

/** Field 3 of /proc/<pid>/stat (proc(5)): T is stopped by a signal. */
const stateOf = (pid: number | undefined): string | undefined => /^\d+ \(.*\) (\w)/s.exec(readProc(`${pid}/stat`))?.[1];

export const childrenOf = (pid: number | undefined): number[] =>
  readProc(`${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number);

const readProc = (path: string): string => {
  try {
    return readFileSync(`/proc/${path}`, 'utf8');
  } catch {
    return '';
  }
};
