import type { EventType, InvoiceEvent } from '@invoicepress/client';
import type { EventRecord } from '@invoicepress/database';

/** A stored event as the API tells it. */
export const toEvent = ({ id, position, type, createdAt, data }: EventRecord): InvoiceEvent => ({
  id,
  position,
  type: type as EventType,
  createdAt: createdAt.toISOString(),
  invoice: data,
});
