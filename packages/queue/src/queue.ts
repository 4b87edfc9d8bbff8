import type { Job } from 'bullmq';
import { randomUUID } from 'node:crypto';
import { connect, QueueUnreachableError } from './connection.ts';
import type { BullQueue, OnError, QueueConnection } from './connection.ts';
import { asError, settlesWithin, withDeadline } from './deadline.ts';
import type { JobDefinition } from './job.ts';
import type { QueueSettings } from './settings.ts';
import { createTurns, type Turns } from './turns.ts';

/** How long `openQueue` waits for a first connection before it carries on without. */
const OPEN_WAIT_MS = 2_000;
/** For all of one `enqueue`, however many jobs. */
export const ENQUEUE_DEADLINE_MS = 2_000;
/** Jobs per round trip; a thousand in one would come close to the time limit of a command. */
const ADD_CHUNK_JOBS = 250;
const LOOK_CHUNK_JOBS = 50;
const LOOK_DEADLINE_MS = 5_000;
const CLOSE_DEADLINE_MS = 2_000;
const MS_PER_S = 1_000;

/**
 * `active`: some worker has it, or had it and is gone. `finished`: still known, but BullMQ will do nothing more with it,
 * and ignores its id when added again.
 */
export type Presence = 'waiting' | 'delayed' | 'active' | 'finished' | 'missing';

export interface QueueDepth {
  waiting: number;
  active: number;
  delayed: number;
  failed: number;
  /** Since the oldest of those that are next in line was first added; 0 with none waiting. */
  oldestWaitingSeconds: number;
}

export type EnqueueResult = { enqueued: true } | { enqueued: false; error: Error };

export interface JobQueue<Payload extends object> extends AsyncDisposable {
  readonly definition: JobDefinition<Payload>;
  /** BullMQ's own queue, for Bull Board. */
  readonly bull: BullQueue;
  readonly connection: Pick<QueueConnection, 'usable'>;
  readonly turns: Turns;
  /** @throws QueueUnreachableError or what the queue answered; within 5 s. */
  depth(): Promise<QueueDepth>;
  /** In the order of `jobs`. @throws as `depth`. */
  presence(jobs: Payload[]): Promise<Presence[]>;
  /** Changes when the queue's server may have lost jobs: emptied, restarted, or replaced. @throws as `depth`. */
  incarnation(): Promise<string>;
  /** Asks the queue for an answer. @throws as `depth`. */
  ping(): Promise<void>;
  /** Ends within 4 s, whatever the queue's server does. */
  close(): Promise<void>;
}

export interface QueueOptions {
  /** Hears of every lost connection and failed reconnection, at most about once in a second. */
  onError?: OnError;
}

/**
 * A queue as producers, sweepers and the console need it. It opens also when its server is down, because the work
 * is safe in its row: adding then says `enqueued: false` until the server is back.
 */
export const openJobQueue = async <Payload extends object>(
  settings: QueueSettings,
  definition: JobDefinition<Payload>,
  { onError = () => {} }: QueueOptions = {},
): Promise<JobQueue<Payload>> => {
  const connection = connect(settings, 'producer', onError);
  await connection.reached(OPEN_WAIT_MS).catch(onError);
  const bull = connection.newQueue(definition.name);
  bull.on('error', onError);

  const ask = <T>(question: () => Promise<T>, what: string): Promise<T> =>
    connection.usable()
      ? withDeadline(question(), LOOK_DEADLINE_MS, what)
      : Promise.reject(
          new QueueUnreachableError(
            `${what} failed: the queue is not connected; check QUEUE_URL and that its server runs`,
          ),
        );

  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    queue.turns.stop();
    await settlesWithin(bull.close(), CLOSE_DEADLINE_MS);
    await connection.close(CLOSE_DEADLINE_MS);
  };

  const queue: JobQueue<Payload> = {
    definition,
    bull,
    connection,
    turns: createTurns(() => ask(() => readHead(bull), 'looking at the head of the line')),
    depth: () => ask(() => readDepth(bull, connection), 'reading the depth of the queue'),
    presence: (jobs) => ask(() => readPresence(bull, jobs.map(definition.id)), 'looking up jobs'),
    incarnation: () => ask(() => connection.incarnation(), 'asking the queue for its incarnation'),
    ping: () => ask(async () => void (await bull.getJobCounts('active')), 'asking the queue for an answer'),
    close: () => (closing ??= close()),
    [Symbol.asyncDispose]: () => queue.close(),
  };
  return queue;
};

/**
 * Adds jobs; one whose id the queue knows already, in whatever state, is left as it is. Never throws for the queue's
 * sake and takes at most 2 s. After `enqueued: false` some of the jobs may have been added: leave it to the sweeper.
 */
export const enqueue = <Payload extends object>(queue: JobQueue<Payload>, jobs: Payload[]): Promise<EnqueueResult> =>
  add(queue, jobs, queue.definition.id);

const add = async <Payload extends object>(
  queue: JobQueue<Payload>,
  jobs: Payload[],
  idOf: (job: Payload) => string,
): Promise<EnqueueResult> => {
  if (jobs.length === 0) return { enqueued: true };
  const payloads = jobs.map((job) => queue.definition.payload.parse(job));
  if (!queue.connection.usable()) {
    return {
      enqueued: false,
      error: new QueueUnreachableError('the queue is not connected; the sweeper will enqueue what is overdue'),
    };
  }
  const expired = new AbortController();
  const addChunks = async (): Promise<void> => {
    for (let start = 0; start < payloads.length && !expired.signal.aborted; start += ADD_CHUNK_JOBS) {
      if (queue.definition.owner) queue.turns.follow();
      const chunk = payloads.slice(start, start + ADD_CHUNK_JOBS);
      await queue.bull.addBulk(chunk.map((job) => toBullJob({ ...queue.definition, id: idOf }, job, queue.turns)));
    }
  };
  try {
    await withDeadline(addChunks(), ENQUEUE_DEADLINE_MS, 'adding to the queue');
    return { enqueued: true };
  } catch (error) {
    expired.abort();
    return { enqueued: false, error: asError(error) };
  }
};

/**
 * For the sweeper, with jobs whose rows are overdue: the row says that the job did not do its work, whatever the queue
 * believes. One that waits in line is left alone, a delayed one becomes due, and what is missing or finished is added
 * again. An active one cannot be taken from the worker that has it (BullMQ does so in its time, by the workers' clocks,
 * which may be wrong), so a second one is added beside it; the row lets only one of them through.
 * Never throws for the queue's sake.
 */
export const reenqueue = async <Payload extends object>(
  queue: JobQueue<Payload>,
  jobs: Payload[],
): Promise<EnqueueResult & { waiting: number }> => {
  if (jobs.length === 0) return { enqueued: true, waiting: 0 };
  try {
    const presence = await queue.presence(jobs);
    const those = (...wanted: (Presence | undefined)[]) => jobs.filter((_, index) => wanted.includes(presence[index]));
    const idOf = queue.definition.id;
    const clear = Promise.all([
      ...those('finished').map((job) => queue.bull.remove(idOf(job))),
      ...those('delayed').map((job) => promote(queue.bull, idOf(job))),
    ]);
    await withDeadline(clear, LOOK_DEADLINE_MS, 'moving jobs');
    const results = [
      await enqueue(queue, those('missing', 'finished')),
      await add(queue, those('active'), (job) => `${idOf(job)}_${randomUUID()}`),
    ];
    return { ...(results.find(({ enqueued }) => !enqueued) ?? { enqueued: true }), waiting: those('waiting').length };
  } catch (error) {
    return { enqueued: false, error: asError(error), waiting: 0 };
  }
};

/** It may have become due by itself meanwhile, which BullMQ reports as an error. */
const promote = async (bull: BullQueue, id: string): Promise<void> => {
  const job = await bull.getJob(id);
  await job?.promote().catch(() => {});
};

const toBullJob = <Payload extends object>(
  { name, id, owner, options }: JobDefinition<Payload>,
  data: Payload,
  turns: Turns,
) => ({
  name,
  data,
  opts: { ...options, jobId: id(data), ...(owner && { priority: turns.take(owner(data)) }) },
});

/** Those who have a turn wait behind those who have none: two kinds of waiting to BullMQ, and one to us. */
const readHead = async (bull: BullQueue): Promise<number | undefined> => {
  const heads = await bull.getJobs(['waiting', 'prioritized'], 0, 0, true);
  return heads.length === 0 ? undefined : Math.min(...heads.map((job) => job.priority));
};

const readDepth = async (bull: BullQueue, connection: QueueConnection): Promise<QueueDepth> => {
  const {
    waiting: plain = 0,
    prioritized = 0,
    active = 0,
    delayed = 0,
    failed = 0,
  } = await bull.getJobCounts('waiting', 'prioritized', 'active', 'delayed', 'failed');
  const place = connection.nextInLine(plain);
  const next = [
    ...(plain > 0 ? await bull.getWaiting(place, place) : []),
    // Whoever has just come may be next in line; those who came first are not far behind.
    ...(prioritized > 0 ? await bull.getPrioritized(0, LOOK_CHUNK_JOBS - 1) : []),
  ];
  const oldestWaitingSeconds = Math.max(0, ...next.map(({ timestamp }) => (Date.now() - timestamp) / MS_PER_S));
  return { waiting: plain + prioritized, active, delayed, failed, oldestWaitingSeconds };
};

/**
 * Reads the jobs themselves, and the list of active ones, which is as long as all workers have hands: asking for a job's
 * state would walk through the list of all that wait.
 */
const readPresence = async (bull: BullQueue, ids: string[]): Promise<Presence[]> => {
  const jobs: (Job<object, void> | undefined)[] = [];
  for (let start = 0; start < ids.length; start += LOOK_CHUNK_JOBS) {
    const chunk = ids.slice(start, start + LOOK_CHUNK_JOBS);
    jobs.push(...(await Promise.all(chunk.map((id) => bull.getJob(id)))));
  }
  const active = new Set(await bull.getRanges(['active'], 0, -1));
  return ids.map((id, index) => presenceOf(jobs[index], active.has(id)));
};

const presenceOf = (job: Job<object, void> | undefined, isActive: boolean): Presence => {
  if (job === undefined) return 'missing';
  if (job.finishedOn !== undefined) return 'finished';
  if (isActive) return 'active';
  return job.delay > 0 ? 'delayed' : 'waiting';
};
