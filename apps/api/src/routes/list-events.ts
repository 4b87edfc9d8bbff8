import { DEFAULT_EVENT_PAGE, ListEvents, position, type EventPage } from '@invoicepress/client';
import { endOfEvents, listEvents as list, withTenant } from '@invoicepress/database';
import type { Request, RequestHandler } from 'express';
import { callerOf } from '../auth/authenticate.ts';
import type { Context } from '../context.ts';
import { RequestProblem } from '../problems.ts';
import { sendEvents } from '../send-events.ts';
import { toEvent } from '../to-event.ts';
import { queryOf } from './parameters.ts';

/** Events that a stream reads at once. */
const STREAM_PAGE = 200;

/** `GET /v1/events`: the feed page by page, or as server-sent events where the client accepts them. */
export const listEvents =
  ({ database, streams, revocations }: Pick<Context, 'database' | 'streams' | 'revocations'>): RequestHandler =>
  async (req, res) => {
    const { after = 0, limit = DEFAULT_EVENT_PAGE, type: types } = queryOf(ListEvents, req.query);
    const caller = callerOf(req);
    const { tenantId, clientId, expiresAt } = caller;
    const read = async (from: number, size: number) => {
      if (revocations.refuse(caller)) throw new RequestProblem('unauthenticated', 'the client was revoked');
      return withTenant(database, tenantId, (tx) => list(tx, { after: from, limit: size, types }));
    };
    const begin = async (from: number | 'latest', size: number) => {
      const known = from === 'latest' ? await withTenant(database, tenantId, endOfEvents) : from;
      const first = await read(known, size);
      if (known > first.end) throw beyondTheEnd(known, first.end);
      return { after: known, first };
    };

    res.vary('accept');
    if (!wantsStream(req)) {
      const { first } = await begin(after, limit);
      const page: EventPage = { events: first.events.map(toEvent), next: first.next };
      return void res.json(page);
    }
    const from = lastEventId(req) ?? after;
    if (res.closed) return;
    using stream = streams.open(clientId, expiresAt);
    res.once('close', stream.end);
    const { signal } = stream;
    await sendEvents(res, { ...(await begin(from, STREAM_PAGE)), read: (next) => read(next, STREAM_PAGE), signal });
  };

const wantsStream = (req: Request): boolean =>
  req.method === 'GET' && req.accepts(['application/json', 'text/event-stream']) === 'text/event-stream';

/** What a reader sends that lost its connection; the URL still has the place at which it first began. */
const lastEventId = (req: Request): number | undefined => {
  const given = req.get('last-event-id');
  if (given === undefined) return undefined;
  const parsed = position.safeParse(given);
  if (parsed.success) return Number(parsed.data);
  throw new RequestProblem('invalid-parameter', 'send the id of the last event that you have, or no Last-Event-ID', {
    errors: [{ pointer: 'Last-Event-ID', detail: 'is no position such as "42"' }],
  });
};

/** Nobody was ever given this position here. To wait for it would be to miss the events before it without a word. */
const beyondTheEnd = (after: number, end: number): RequestProblem =>
  new RequestProblem('invalid-parameter', `${after} was never given out here: the feed ends at ${end}`, {
    errors: [{ pointer: 'after', detail: 'is beyond the end of the feed; begin again with 0 or "latest"' }],
  });
