import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Runs one round after another until disposed, which waits for the round that runs. Between two of them lies `intervalMs`
 * and up to half as much more, so that several processes do not march in step; nothing, when the last round says that
 * there is more to do. A round handles its own errors.
 */
export const inRounds = (round: () => Promise<{ more: boolean }>, intervalMs: number): AsyncDisposable => {
  const stop = new AbortController();
  const loop = async () => {
    for (let more = false; !stop.signal.aborted;) {
      if (!more)
        await sleep(intervalMs * (1 + Math.random() / 2), undefined, { signal: stop.signal }).catch(() => undefined);
      if (stop.signal.aborted) return;
      ({ more } = await round());
    }
  };
  const running = loop();
  return {
    async [Symbol.asyncDispose]() {
      stop.abort();
      await running;
    },
  };
};
