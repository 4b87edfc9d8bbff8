export { databaseSettings, type DatabaseSettings } from './settings.ts';
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
export { createNumberSeries, listNumberSeries } from './number-series.ts';
export { recallAnswer, rememberAnswer, type Answer, type IdempotentRequest, type Recall } from './idempotency.ts';
export {
  claimInvoice,
  completeInvoice,
  failInvoice,
  LeaseLost,
  releaseInvoice,
  type Claim,
  type FinishedDocument,
  type Lease,
} from './leases.ts';
export { forgetExpiredKeys, takeOverdue, type Dispatch } from './sweep.ts';
export {
  createClient,
  ensureTenant,
  findClientForSignIn,
  findTenant,
  revokeClient,
  type SignInRecord,
} from './tenants.ts';
