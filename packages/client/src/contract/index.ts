export { AuditEntry, AuditPage, ListAudit } from './audit.ts';
export { BatchOutcome } from './batch.ts';
export { InvoiceCheck } from './check-invoice.ts';
export { CreateCreditNote, CreditNotes, CreditNoteSummary } from './credit-note.ts';
export {
  DEFAULT_EVENT_PAGE,
  EventPage,
  eventTypes,
  InvoiceEvent,
  ListEvents,
  MAX_EVENT_PAGE,
  position,
  type EventType,
} from './event.ts';
export { CreateExport, Export, ExportPage, GetArchive, ListExports } from './export.ts';
export { DEFAULT_PAGE, DocumentInfo, DocumentLink, Invoice, InvoicePage, ListInvoices, MAX_PAGE } from './invoice.ts';
export { issuesOf } from './issues.ts';
export { MAX_LINES } from './lines.ts';
export { GetNumberReport, NumberReport, NumberSeries, NumberSeriesList } from './number-series.ts';
export { Problem } from './problem.ts';
export { MAX_BATCH, SubmitBatch, SubmitInvoice, toDraft } from './submit-invoice.ts';
export {
  CreateSellerProfile,
  Logo,
  LogoList,
  MAX_LOGO_BYTES,
  MAX_LOGO_PIXELS,
  SellerProfile,
  SellerProfileList,
  sha256,
  UpdateSellerProfile,
  UploadLogo,
} from './seller-profile.ts';
export { scopes, TokenRequest, TokenResponse, type Scope } from './token.ts';
export { uuid } from './fields.ts';
export {
  CreateWebhookEndpoint,
  DAY_SECONDS,
  defaultEventTypes,
  ListWebhookDeliveries,
  RotateWebhookSecret,
  UpdateWebhookEndpoint,
  WebhookDelivery,
  WebhookDeliveryPage,
  WebhookDeliveryWithLog,
  WebhookEndpoint,
  WebhookEndpointList,
  WebhookEndpointWithSecret,
} from './webhook.ts';
export {
  ActivateTemplate,
  CreateTemplate,
  CreateTemplateVersion,
  MAX_BUNDLE_CHARACTERS,
  PreviewTemplate,
  Template,
  TemplateDiagnostic,
  TemplateList,
  TemplatePreview,
  TemplateSummary,
  TemplateVersion,
} from './template.ts';
export { operations, type Operation, type OperationName } from './operations.ts';
