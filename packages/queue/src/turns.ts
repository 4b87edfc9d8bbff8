/**
 * Whose job comes next: those who share a queue take turns, however many jobs one of them has (start-time fair queueing).
 * A job's turn is its priority in BullMQ: the turn that the line has come to, or the one after its owner's last job.
 * Someone with little to do is thus next in line, two who are busy alternate, and each one's own jobs keep their order.
 */

/** BullMQ's lowest priority, 2^21 - 1. Jobs that would be later than that are first come, first served. */
export const LAST_TURN = 2_097_151;
/** What is known about the line is looked up again after this long, beside the work and only while jobs are added. */
const LOOK_MS = 100;
/** After this long nothing is known: the line may have been emptied, or replaced. */
const FORGET_MS = 1_000;
/** Owners with jobs ahead of the line that one process remembers. */
const MAX_OWNERS = 100_000;

export interface Turns {
  /** The turn of the next job of this owner; 0 is the plain line, which BullMQ serves before all others. */
  take(owner: string): number;
  /** Finds out in the background what the line has come to, unless that is known. */
  look(): void;
}

/**
 * Each process that adds jobs counts for itself and learns from the line what all of them have come to: it costs no round
 * trip, and an owner whose jobs come through several processes has as many turns at most.
 * @param readHead the turn of the job that is next in line; undefined when none waits
 */
export const createTurns = (
  readHead: () => Promise<number | undefined>,
  now: () => number = () => performance.now(),
): Turns => {
  /** Of each owner that may be ahead of the line, the turn of its last job. */
  const last = new Map<string, number>();
  let current = 0;
  let knownAt = -Infinity;
  let lookedAt = -Infinity;
  let looking = false;
  /** Owners of jobs that the look under way may not have seen. */
  let unseen = new Set<string>();

  const forget = (): void => {
    current = 0;
    last.clear();
    knownAt = now();
  };
  /** The line has come to `head`, and whoever is not ahead of it starts there; it starts anew when none waits. */
  const arriveAt = (head: number | undefined): void => {
    current = head ?? 0;
    for (const [owner, turn] of last) {
      if (head === undefined ? !unseen.has(owner) : turn < head) last.delete(owner);
    }
    lookedAt = knownAt = now();
  };
  const refresh = async (): Promise<void> => {
    looking = true;
    unseen = new Set();
    // A queue that is away has no jobs to add either: whatever was known ends in its time.
    await readHead().then(arriveAt, () => {});
    looking = false;
  };

  return {
    take: (owner) => {
      if (now() - knownAt > FORGET_MS || last.size >= MAX_OWNERS) forget();
      const before = last.get(owner);
      const turn = Math.min(before === undefined ? current : Math.max(current, before + 1), LAST_TURN);
      last.set(owner, turn);
      unseen.add(owner);
      return turn;
    },
    look: () => {
      if (!looking && now() - lookedAt > LOOK_MS) void refresh();
    },
  };
};
