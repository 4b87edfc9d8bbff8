import type { EventType, WebhookDelivery, WebhookDeliveryWithLog, WebhookEndpoint } from '@invoicepress/client';
import type { DeliveryRecord, EndpointRecord, findDelivery } from '@invoicepress/database';

type Log = NonNullable<Awaited<ReturnType<typeof findDelivery>>>['attempts'];

/** An endpoint as the API shows it. @param now for what has a time to its end */
export const toEndpoint = (record: EndpointRecord, now: Date): WebhookEndpoint => ({
  id: record.id,
  url: record.url,
  ...(record.description !== null && { description: record.description }),
  eventTypes: record.eventTypes as EventType[],
  enabled: record.enabled,
  ...(record.disabledReason !== null && { disabledReason: record.disabledReason }),
  ...(record.failingSince && { failingSince: record.failingSince.toISOString() }),
  ...(record.previousSecretUntil &&
    record.previousSecretUntil > now && { previousSecretUntil: record.previousSecretUntil.toISOString() }),
  createdAt: record.createdAt.toISOString(),
  updatedAt: record.updatedAt.toISOString(),
});

export const toDelivery = (record: DeliveryRecord): WebhookDelivery => ({
  id: record.id,
  status: record.status as WebhookDelivery['status'],
  eventId: record.eventId,
  eventType: record.event.type as EventType,
  invoiceId: record.event.invoiceId,
  generation: record.generation,
  attempts: record.attempts,
  ...(record.status === 'pending' && { nextAttemptAt: record.nextAttemptAt.toISOString() }),
  createdAt: record.createdAt.toISOString(),
  ...(record.finishedAt && { finishedAt: record.finishedAt.toISOString() }),
});

export const toDeliveryWithLog = (record: DeliveryRecord, attempts: Log): WebhookDeliveryWithLog => ({
  ...toDelivery(record),
  log: attempts.map(({ generation, number, startedAt, durationMs, statusCode, error, responseExcerpt }) => ({
    generation,
    number,
    startedAt: startedAt.toISOString(),
    durationMs,
    ...(statusCode !== null && { statusCode }),
    ...(error !== null && { error }),
    ...(responseExcerpt && { responseExcerpt }),
  })),
});
