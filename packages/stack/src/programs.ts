import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { childEnvironment } from './child-environment.ts';
import { lifeline } from './services/lifeline.ts';

export interface ProgramOptions {
  name: string;
  /** From the root of the repository. */
  file: string;
  nodeFlags?: string[];
  env: Record<string, string>;
  logDir: string;
  /** Answers 200 as soon as the program can work. */
  readyUrl: string;
}

export interface Program extends AsyncDisposable {
  name: string;
  pid: number | undefined;
  ready: Promise<void>;
  /** Rejects when the program ends before it was asked to. */
  broken: Promise<never>;
}

const root = join(import.meta.dirname, '../../..');
const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 30_000;
const POLL_MS = 50;
/** Of a log that is shown when its program broke. */
const TAIL_LINES = 20;

/** Starts one of our programs as an operator's supervisor would: settings by environment alone, output into a log. */
export const startProgram = ({ name, file, nodeFlags = [], env, logDir, readyUrl }: ProgramOptions): Program => {
  const logFile = join(logDir, `${name}.log`);
  const log = openSync(logFile, 'w', 0o600);
  const child = spawn(process.execPath, [...nodeFlags, join(root, file)], {
    env: childEnvironment({ NODE_ENV: 'production', ...env }),
    stdio: ['ignore', log, log], // its own file: nothing passes through here
    detached: true, // Ctrl-C is for us; we stop our programs in order
  });
  closeSync(log);
  let stopping = false;
  const ended = new AbortController();
  const cutLifeline = child.pid === undefined ? () => {} : lifeline(child.pid);
  const exited = once(child, 'close').then(() => {
    ended.abort();
    cutLifeline();
    return child.signalCode ?? `code ${child.exitCode}`;
  });
  const broken = exited.then(async (how): Promise<never> => {
    if (stopping) return new Promise(() => {});
    const lines = (await readFile(logFile, 'utf8')).trim().split('\n').slice(-TAIL_LINES).join('\n');
    throw new Error(`${name} ended with ${how}; its log (${logFile}) ends with:\n${lines}`);
  });
  const ready = Promise.race([untilReady(name, readyUrl, ended.signal), broken]);
  for (const promise of [ready, broken]) promise.catch(() => {}); // whoever waits for it hears of it

  return {
    name,
    pid: child.pid,
    ready,
    broken,
    async [Symbol.asyncDispose]() {
      stopping = true;
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
      await exited;
      clearTimeout(timer);
    },
  };
};

/** Looks no further once the program has ended; how it did is for `broken` to say. */
const untilReady = async (name: string, url: string, ended: AbortSignal): Promise<void> => {
  for (const deadline = Date.now() + START_TIMEOUT_MS; Date.now() < deadline; await sleep(POLL_MS)) {
    if (ended.aborted) return new Promise(() => {});
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) }).catch(() => undefined);
    await response?.body?.cancel();
    if (response?.ok) return;
  }
  throw new Error(`${name} was not ready within ${START_TIMEOUT_MS / 1_000} s; ${url} did not answer with 200`);
};
