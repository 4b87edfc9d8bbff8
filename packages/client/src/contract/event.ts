import { z } from 'zod';
import { uuid } from './fields.ts';
import { instant, Invoice, wholeNumber } from './invoice.ts';

/** One for every transition of an invoice; docs/lifecycle.md has the picture. */
export const eventTypes = [
  'invoice.accepted',
  'invoice.rendering',
  'invoice.queued',
  'invoice.ready',
  'invoice.failed',
  'invoice.canceled',
] as const;
export type EventType = (typeof eventTypes)[number];

export const InvoiceEvent = z
  .object({
    id: uuid.describe('stays the same wherever the event is told'),
    position: z.int().describe('in your feed: 1, 2, 3 and so on, without gaps'),
    type: z.enum(eventTypes),
    createdAt: instant,
    invoice: Invoice.pick({
      id: true,
      number: true,
      externalId: true,
      status: true,
      generation: true,
      failure: true,
    }).describe('as this transition left it'),
  })
  .meta({ id: 'InvoiceEvent' });
export type InvoiceEvent = z.infer<typeof InvoiceEvent>;

export const EventPage = z
  .object({
    events: z.array(InvoiceEvent),
    next: z.int().describe('the `after` of your next request; the same as before when there was nothing more'),
  })
  .meta({ id: 'EventPage' });
export type EventPage = z.infer<typeof EventPage>;

/** Bounds of a page of events. */
export const MAX_EVENT_PAGE = 500;
export const DEFAULT_EVENT_PAGE = 100;

/** A place in the feed. 15 digits are exact as a JSON number. */
export const position = z.string().regex(/^(0|[1-9]\d{0,14})$/, 'is no position such as "42"');

/** The query of `GET /v1/events`. */
export const ListEvents = z
  .strictObject({
    after: z
      .union([z.literal('latest'), position.transform(Number)], {
        error: 'is neither a position such as "42" nor "latest"',
      })
      .optional()
      .describe('the position of the last event you have, 0 (when absent) for all, `latest` for those to come'),
    limit: wholeNumber(MAX_EVENT_PAGE)
      .optional()
      .describe(`${DEFAULT_EVENT_PAGE} when absent, ${MAX_EVENT_PAGE} at most; of a page, a stream has none`),
    type: z
      .string()
      .max(200, 'is longer than 200 characters')
      .transform((value) => value.split(','))
      .pipe(z.array(z.enum(eventTypes, { error: `is none of ${eventTypes.join(', ')}` })))
      .optional()
      .describe('types, separated by commas'),
  })
  .meta({ id: 'ListEvents' });
export type ListEvents = z.input<typeof ListEvents>;
