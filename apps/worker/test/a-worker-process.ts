import { childEnvironment } from '@invoicepress/stack/testing';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { parseLines, type LogLine } from './a-worker.ts';
import { eventually } from './site.ts';

/** A worker as an operator's supervisor runs it: a process with nothing but its settings. */
export interface WorkerProcess extends AsyncDisposable {
  pid: number;
  logged(event: string): LogLine[];
  stderr(): string;
  kill(signal: NodeJS.Signals): void;
  /** "code 0", or the signal that ended it. */
  exited: Promise<string>;
  /** Resolves when it takes jobs. */
  started(): Promise<void>;
}

export const startWorker = (environment: Record<string, string>): WorkerProcess => {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../src/main.ts')], {
    env: childEnvironment(environment),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (text: string) => (said[name] += text));
  let ended: string | undefined;
  const gone = once(child, 'exit');
  // 'close' comes when all it said is here. Renderers of a killed worker hold its stderr open until they notice.
  const exited = once(child, 'close').then(() => (ended = child.signalCode ?? `code ${child.exitCode}`));
  const logged = (event: string) =>
    parseLines(said.stdout.slice(0, said.stdout.lastIndexOf('\n') + 1)).filter((line) => line.event === event);
  return {
    pid: child.pid!,
    logged,
    stderr: () => said.stderr,
    kill: (signal) => void child.kill(signal),
    exited,
    started: () =>
      eventually('the worker has started', () => {
        if (ended !== undefined) throw new Error(`the worker ended with ${ended}: ${said.stderr}`);
        return logged('started').length > 0;
      }),
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await gone;
    },
  };
};
