import { RequestProblem } from './problems.ts';

/** Streams that one client, and all together, may have open at this process: each holds a connection and asks the database every second. */
export const MAX_STREAMS_PER_CLIENT = 5;
export const MAX_STREAMS = 100;
/** Seconds after which one that found no room may try again. */
const RETRY_SECONDS = 5;

export interface EventStream extends Disposable {
  /** Aborted when the stream has to end. */
  readonly signal: AbortSignal;
  end(): void;
}

/** The open streams of events. Disposed, it ends them all: they would outlast every other request. */
export interface EventStreams extends Disposable {
  /**
   * Room for one more, until that time at the latest.
   * @throws {RequestProblem} the client, or this process, has as many as it may
   */
  open(clientId: string, until: Date): EventStream;
}

export const openEventStreams = (): EventStreams => {
  const streams = new Map<AbortController, string>();
  let stopped = false;
  return {
    open: (clientId, until) => {
      if (stopped) throw noRoom('this process is stopping; connect again');
      const ofClient = streams.values().reduce((count, id) => count + Number(id === clientId), 0);
      if (ofClient >= MAX_STREAMS_PER_CLIENT) throw tooMany();
      if (streams.size >= MAX_STREAMS)
        throw noRoom(`${MAX_STREAMS} streams are open here already; try again, or ask for pages`);
      const stream = new AbortController();
      const end = () => stream.abort();
      const timer = setTimeout(end, Math.max(0, until.getTime() - Date.now()));
      streams.set(stream, clientId);
      return {
        signal: stream.signal,
        end,
        [Symbol.dispose]() {
          clearTimeout(timer);
          streams.delete(stream);
        },
      };
    },
    [Symbol.dispose]() {
      stopped = true;
      for (const stream of streams.keys()) stream.abort();
    },
  };
};

const headers = { 'retry-after': String(RETRY_SECONDS) };
const noRoom = (detail: string) => new RequestProblem('unavailable', detail, { headers });
const tooMany = () =>
  new RequestProblem(
    'too-many-streams',
    `your client has ${MAX_STREAMS_PER_CLIENT} streams open here; close one, or share one among its parts`,
    { headers },
  );
