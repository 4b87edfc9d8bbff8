-- The auditor: looks at the rows of all tenants and changes none. What a secret is made of is granted to it nowhere:
-- sealed webhook secrets, hashes of client secrets, and the answers kept for repeated requests, which may hold either.
DO $$
BEGIN
  CREATE ROLE invoicepress_auditor NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;

GRANT USAGE ON SCHEMA public TO invoicepress_auditor;

DO $$
DECLARE table_name text;
BEGIN
  FOREACH table_name IN ARRAY ARRAY['tenant', 'api_client', 'invoice', 'invoice_payload', 'document', 'credit_note_link',
    'document_export', 'document_export_part', 'number_series', 'number_counter', 'idempotency_key', 'event',
    'webhook_endpoint', 'webhook_delivery', 'webhook_attempt', 'seller_profile', 'logo', 'template', 'template_version',
    'template_file', 'template_preview', 'tenant_usage', 'audit_entry', 'legal_hold', 'client_secret', 'external_client'] LOOP
    EXECUTE format('CREATE POLICY auditor ON %I FOR SELECT TO invoicepress_auditor USING (true)', table_name);
  END LOOP;
END $$;

GRANT SELECT ON tenant, invoice, invoice_payload, document, credit_note_link, document_export, document_export_part,
  number_series, number_counter, event, webhook_delivery, webhook_attempt, seller_profile, logo, template,
  template_version, template_file, template_preview, tenant_usage, audit_entry, legal_hold, external_client
  TO invoicepress_auditor;
GRANT SELECT (id, tenant_id, name, scopes, created_at, revoked_at) ON api_client TO invoicepress_auditor;
GRANT SELECT (id, tenant_id, client_id, created_at, expires_at, revoked_at) ON client_secret TO invoicepress_auditor;
GRANT SELECT (client_id, route, key, tenant_id, fingerprint, status, created_at, expires_at)
  ON idempotency_key TO invoicepress_auditor;
GRANT SELECT (id, tenant_id, url, description, event_types, previous_secret_until, enabled, disabled_reason,
  failing_since, created_at, updated_at) ON webhook_endpoint TO invoicepress_auditor;
