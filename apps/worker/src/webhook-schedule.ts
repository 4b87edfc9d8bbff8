/** When a webhook is tried again: eleven attempts over three days. */
const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** The wait after the first attempt, after the second and so on; 70 hours in all, and up to a tenth more by jitter. */
const WAITS_MS = [
  5 * SECOND_MS,
  30 * SECOND_MS,
  2 * MINUTE_MS,
  10 * MINUTE_MS,
  HOUR_MS,
  3 * HOUR_MS,
  6 * HOUR_MS,
  12 * HOUR_MS,
  24 * HOUR_MS,
  24 * HOUR_MS,
];
const JITTER = 0.1;
/** A receiver that asks for more than this is not heeded. */
const LONGEST_WAIT_MS = 24 * HOUR_MS;

/**
 * Milliseconds until the next attempt, undefined when there is none.
 * @param attempt the one that failed, from 1
 * @param retryAfterMs what the receiver asked for; it may lengthen the wait and never shorten it
 */
export const waitAfter = (
  attempt: number,
  retryAfterMs: number | undefined,
  random: () => number = Math.random,
): number | undefined => {
  const wait = WAITS_MS[attempt - 1];
  if (wait === undefined) return undefined;
  return Math.round(Math.max(wait * (1 + random() * JITTER), Math.min(retryAfterMs ?? 0, LONGEST_WAIT_MS)));
};
