import { scrub } from './fields.ts';
import { InvalidSettings } from './settings.ts';

/**
 * Runs a process until it is asked to stop: `run` opens its parts, awaits `stopSignal()`, and closes them on its way
 * out. What goes wrong is said on standard error and makes the exit code 1. Errors of the `expected` classes, and faulty
 * settings, carry their remedy in the message and are said without a stack.
 */
export const runProcess = async (
  run: (stopSignal: () => Promise<NodeJS.Signals>) => Promise<void>,
  { expected = [] }: { expected?: (new (...args: never[]) => Error)[] } = {},
): Promise<void> => {
  // Listened for from the beginning, so that a stop while starting is heard too.
  const stopped = new Promise<NodeJS.Signals>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, resolve);
  });
  try {
    await run(() => stopped);
  } catch (error) {
    process.stderr.write(`${describe(error, expected)}\n`);
    process.exitCode = 1;
  }
};

/** Settings errors show no value and so need no scrubbing, which would blur the examples in them. */
const describe = (error: unknown, expected: (new (...args: never[]) => Error)[]): string => {
  if (error instanceof InvalidSettings) return error.message;
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  return scrub(expected.some((kind) => error instanceof kind) ? message : (stack ?? message));
};
