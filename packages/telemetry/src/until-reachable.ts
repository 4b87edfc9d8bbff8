import { setTimeout as sleep } from 'node:timers/promises';
import type { Telemetry } from './telemetry.ts';

/** Pauses between two questions, in milliseconds; each is twice the one before. */
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 10_000;

/**
 * Waits until every part has answered once, asking again and again with growing pauses and saying in the log what is
 * waited for, and why.
 * @param parts a question for each, by the name that the log gives it; it rejects while the part does not answer
 * @param stopped when the process is to end instead
 * @returns false when it was stopped before all had answered
 */
export const untilReachable = async (
  parts: Record<string, () => Promise<unknown>>,
  { telemetry, stopped }: { telemetry: Pick<Telemetry, 'waitingFor'>; stopped: Promise<unknown> },
): Promise<boolean> => {
  const stop = new AbortController();
  void stopped.then(() => stop.abort());
  const waits = Object.entries(parts).map(async ([part, answers]) => {
    for (let pause = FIRST_PAUSE_MS; !stop.signal.aborted; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
      try {
        await answers();
        return;
      } catch (error) {
        telemetry.waitingFor({ part, milliseconds: pause, error });
        await sleep(pause, undefined, { signal: stop.signal }).catch(() => undefined);
      }
    }
  });
  await Promise.race([Promise.all(waits), stopped]);
  return !stop.signal.aborted;
};
