import assert from 'node:assert/strict';
import type { Tenant } from './start-api.ts';

/** A stream of events that is being read. */
export interface Followed {
  response: Response;
  /** All that has come so far, once it matches. @throws when the stream ends before */
  until(pattern: RegExp): Promise<string>;
  /** All that came, once the stream has ended of itself. */
  ended: Promise<string>;
  /** Closes the connection. */
  leave(): void;
}

/** For the day on which what a test waits for does not come. */
const LIMIT_MS = 60_000;

export const follow = async (
  tenant: Tenant,
  query = '',
  headers: Record<string, string> = {},
): Promise<Followed & { text(): string }> => {
  const connection = new AbortController();
  const response = await tenant.fetch(`/v1/events${query}`, {
    headers: { accept: 'text/event-stream', ...headers },
    signal: AbortSignal.any([connection.signal, AbortSignal.timeout(LIMIT_MS)]),
  });
  assert.equal(response.status, 200);
  let text = '';
  const listeners = new Set<() => void>();
  const read = async () => {
    for await (const piece of response.body!.pipeThrough(new TextDecoderStream())) {
      text += piece;
      for (const listen of listeners) listen();
    }
    return text;
  };
  const ended = read();
  ended.catch(() => {}); // left, or cut off: whoever waits hears it
  return {
    response,
    ended,
    text: () => text,
    until: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (!pattern.test(text)) return;
          listeners.delete(look);
          resolve(text);
        };
        listeners.add(look);
        look();
        ended.then(() => reject(new Error(`the stream ended: ${text}`)), reject);
      }),
    leave: () => connection.abort(),
  };
};

/** The positions of the events in it, in order. */
export const idsIn = (text: string): number[] =>
  [...text.matchAll(/^id: (\d+)\nevent: /gm)].map(([, id]) => Number(id));
