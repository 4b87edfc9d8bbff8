import { EventPage, ListEvents } from '../event.ts';
import { unauthenticated, type Operation } from './operation.ts';

export const eventOperations = {
  listEvents: {
    method: 'get',
    path: '/v1/events',
    summary: 'Follow what happens to your invoices',
    description:
      'One event for every transition, in one order, without gaps. Begin without `after`, handle the events, and ask ' +
      'again with `after` = `next`. With `Accept: text/event-stream` the same events come as they happen.',
    scope: 'invoices:read',
    query: ListEvents,
    answer: { status: 200, schema: EventPage, description: 'the events after that position' },
    stream:
      'Server-sent events: `id` is the position, `event` the type, `data` the InvoiceEvent as JSON. A comment every ' +
      '15 s keeps the connection. It ends when the token expires; reconnect with `Last-Event-ID`.',
    problems: {
      ...unauthenticated,
      400: 'a parameter is invalid, or `after` is beyond the end',
      429: 'too many requests or streams; see Retry-After',
      503: 'no more streams here at the moment; see Retry-After',
    },
  },
} as const satisfies Record<string, Operation>;
