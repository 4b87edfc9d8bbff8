/** Thrown by `withDeadline`; what was awaited may still happen. */
export class DeadlineError extends Error {
  override readonly name = 'DeadlineError';
}

/** Waits for at most `milliseconds`, then throws a DeadlineError; a later rejection of `work` is swallowed. */
export const withDeadline = async <T>(work: Promise<T>, milliseconds: number, what: string): Promise<T> => {
  const { promise: expired, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new DeadlineError(`${what} took longer than ${milliseconds} ms`)),
    milliseconds,
  );
  try {
    return await Promise.race([work, expired]);
  } finally {
    clearTimeout(timer);
    work.catch(() => {});
  }
};

/** Like `withDeadline`, but answers whether the work ended (well or badly) in time. */
export const settlesWithin = async (work: Promise<unknown>, milliseconds: number): Promise<boolean> => {
  try {
    await withDeadline(work, milliseconds, 'waiting');
    return true;
  } catch (error) {
    return !(error instanceof DeadlineError);
  }
};

export const asError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)));
