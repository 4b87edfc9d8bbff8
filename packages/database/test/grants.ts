/**
 * What each role may do with each table, in full: whatever is not written here, it may not. A new table is added here
 * together with its migration; grants.test.ts compares this with the catalog, and tries everything else.
 */
export type Grantee = 'api' | 'worker' | 'sweeper' | 'auditor' | 'queue' | 'privacy';
export const grantees: Grantee[] = ['api', 'worker', 'sweeper', 'auditor', 'queue', 'privacy'];

/** "PRIVILEGE" for all columns, "PRIVILEGE (a, b)" for some, in the catalog's order. */
export const grants: Record<string, Partial<Record<Grantee, string>>> = {
  _prisma_migrations: {},
  api_client: {
    api: 'SELECT',
    auditor: 'SELECT (id, tenant_id, name, scopes, created_at, revoked_at)',
    privacy: 'SELECT (id, tenant_id, name, scopes, created_at, revoked_at)',
  },
  audit_entry: {
    api: 'SELECT, INSERT (tenant_id, action, client_id, token_id, operator, address, request_id, touched, request_digest, before_digest, after_digest)',
    sweeper: 'SELECT, UPDATE (position, previous_hash, hash)',
    auditor: 'SELECT',
    privacy:
      'SELECT, INSERT (tenant_id, action, client_id, token_id, operator, address, request_id, touched, request_digest, before_digest, after_digest)',
  },
  client_secret: { api: 'SELECT', auditor: 'SELECT (id, tenant_id, client_id, created_at, expires_at, revoked_at)' },
  credit_note_link: { api: 'SELECT, INSERT', auditor: 'SELECT', privacy: 'SELECT' },
  document: { api: 'SELECT', worker: 'SELECT, INSERT', auditor: 'SELECT', privacy: 'SELECT, DELETE' },
  document_export: {
    api: 'SELECT, INSERT (id, tenant_id, client_id, filter, documents_total), UPDATE (status, lease_epoch, finished_at)',
    worker:
      'SELECT, UPDATE (status, documents_total, documents_done, size_bytes, cursor_invoice_id, cursor_document_id, lease_epoch, lease_expires_at, attempts, failure_reason, failure_remedy, finished_at, expires_at)',
    sweeper:
      'SELECT (id, tenant_id, status, lease_expires_at, dispatched_at, expires_at), UPDATE (status, dispatched_at)',
    auditor: 'SELECT',
    privacy: 'SELECT, DELETE',
  },
  document_export_part: {
    api: 'SELECT',
    worker: 'SELECT, INSERT',
    sweeper: 'SELECT (tenant_id, export_id, number, storage_key), DELETE',
    auditor: 'SELECT',
    privacy: 'SELECT',
  },
  event: {
    api: 'SELECT',
    worker: 'SELECT',
    sweeper: 'SELECT (id, tenant_id, seq, position, type), UPDATE (position)',
    auditor: 'SELECT',
    privacy: 'SELECT, UPDATE (data)',
  },
  external_client: { api: 'SELECT', auditor: 'SELECT' },
  idempotency_key: {
    api: 'SELECT, INSERT',
    sweeper: 'SELECT (expires_at), DELETE',
    auditor: 'SELECT (client_id, route, key, tenant_id, fingerprint, status, created_at, expires_at)',
    privacy: 'SELECT, UPDATE (body)',
  },
  invoice: {
    api: 'SELECT, INSERT, UPDATE (status, generation, failure_code, failure_reason, failure_remedy)',
    worker:
      'SELECT, UPDATE (status, lease_epoch, lease_expires_at, failure_code, failure_reason, failure_remedy, ready_at, attempts)',
    sweeper:
      'SELECT (id, tenant_id, status, generation, lease_epoch, lease_expires_at, dispatched_at, attempts), UPDATE (status, lease_epoch, lease_expires_at, dispatched_at)',
    auditor: 'SELECT',
    privacy:
      'SELECT, UPDATE (external_id, status, buyer_name, metadata, failure_code, failure_reason, failure_remedy, redacted_at, erasing_at, erased_at)',
  },
  invoice_payload: { api: 'SELECT, INSERT', worker: 'SELECT', auditor: 'SELECT', privacy: 'SELECT, DELETE' },
  legal_hold: { auditor: 'SELECT', privacy: 'SELECT, INSERT (tenant_id, invoice_id, reason), UPDATE (released_at)' },
  logo: { api: 'SELECT, INSERT, DELETE', worker: 'SELECT', auditor: 'SELECT', privacy: 'SELECT' },
  number_counter: { api: 'SELECT, INSERT, UPDATE (last_value)', auditor: 'SELECT', privacy: 'SELECT' },
  number_series: { api: 'SELECT, INSERT', auditor: 'SELECT', privacy: 'SELECT' },
  operator_session: { api: 'SELECT, INSERT, UPDATE (last_seen_at, ended_at), DELETE' },
  revocation: { api: 'SELECT' },
  seller_profile: {
    api: 'SELECT, INSERT, UPDATE (name, is_default, seller, payment, paper_size, branding, logo_sha256, updated_at), DELETE',
    auditor: 'SELECT',
    privacy: 'SELECT',
  },
  template: {
    api: 'SELECT, INSERT, UPDATE (description, active_version, is_default, archived_at, updated_at)',
    worker: 'SELECT',
    auditor: 'SELECT',
    privacy: 'SELECT',
  },
  template_file: { api: 'SELECT, INSERT', worker: 'SELECT', auditor: 'SELECT', privacy: 'SELECT' },
  template_preview: {
    api: 'SELECT, INSERT',
    worker: 'SELECT, UPDATE (status, attempts, result, page_count, diagnostics, dispatched_at)',
    sweeper: 'SELECT (id, tenant_id, status, dispatched_at, expires_at), UPDATE (dispatched_at), DELETE',
    auditor: 'SELECT',
  },
  template_version: {
    api: 'SELECT, INSERT, UPDATE (status, diagnostics, attempts, dispatched_at, checked_at)',
    worker: 'SELECT, UPDATE (status, diagnostics, attempts, dispatched_at, checked_at)',
    sweeper: 'SELECT (id, tenant_id, status, dispatched_at), UPDATE (dispatched_at)',
    auditor: 'SELECT',
    privacy: 'SELECT',
  },
  tenant: { api: 'SELECT', auditor: 'SELECT', privacy: 'SELECT' },
  tenant_key: {
    api: 'SELECT, INSERT (tenant_id, version, wrapped_key, wrapped_by)',
    worker: 'SELECT',
    auditor: 'SELECT (tenant_id, version, wrapped_by, created_at, destroyed_at)',
    privacy: 'SELECT, UPDATE (wrapped_key, destroyed_at)',
  },
  tenant_usage: { api: 'SELECT, INSERT, UPDATE', auditor: 'SELECT' },
  webhook_attempt: {
    api: 'SELECT',
    worker: 'SELECT, INSERT',
    auditor: 'SELECT',
    privacy: 'SELECT, UPDATE (error, response_excerpt)',
  },
  webhook_delivery: {
    api: 'SELECT, UPDATE (status, generation, attempts, next_attempt_at, dispatched_at, finished_at)',
    worker: 'SELECT, UPDATE (status, attempts, next_attempt_at, dispatched_at, finished_at)',
    sweeper:
      'SELECT (id, tenant_id, endpoint_id, event_id, status, generation, next_attempt_at, dispatched_at), INSERT (id, tenant_id, endpoint_id, event_id), UPDATE (dispatched_at)',
    auditor: 'SELECT',
    privacy: 'SELECT, DELETE',
  },
  webhook_endpoint: {
    api: 'SELECT, INSERT, UPDATE (url, description, event_types, secret, previous_secret, previous_secret_until, enabled, disabled_reason, failing_since, updated_at), DELETE',
    worker: 'SELECT, UPDATE (enabled, disabled_reason, failing_since, updated_at)',
    sweeper: 'SELECT (id, tenant_id, event_types, enabled)',
    auditor:
      'SELECT (id, tenant_id, url, description, event_types, previous_secret_until, enabled, disabled_reason, failing_since, created_at, updated_at)',
    privacy:
      'SELECT (id, tenant_id, url, description, event_types, enabled, disabled_reason, failing_since, created_at, updated_at)',
  },
};

/** Who may call each function that is no trigger's. Those with their owner's rights, SECURITY DEFINER, end in "!". */
export const functions: Record<string, Grantee[]> = {
  app_client: grantees,
  app_session: grantees,
  app_tenant: grantees,
  check_credited: ['api'],
  claim_invoices: ['worker'],
  client_of_issuer: ['api'],
  client_that_signs_in: ['api'],
  complete_invoices: ['worker'],
  count_stored_bytes: ['api'],
  end_operator_session: ['api'],
  logo_bytes: ['worker'],
  open_operator_session: ['api'],
  pinned_templates: ['api'],
  place_events: ['sweeper'],
  seller_profiles_named: ['api'],
  see_operator_session: ['api'],
  submission_defaults: ['api'],
  submission_terms: ['api'],
  take_daily_quota: ['api'],
  tenant_quota: ['api'],
};
