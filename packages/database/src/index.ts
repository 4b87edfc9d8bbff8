export {
  databaseSettings,
  payloadSettings,
  webhookSettings,
  type DatabaseSettings,
  type MasterKey,
  type PayloadSettings,
  type WebhookSettings,
} from './settings.ts';
export { KEY_LIFE_MS, PayloadLocked } from './payload-keys.ts';
export { openClaim } from './payload-sealing.ts';
export { rewrapKeys, sealPayloads } from './seal-payloads.ts';
export { destroyKeys, obstaclesToDestruction, type Obstacle } from './destroy-keys.ts';
export { isDatabaseUnavailable, openDatabase, type Database } from './open-database.ts';
export { inOneStatement, withTenant, type TenantTransaction } from './with-tenant.ts';
export {
  auditDigest,
  listAudit,
  operatorAct,
  recordAudit,
  type AuditAct,
  type AuditFilter,
  type AuditRecord,
  type AuditTrace,
} from './audit.ts';
export {
  beginErasure,
  erasuresUnderWay,
  findBuyersInvoices,
  findExpiredInvoices,
  finishErasure,
  redactInvoices,
  type BuyersInvoices,
  type DataSubject,
  type ErasureCandidate,
} from './erasure.ts';
export { findArchiveOwners, findObjectOwners, type ArchiveOwner, type ObjectOwner } from './kept-objects.ts';
export { lockHolds, openHolds, placeHold, releaseHold } from './legal-holds.ts';
export {
  forgetOldDeliveries,
  forgetOldExports,
  readPersonalData,
  readTenantData,
  type PersonalData,
} from './personal-data.ts';
export { chainAudit, chainHead, type ChainHead } from './audit-chain.ts';
export { verifyChain, type ChainReport } from './verify-chain.ts';
export type { AcceptanceAudit } from './insert-invoices.ts';
export {
  acceptInvoices,
  cancelInvoice,
  findInvoice,
  retryInvoice,
  type Acceptance,
  type InvoiceRecord,
  type Refusal,
} from './invoices.ts';
export {
  creditedInvoice,
  creditNoteSeries,
  creditNotesOf,
  CreditTaken,
  findCredited,
  holdsCredit,
  linkCreditNote,
  lockForCredit,
  MAX_CREDIT_NOTES,
  setCreditNoteSeries,
  type CreditedInvoice,
} from './credit-notes.ts';
export { listInvoices, type InvoiceFilter } from './list-invoices.ts';
export {
  cancelExport,
  createExport,
  exportStatuses,
  findExport,
  listExports,
  MAX_EXPORT_DOCUMENTS,
  MAX_OPEN_EXPORTS,
  type ExportFilter,
  type ExportRecord,
  type ExportStatus,
} from './exports.ts';
export {
  claimExport,
  EXPORT_DAYS,
  ExportLost,
  extendExport,
  failExport,
  finishPart,
  nextDocuments,
  releaseExport,
  type ExportClaim,
  type ExportCursor,
  type ExportDocument,
} from './export-work.ts';
export { abandonedParts, expireExports, forgetPart, takeDueExports } from './export-sweep.ts';
export { endOfEvents, listEvents, placeEvents, toPublicEvent, type EventPage, type EventRecord } from './events.ts';
export { readQuota, setQuotas, type QuotaLimits, type QuotaQuestion, type QuotaUsage } from './quotas.ts';
export { findProof, type ProofRecord } from './proof.ts';
export { createNumberSeries, listNumberSeries } from './number-series.ts';
export { reportNumbers, type AccountedNumber, type NumberPlace, type NumberReportPage } from './number-report.ts';
export { recallAnswer, rememberAnswer, type Answer, type IdempotentRequest, type Recall } from './idempotency.ts';
export {
  claimInvoice,
  claimInvoices,
  completeInvoice,
  completeInvoices,
  extendLease,
  failInvoice,
  LeaseLost,
  leaseLost,
  releaseInvoice,
  type Claim,
  type ClaimOutcome,
  type Finished,
  type FinishedDocument,
  type Lease,
} from './leases.ts';
export { databaseTime, forgetExpiredKeys, takeOverdue, type Dispatch } from './sweep.ts';
export {
  findClientForSignIn,
  listRevocations,
  listClientSecrets,
  MAX_SECRETS,
  revokeClientSecret,
  rotateClientSecret,
  type SecretRecord,
  type SignInRecord,
} from './client-secrets.ts';
export {
  findExternalClient,
  linkExternalClient,
  unlinkExternalClient,
  type ExternalClientRecord,
} from './external-clients.ts';
export {
  endOperatorSession,
  openOperatorSession,
  operatorRoles,
  seeOperatorSession,
  type Operator,
  type OperatorRole,
} from './operator-sessions.ts';
export {
  createClient,
  ensureTenant,
  findTenant,
  listTenants,
  revokeClient,
  setSubmissionDefaults,
  submissionDefaults,
  type SellersWanted,
  type SubmissionDefaults,
  type SubmissionsNamed,
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
export { resealSecrets } from './reseal-secrets.ts';
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
export { deleteLogo, listLogos, loadLogo, LogoInUse, MAX_LOGOS, storeLogo, type LogoRecord } from './logos.ts';
export {
  createSellerProfile,
  deleteSellerProfile,
  findSellerProfile,
  listSellerProfiles,
  MAX_SELLER_PROFILES,
  ProfileRefused,
  updateSellerProfile,
  type SellerProfileRecord,
} from './seller-profiles.ts';
