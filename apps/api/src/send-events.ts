import type { EventPage } from '@invoicepress/database';
import type { Response } from 'express';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { toEvent } from './to-event.ts';

/** Milliseconds between two looks for new events. */
const POLL_MS = 1_000;
/** Milliseconds of silence until a comment says that the connection lives, which proxies and clients want to hear. */
const HEARTBEAT_MS = 15_000;
/** Milliseconds for which a reader may take nothing of what it is sent. */
const STALL_MS = 60_000;
/** Milliseconds that a browser's EventSource should wait before it connects again. */
const RETRY_MS = 2_000;

export interface Feed {
  /** The position that the reader has. */
  after: number;
  /** The page that follows it. */
  first: EventPage;
  read: (after: number) => Promise<EventPage>;
  /** Aborted when the stream has to end. */
  signal: AbortSignal;
}

/**
 * Answers with server-sent events (WHATWG HTML, 9.2): the first page and then whatever `read` finds. A slow reader is
 * waited for, so that no more than a page is held for it.
 */
export const sendEvents = async (res: Response, { after, first, read, signal }: Feed): Promise<void> => {
  // X-Accel-Buffering: nginx would hold the events back until it has a page of its own together.
  res.set({ 'cache-control': 'no-store', 'x-accel-buffering': 'no' }).type('text/event-stream').flushHeaders();
  let text = `retry: ${RETRY_MS}\n${heartbeat(after)}`;
  let spokenAt = 0;
  for (let page = first; ; page = await read(page.next)) {
    text += page.events.map(toBlock).join('');
    if (text === '' && performance.now() - spokenAt >= HEARTBEAT_MS) text = heartbeat(page.next);
    if (text !== '') {
      if (!(await write(res, text, signal))) return void res.destroy();
      spokenAt = performance.now();
      text = '';
    }
    if (page.next >= page.end) await sleep(POLL_MS, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) break;
  }
  res.end();
};

const toBlock = (record: EventPage['events'][number]): string =>
  `id: ${record.position}\nevent: ${record.type}\ndata: ${JSON.stringify(toEvent(record))}\n\n`;

/** With the position, which moves on without events where a filter finds nothing. */
const heartbeat = (position: number): string => `: still here\nid: ${position}\n\n`;

/** @returns false when the reader takes nothing any more, is gone, or the stream has to end before it has taken this */
const write = async (res: Response, text: string, signal: AbortSignal): Promise<boolean> => {
  if (res.write(text)) return true;
  const givenUp = AbortSignal.any([signal, AbortSignal.timeout(STALL_MS)]);
  return once(res, 'drain', { signal: givenUp }).then(
    () => true,
    () => false,
  );
};
