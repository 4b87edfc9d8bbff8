/**
 * Whose job comes next: those who share a queue take turns, however many jobs one of them has (start-time fair queueing).
 * A job's turn is its priority in BullMQ: the turn that the line has come to, or the one after its owner's last job.
 * Someone with little to do is thus next in line, two who are busy alternate, and each one's own jobs keep their order.
 */

import { setTimeout as sleep } from 'node:timers/promises';

/** BullMQ's lowest priority, 2^21 - 1. Jobs that would be later than that are first come, first served. */
export const LAST_TURN = 2_097_151;
/** Between two looks at the head of the line, for as long as jobs wait in it. */
const LOOK_MS = 250;
/** Owners with jobs ahead of the line that one process remembers. */
const MAX_OWNERS = 100_000;

export interface Turns {
  /** The turn of the next job of this owner; 0 is the plain line, which BullMQ serves before all others. */
  take(owner: string): number;
  /** Follows the line in the background, beside the work, until nothing waits in it any more. */
  follow(): void;
  stop(): void;
}

/**
 * Each process that adds jobs counts for itself and learns from the line what all of them have come to: it costs no round
 * trip, and an owner whose jobs come through several processes has as many turns at most.
 * @param readHead the turn of the job that is next in line; undefined when none waits
 */
export const createTurns = (
  readHead: () => Promise<number | undefined>,
  pause: () => Promise<unknown> = () => sleep(LOOK_MS, undefined, { ref: false }),
): Turns => {
  /** Of each owner that may be ahead of the line, the turn of its last job. */
  const last = new Map<string, number>();
  let current = 0;
  let following = false;
  const stopping = new AbortController();
  /** Owners of jobs that the last look may not have seen. */
  let unseen = new Set<string>();

  /** The line has come to `head`, and whoever is not ahead of it starts there; it starts anew when none waits. */
  const arriveAt = (head: number | undefined): void => {
    current = head ?? 0;
    for (const [owner, turn] of last) {
      if (head === undefined ? !unseen.has(owner) : turn < head) last.delete(owner);
    }
  };
  const follow = async (): Promise<void> => {
    following = true;
    for (let waits = true; (waits || unseen.size > 0) && !stopping.signal.aborted; await pause()) {
      unseen = new Set();
      try {
        const head = await readHead();
        arriveAt(head);
        waits = head !== undefined;
      } catch {
        waits = true; // a queue that is away is looked at until it is back
      }
    }
    following = false;
  };

  return {
    take: (owner) => {
      if (last.size >= MAX_OWNERS) last.clear();
      const before = last.get(owner);
      const turn = Math.min(before === undefined ? current : Math.max(current, before + 1), LAST_TURN);
      last.set(owner, turn);
      unseen.add(owner);
      return turn;
    },
    follow: () => {
      if (!following) void follow();
    },
    stop: () => stopping.abort(),
  };
};
