export type { Consumer, ConsumerOptions } from './consume.ts';
export { QueueUnreachableError } from './connection.ts';
export { migrateQueue, QUEUE_SCHEMA } from './postgres.ts';
export {
  consumeDeliveries,
  deliverWebhook,
  enqueueDeliveries,
  openDeliveryQueue,
  reenqueueDeliveries,
} from './deliver-webhook.ts';
export type { DeliverWebhook, DeliveryOutcome, DeliveryProcessor, DeliveryQueue } from './deliver-webhook.ts';
export {
  consumeExports,
  enqueueExports,
  exportDocuments,
  openExportQueue,
  reenqueueExports,
} from './export-documents.ts';
export type { ExportOutcome, ExportProcessor, ExportQueue } from './export-documents.ts';
export type { EnqueueResult, Presence, QueueDepth } from './queue.ts';
export { consumeRenders, enqueueRender, openQueue, reenqueueRender, renderInvoice } from './render-invoice.ts';
export type { RenderAttempt, RenderInvoice, RenderOutcome, RenderProcessor, RenderQueue } from './render-invoice.ts';
export { openSharedRedis } from './shared-redis.ts';
export type { SharedRedis } from './shared-redis.ts';
export { consumeTrials, enqueueTrials, openTrialQueue, reenqueueTrials, tryTemplate } from './try-template.ts';
export type { TrialProcessor, TrialQueue, TryTemplate } from './try-template.ts';
export { queueSettings } from './settings.ts';
export type { QueueSettings } from './settings.ts';
