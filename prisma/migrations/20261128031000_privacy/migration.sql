-- Privacy and retention: what may go is erased, by a role that can do this and nothing else (docs/privacy.md).

DO $$
BEGIN
  CREATE ROLE invoicepress_privacy NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;
GRANT USAGE ON SCHEMA public TO invoicepress_privacy;

-- Legal holds ---------------------------------------------------------------------------------------------------
-- Whatever is held is neither redacted nor erased: a dispute, an audit, a court.
CREATE TABLE legal_hold (
  id uuid NOT NULL DEFAULT uuidv7(),
  tenant_id uuid NOT NULL,
  -- One invoice, or all of the tenant's.
  invoice_id uuid,
  reason text NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  released_at timestamptz(3),
  CONSTRAINT legal_hold_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT legal_hold_reason_bounds CHECK (char_length(reason) BETWEEN 1 AND 500)
);
CREATE INDEX legal_hold_open_idx ON legal_hold (tenant_id, invoice_id) WHERE released_at IS NULL;
ALTER TABLE legal_hold
  ADD CONSTRAINT legal_hold_tenant_id_fkey
    FOREIGN KEY (tenant_id) REFERENCES tenant (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  ADD CONSTRAINT legal_hold_tenant_id_invoice_id_fkey
    FOREIGN KEY (tenant_id, invoice_id) REFERENCES invoice (tenant_id, id) ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE legal_hold ENABLE ROW LEVEL SECURITY;
ALTER TABLE legal_hold FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON legal_hold
  USING (tenant_id = (SELECT app_tenant())) WITH CHECK (tenant_id = (SELECT app_tenant()));

-- Erasure -------------------------------------------------------------------------------------------------------
-- An erased invoice leaves a stub, which says of nobody what it was about: its number stays accounted for.
ALTER TABLE invoice
  ADD COLUMN redacted_at timestamptz(3),
  -- Its objects are being deleted, and its rows will be; from here on there is no way back.
  ADD COLUMN erasing_at timestamptz(3),
  ADD COLUMN erased_at timestamptz(3),
  ADD CONSTRAINT invoice_erased_in_order CHECK (erased_at IS NULL OR erasing_at IS NOT NULL);
CREATE INDEX invoice_erasing_idx ON invoice (tenant_id, id) WHERE erasing_at IS NOT NULL AND erased_at IS NULL;

-- What settles an invoice for good stays settled; erasing goes another way, beside the lifecycle.
DROP TRIGGER touch_invoice ON invoice;
CREATE TRIGGER touch_invoice BEFORE UPDATE ON invoice FOR EACH ROW
  WHEN ((NEW.redacted_at, NEW.erasing_at, NEW.erased_at) IS NOT DISTINCT FROM (OLD.redacted_at, OLD.erasing_at, OLD.erased_at))
  EXECUTE FUNCTION touch_invoice();

CREATE FUNCTION guard_erasure() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  may_change text[] := ARRAY['redacted_at', 'erasing_at', 'erased_at', 'metadata'];
BEGIN
  IF OLD.status IN ('queued', 'rendering') OR OLD.erased_at IS NOT NULL OR (OLD.erasing_at IS NOT NULL AND NEW.erasing_at IS NULL) THEN
    RAISE EXCEPTION 'invoice % is on its way, or erased already', OLD.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'invoice_erasable';
  END IF;
  IF NEW.metadata <> '{}' OR (NEW.erased_at IS NOT NULL AND (NEW.buyer_name <> '' OR NEW.external_id IS NOT NULL)) THEN
    RAISE EXCEPTION 'erasing takes away and writes nothing'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'invoice_erasure_takes_away';
  END IF;
  IF NEW.erased_at IS NOT NULL THEN
    may_change := may_change || ARRAY['buyer_name', 'external_id'];
  END IF;
  -- A failed one is given up by being erased: it could not be tried again.
  IF NEW.erasing_at IS NOT NULL AND OLD.status = 'failed' AND NEW.status = 'canceled' THEN
    may_change := may_change || ARRAY['status', 'failure_code', 'failure_reason', 'failure_remedy'];
  END IF;
  IF (to_jsonb(NEW) - may_change) <> (to_jsonb(OLD) - may_change) THEN
    RAISE EXCEPTION 'invoice % is % and never changes', OLD.id, OLD.status
      USING ERRCODE = 'check_violation', CONSTRAINT = 'invoice_final';
  END IF;
  NEW.revision := OLD.revision + 1;
  NEW.updated_at := clock_timestamp();
  RETURN NEW;
END $$;
CREATE TRIGGER guard_erasure BEFORE UPDATE ON invoice FOR EACH ROW
  WHEN ((NEW.redacted_at, NEW.erasing_at, NEW.erased_at) IS DISTINCT FROM (OLD.redacted_at, OLD.erasing_at, OLD.erased_at))
  EXECUTE FUNCTION guard_erasure();

-- Its role has no business with the lifecycle.
CREATE FUNCTION guard_eraser() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% erases, and changes nothing else', current_user
    USING ERRCODE = 'check_violation', CONSTRAINT = 'invoice_eraser';
END $$;
CREATE TRIGGER guard_eraser BEFORE UPDATE ON invoice FOR EACH ROW
  WHEN (current_user = 'invoicepress_privacy'
    AND (NEW.redacted_at, NEW.erasing_at, NEW.erased_at) IS NOT DISTINCT FROM (OLD.redacted_at, OLD.erasing_at, OLD.erased_at))
  EXECUTE FUNCTION guard_eraser();

-- A document goes with the rest of its invoice, and never before.
DROP TRIGGER guard_document ON document;
CREATE TRIGGER guard_document BEFORE INSERT OR UPDATE ON document FOR EACH ROW EXECUTE FUNCTION guard_document();
CREATE FUNCTION guard_document_erasure() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM invoice WHERE tenant_id = OLD.tenant_id AND id = OLD.invoice_id AND erasing_at IS NOT NULL;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'document % never changes', OLD.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'document_final';
  END IF;
  RETURN OLD;
END $$;
CREATE TRIGGER guard_document_erasure BEFORE DELETE ON document
  FOR EACH ROW EXECUTE FUNCTION guard_document_erasure();

-- An event keeps its place and its kind; members of its data may be taken away.
DROP TRIGGER guard_event ON event;
CREATE TRIGGER guard_event BEFORE UPDATE ON event FOR EACH ROW
  WHEN (NOT NEW.data <@ OLD.data OR (OLD.position IS NOT NULL AND (
    NEW.data = OLD.data
    OR (NEW.id, NEW.tenant_id, NEW.seq, NEW.position, NEW.type, NEW.invoice_id, NEW.created_at)
      IS DISTINCT FROM (OLD.id, OLD.tenant_id, OLD.seq, OLD.position, OLD.type, OLD.invoice_id, OLD.created_at))))
  EXECUTE FUNCTION guard_event();

-- Who may what --------------------------------------------------------------------------------------------------
CREATE POLICY privacy_lists ON tenant FOR SELECT TO invoicepress_privacy USING (true);
GRANT SELECT ON tenant, invoice, invoice_payload, document, event, credit_note_link, number_series, number_counter,
  seller_profile, logo, template, template_version, template_file, webhook_delivery, webhook_attempt, audit_entry,
  idempotency_key, legal_hold TO invoicepress_privacy;
GRANT SELECT (id, tenant_id, name, scopes, created_at, revoked_at) ON api_client TO invoicepress_privacy;
GRANT SELECT (id, tenant_id, url, description, event_types, enabled, disabled_reason, failing_since, created_at, updated_at)
  ON webhook_endpoint TO invoicepress_privacy;

GRANT INSERT (tenant_id, invoice_id, reason), UPDATE (released_at) ON legal_hold TO invoicepress_privacy;
GRANT UPDATE (redacted_at, erasing_at, erased_at, metadata, buyer_name, external_id, status, failure_code, failure_reason,
  failure_remedy) ON invoice TO invoicepress_privacy;
GRANT DELETE ON invoice_payload, document, webhook_delivery TO invoicepress_privacy;
GRANT UPDATE (data) ON event TO invoicepress_privacy;
GRANT UPDATE (error, response_excerpt) ON webhook_attempt TO invoicepress_privacy;
GRANT UPDATE (body) ON idempotency_key TO invoicepress_privacy;
GRANT INSERT (tenant_id, action, client_id, token_id, operator, address, request_id, touched, request_digest, before_digest, after_digest)
  ON audit_entry TO invoicepress_privacy;
GRANT USAGE ON SEQUENCE audit_entry_seq_seq TO invoicepress_privacy;
