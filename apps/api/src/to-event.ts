import type { EventType, InvoiceEvent } from '@invoicepress/client';
import { toPublicEvent, type EventRecord } from '@invoicepress/database';

/** A stored event as the API's contract types it. */
export const toEvent = (record: EventRecord): InvoiceEvent => {
  const event = toPublicEvent(record);
  return { ...event, type: event.type as EventType };
};
