/** Rejects at Ctrl-C, so that whatever runs is ended in order: servers stopped, folders deleted. */
export const interrupted = new Promise<never>((_, reject) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => reject(new Interrupted(`interrupted by ${signal}`)));
  }
});
interrupted.catch(() => {}); // whoever waits for it hears of it

export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}
