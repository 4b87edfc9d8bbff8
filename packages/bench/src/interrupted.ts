/** Rejects at Ctrl-C, so that whatever runs is ended in order: servers stopped, folders deleted. */
export const interrupted = new Promise<never>((_, reject) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      seen = true;
      reject(new Error(`interrupted by ${signal}`));
    });
  }
});
interrupted.catch(() => {}); // whoever waits for it hears of it

let seen = false;

export const wasInterrupted = (): boolean => seen;
