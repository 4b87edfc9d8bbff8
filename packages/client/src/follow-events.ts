import type { EventType, InvoiceEvent } from './contract/index.ts';
import { ProblemError, Unreachable } from './problem-error.ts';
import { createEventParser, type ServerSentEvent } from './server-sent-events.ts';
import { backoffMs, isLater, problemOf, retryAfterMs, type TransportOptions } from './transport.ts';

export interface FollowOptions {
  /** The position of the last event you have; 0 (when absent) for all there are, `latest` for those to come. */
  after?: number | 'latest';
  /** Only these. */
  types?: readonly EventType[];
  /** Ends the iteration, without an error. */
  signal?: AbortSignal;
}

/** Asks for the stream, with a valid token. */
export type OpenStream = (
  query: Record<string, string>,
  headers: Record<string, string>,
  signal: AbortSignal,
) => Promise<Response>;

/** Milliseconds of silence after which a connection is taken for dead; the API says something every 15 seconds. */
const SILENCE_MS = 45_000;

/**
 * Yields events in the order of the feed, each once, for as long as you read on: a connection that ends, breaks or
 * falls silent is made anew behind the last event, after a pause that grows up to ten seconds.
 * @throws {ProblemError} the API refused  @throws {Unreachable} not even the first connection came about
 */
export async function* followEvents(
  open: OpenStream,
  { after = 0, types, signal }: FollowOptions,
  options: TransportOptions,
): AsyncGenerator<InvoiceEvent> {
  const filter = types ? { type: types.join(',') } : {};
  let position = after;
  let retryAfter = 0;
  const connect = async (aborted: AbortSignal): Promise<Response> => {
    const [query, headers] =
      position === 'latest'
        ? [{ ...filter, after: position }, {}]
        : [filter, { 'last-event-id': String(position) } as Record<string, string>];
    const response = await open(query, headers, aborted);
    retryAfter = retryAfterMs(response);
    if (response.status >= 400) throw await problemOf(response);
    return response;
  };

  const isOver = () => signal?.aborted ?? false;
  let connected = false;
  for (let failures = 0; !isOver();) {
    retryAfter = 0;
    try {
      let blocks = 0;
      for await (const { id, data } of readBlocks(connect, options.timeoutMs, signal)) {
        connected = true;
        if (++blocks > 1) failures = 0; // the first comes whenever there is a connection
        const event = data === undefined ? undefined : (JSON.parse(data) as InvoiceEvent);
        const at = event?.position ?? Number(id ?? Number.NaN);
        if (!(at > (position === 'latest' ? -1 : position))) continue;
        position = at;
        if (event) yield event;
        if (isOver()) return;
      }
    } catch (error) {
      if (isOver()) return;
      if (error instanceof ProblemError && !isLater(error)) throw error;
      if (!connected && (error instanceof Unreachable || failures + 1 >= options.attempts))
        throw whyNever(error, options.attempts);
    }
    failures += 1;
    await options.sleep(Math.max(retryAfter, backoffMs(failures, options)), signal);
  }
}

const whyNever = (error: unknown, attempts: number): unknown =>
  error instanceof ProblemError || error instanceof Unreachable
    ? error
    : new Unreachable(`no stream of events in ${attempts} attempts; is the API running there?`, { cause: error });

/** One connection, until it ends. @throws when it breaks, is silent for too long, or the signal is aborted */
async function* readBlocks(
  connect: (aborted: AbortSignal) => Promise<Response>,
  connectMs: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<ServerSentEvent> {
  const connection = new AbortController();
  const abort = () => connection.abort();
  const aborted = new Promise<never>((_resolve, reject) => {
    connection.signal.addEventListener('abort', () => reject(new Error('the connection was given up')));
  });
  aborted.catch(() => {}); // heard below, when somebody waits
  const within = async <T>(ms: number, work: Promise<T>): Promise<T> => {
    const timer = setTimeout(abort, ms);
    try {
      return await Promise.race([work, aborted]);
    } finally {
      clearTimeout(timer);
    }
  };

  signal?.addEventListener('abort', abort);
  try {
    const { body } = await within(connectMs, connect(connection.signal));
    const parse = createEventParser();
    const reader = (body as ReadableStream<Uint8Array>).getReader();
    for (;;) {
      const { done, value } = await within(SILENCE_MS, reader.read());
      if (done) return;
      yield* parse(value);
    }
  } finally {
    signal?.removeEventListener('abort', abort);
    abort();
  }
}
