import { once } from 'node:events';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { inspectLogo } from './inspect-logo.ts';
import { LogoFault, type InspectedLogo } from './logo-fault.ts';

/** The largest image takes about 0.3 s. */
const DEADLINE_MS = 10_000;
const HEAP_MB = 256;
/** Threads at a time, and files that wait for one. */
const MAX_THREADS = 2;
const MAX_WAITING = 20;

/** More files than these are not kept in memory. */
export class TooManyInspections extends Error {
  override readonly name = 'TooManyInspections';
}

let busy = 0;
const waiting: (() => void)[] = [];

const takeTurn = async (): Promise<void> => {
  if (busy < MAX_THREADS) return void (busy += 1);
  if (waiting.length >= MAX_WAITING) throw new TooManyInspections(`${MAX_WAITING} logos wait already`);
  await new Promise<void>((resolve) => waiting.push(resolve));
};
const endTurn = (): void => {
  const next = waiting.shift();
  if (next) next();
  else busy -= 1;
};

type Outcome = { logo: InspectedLogo } | { fault: string };

/**
 * In a thread of its own, so that no file, however odd, keeps other requests waiting or takes the API's memory.
 * @throws {LogoFault} it is no image that can be printed  @throws {TooManyInspections}
 */
export const inspectInThread = async (file: Buffer): Promise<InspectedLogo> => {
  await takeTurn();
  try {
    return await inThread(file);
  } finally {
    endTurn();
  }
};

const inThread = async (file: Buffer): Promise<InspectedLogo> => {
  const thread = new Worker(new URL(import.meta.url), {
    workerData: Uint8Array.from(file),
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
  });
  try {
    const [outcome] = (await once(thread, 'message', { signal: AbortSignal.timeout(DEADLINE_MS) })) as [Outcome];
    if ('fault' in outcome) throw new LogoFault(outcome.fault);
    return outcome.logo;
  } catch (error) {
    if (isOverrun(error)) throw new LogoFault('takes too much time or memory to read; simplify it', { cause: error });
    throw error;
  } finally {
    await thread.terminate();
  }
};

const isOverrun = (error: unknown): boolean =>
  error instanceof Error &&
  (error.name === 'AbortError' || ('code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY'));

// eslint-disable-next-line unicorn/require-post-message-target-origin -- threads have no origins
if (!isMainThread) parentPort?.postMessage(outcomeOf(Buffer.from(workerData as Uint8Array)));

function outcomeOf(file: Buffer): Outcome {
  try {
    return { logo: inspectLogo(file) };
  } catch (error) {
    if (error instanceof LogoFault) return { fault: error.message };
    if (error instanceof RangeError) return { fault: 'refers from part to part too deeply; simplify it' };
    throw error;
  }
}
