import { once } from 'node:events';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { inspectLogo } from './inspect-logo.ts';
import { LogoFault, type InspectedLogo } from './logo-fault.ts';

/** The largest image takes about 0.3 s. */
const DEADLINE_MS = 10_000;
const HEAP_MB = 256;

type Outcome = { logo: InspectedLogo } | { fault: string };

/**
 * In a thread of its own, so that no file, however odd, keeps other requests waiting or takes the API's memory.
 * @throws {LogoFault} it is no image that can be printed
 */
export const inspectInThread = async (file: Buffer): Promise<InspectedLogo> => {
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
    if (error instanceof LogoFault) throw error;
    throw new LogoFault('takes too much time or memory to read; simplify it', { cause: error });
  } finally {
    await thread.terminate();
  }
};

// eslint-disable-next-line unicorn/require-post-message-target-origin -- threads have no origins
if (!isMainThread) parentPort?.postMessage(outcomeOf(Buffer.from(workerData as Uint8Array)));

function outcomeOf(file: Buffer): Outcome {
  try {
    return { logo: inspectLogo(file) };
  } catch (error) {
    if (error instanceof LogoFault) return { fault: error.message };
    throw error;
  }
}
