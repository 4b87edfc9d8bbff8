/** Running the workspace's own tools (turbo, oxfmt) from the commands of the root. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const repositoryRoot = fileURLToPath(new URL('../../..', import.meta.url));

/** More than this many tasks at once make a small machine slower, not faster. */
export const taskConcurrency = 2;

const quiet = { TURBO_TELEMETRY_DISABLED: '1', TURBO_NO_UPDATE_NOTIFIER: '1', DO_NOT_TRACK: '1' };

export interface ToolRun {
  env?: Record<string, string>;
  /** Called with each line that the tool prints, which is passed on in any case. */
  onLine?: (line: string) => void;
}

/**
 * Runs a tool of node_modules/.bin at the repository's root and resolves to its exit code. Its output streams through.
 * An interrupt is passed on to the tool, and this process stays until it has ended, so that callers can clean up.
 */
export const runTool = async (name: string, argv: string[], { env = {}, onLine }: ToolRun = {}): Promise<number> => {
  const child = spawn(join(repositoryRoot, 'node_modules', '.bin', name), argv, {
    cwd: repositoryRoot,
    env: { ...process.env, ...quiet, ...env },
    stdio: onLine ? ['ignore', 'pipe', 'inherit'] : ['ignore', 'inherit', 'inherit'],
  });
  if (onLine && child.stdout) {
    let rest = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      process.stdout.write(text);
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) onLine(line);
    });
  }
  const passOn = (signal: NodeJS.Signals): void => void child.kill(signal);
  process.on('SIGINT', passOn).on('SIGTERM', passOn);
  try {
    return await new Promise<number>((resolve, reject) => {
      child.on('error', (error) =>
        reject(new Error(`${name} cannot be run: ${error.message}. Run \`npm run setup\` again.`)),
      );
      child.on('close', (code) => resolve(code ?? 1));
    });
  } finally {
    process.off('SIGINT', passOn).off('SIGTERM', passOn);
  }
};

/** Runs turbo tasks over all packages, or over those that the arguments choose (`--filter=…`). */
export const runTasks = (tasks: string[], argv: string[], run?: ToolRun): Promise<number> =>
  runTool(
    'turbo',
    ['run', ...tasks, `--concurrency=${taskConcurrency}`, '--continue=always', '--ui=stream', ...argv],
    run,
  );

/** Resolves to 0 when every file is formatted. */
export const checkFormat = (): Promise<number> => runTool('oxfmt', ['--check', '.']);

/** Resolves to 0 when what we build upon keeps its policies: docs/supply-chain.md. */
export const checkSupplyChain = (): Promise<number> => runTool('node', ['packages/supply-chain/src/check.ts']);

/** Resolves to 0 when lint and types hold. The whole tree at once: package by package, each reads most of the others again. */
export const checkCode = async (): Promise<number> => {
  const lint = await runTool('oxlint', ['--type-aware', '--deny-warnings', '.']);
  return Math.max(lint, await runTool('tsc', ['--noEmit', '-p', '.']));
};
