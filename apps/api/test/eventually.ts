import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds after which a test stops waiting and looks at what it has; nothing is expected to take as long. */
const PATIENCE_MS = 30_000;

/** Asks until the status is this one, or patience is over. @returns the last answer, unread */
export const eventually = async (status: number, ask: () => Promise<Response>): Promise<Response> => {
  for (const until = performance.now() + PATIENCE_MS; ;) {
    const response = await ask();
    if (response.status === status || performance.now() > until) return response;
    await response.bytes();
    await sleep(20);
  }
};
