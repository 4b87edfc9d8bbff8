export { databaseSettings, webhookSettings, type DatabaseSettings, type WebhookSettings } from './settings.ts';
export { isDatabaseUnavailable, openDatabase, type Database } from './open-database.ts';
export { inOneStatement, withTenant, type TenantTransaction } from './with-tenant.ts';
export {
  acceptInvoices,
  cancelInvoice,
  findInvoice,
  retryInvoice,
  type Acceptance,
  type InvoiceRecord,
  type Refusal,
} from './invoices.ts';
export { listInvoices, type InvoiceFilter } from './list-invoices.ts';
export { endOfEvents, listEvents, placeEvents, toPublicEvent, type EventPage, type EventRecord } from './events.ts';
export { createNumberSeries, listNumberSeries } from './number-series.ts';
export { recallAnswer, rememberAnswer, type Answer, type IdempotentRequest, type Recall } from './idempotency.ts';
export {
  claimInvoice,
  completeInvoice,
  extendLease,
  failInvoice,
  LeaseLost,
  releaseInvoice,
  type Claim,
  type FinishedDocument,
  type Lease,
} from './leases.ts';
export { databaseTime, forgetExpiredKeys, takeOverdue, type Dispatch } from './sweep.ts';
export {
  createClient,
  ensureTenant,
  findClientForSignIn,
  findTenant,
  revokeClient,
  setSubmissionDefaults,
  submissionDefaults,
  type SignInRecord,
  type SubmissionDefaults,
} from './tenants.ts';
export {
  activateTemplate,
  createTemplate,
  createTemplateVersion,
  findPinnedBundle,
  findTemplate,
  findTemplateVersion,
  listTemplates,
  MAX_TEMPLATE_VERSIONS,
  MAX_TEMPLATES,
  retireTemplate,
  type Bundle,
  type BundleFile,
  type PinnedTemplates,
  type TemplateRecord,
  type TemplateVersionRecord,
  type UploadRefusal,
} from './templates.ts';
export {
  beginTrial,
  createPreview,
  findPreview,
  MAX_TRIALS,
  MAX_WAITING_PREVIEWS,
  settleCheck,
  settlePreview,
  takeOverdueTrials,
  type BegunTrial,
  type PreviewRecord,
  type Trial,
} from './template-trials.ts';
export { createSealing, SealBroken, type Sealing } from './sealing.ts';
export {
  claimDelivery,
  recordAttempt,
  type AttemptRecord,
  type DeliveryClaim,
  type Verdict,
} from './webhook-attempts.ts';
export {
  deliveryStatuses,
  findDelivery,
  listDeliveries,
  resendDelivery,
  takeDueDeliveries,
  type DeliveryRecord,
} from './webhook-deliveries.ts';
export {
  createEndpoint,
  deleteEndpoint,
  findEndpoint,
  listEndpoints,
  MAX_ENDPOINTS,
  rotateSecret,
  updateEndpoint,
  type EndpointRecord,
} from './webhook-endpoints.ts';
export { faultInWebhookUrl, hostOf, isLoopbackAddress, isPublicAddress, type OutboundRules } from './webhook-url.ts';
