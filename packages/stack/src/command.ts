/** What the commands that run the embedded stack have in common: how they are interrupted, and how they fail. */

export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/** By convention 128 and the signal's number, of SIGINT here. */
const INTERRUPTED_CODE = 130;

/**
 * Runs a command. The first Ctrl-C (or SIGTERM) aborts the signal, so that the command stops in order what it has
 * started; a second one ends it at once. A failure is said in its own words, without a stack, and the exit code is 1.
 */
export const runCommand = async (name: string, command: (interrupted: AbortSignal) => Promise<void>): Promise<void> => {
  const interruption = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => interruption.abort(new Interrupted(`interrupted by ${signal}`)));
  try {
    await command(interruption.signal);
  } catch (error) {
    process.stderr.write(`${name}: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = error instanceof Interrupted ? INTERRUPTED_CODE : 1;
  }
};

/** `work`, unless `signal` aborts first; then its reason is thrown, and the work is left to itself. */
export const unlessAborted = async <T>(signal: AbortSignal, work: Promise<T>): Promise<T> => {
  signal.throwIfAborted();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason as Error);
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
    work.catch(() => {});
  }
};
