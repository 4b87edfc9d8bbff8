-- The audit trail: an entry for each change, written by the transaction that makes it; the entries of a tenant are
-- chained by their hashes (docs/audit.md).

CREATE TABLE audit_entry (
  id uuid NOT NULL DEFAULT uuidv7(),
  tenant_id uuid NOT NULL,
  -- In the order in which they were written, near enough; `position` is the order of the chain.
  seq bigserial NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  -- An operation of the API's contract, or a command: "submitInvoice", "admin create-client".
  action text NOT NULL,
  client_id uuid,
  token_id text,
  operator text,
  address text,
  request_id text,
  -- The ids of what the action touched.
  touched text[] NOT NULL,
  -- SHA-256, hexadecimal: of the request's body, and of what was touched before and after.
  request_digest text,
  before_digest text,
  after_digest text,
  -- The chain: 1, 2, 3 and so on for each tenant, given after the commit.
  position bigint,
  previous_hash text,
  hash text,
  CONSTRAINT audit_entry_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT audit_entry_has_actor CHECK (client_id IS NOT NULL OR operator IS NOT NULL),
  CONSTRAINT audit_entry_chained CHECK (num_nulls(position, previous_hash, hash) IN (0, 3)),
  CONSTRAINT audit_entry_digests CHECK (
    request_digest ~ '^[0-9a-f]{64}$' AND before_digest ~ '^[0-9a-f]{64}$' AND after_digest ~ '^[0-9a-f]{64}$'
    AND previous_hash ~ '^[0-9a-f]{64}$' AND hash ~ '^[0-9a-f]{64}$')
);
CREATE UNIQUE INDEX audit_entry_tenant_id_position_key ON audit_entry (tenant_id, position);
CREATE INDEX audit_entry_unchained_idx ON audit_entry (seq) WHERE position IS NULL;
ALTER TABLE audit_entry
  ADD CONSTRAINT audit_entry_tenant_id_fkey
    FOREIGN KEY (tenant_id) REFERENCES tenant (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  ADD CONSTRAINT audit_entry_tenant_id_client_id_fkey
    FOREIGN KEY (tenant_id, client_id) REFERENCES api_client (tenant_id, id) ON DELETE RESTRICT ON UPDATE CASCADE;

-- Append-only, whoever asks; the chain closes over an entry once.
CREATE FUNCTION guard_audit_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF OLD.position IS NULL AND NEW.position IS NOT NULL
      AND (NEW.id, NEW.tenant_id, NEW.seq, NEW.created_at, NEW.action, NEW.client_id, NEW.token_id, NEW.operator,
           NEW.address, NEW.request_id, NEW.touched, NEW.request_digest, NEW.before_digest, NEW.after_digest)
        IS NOT DISTINCT FROM
          (OLD.id, OLD.tenant_id, OLD.seq, OLD.created_at, OLD.action, OLD.client_id, OLD.token_id, OLD.operator,
           OLD.address, OLD.request_id, OLD.touched, OLD.request_digest, OLD.before_digest, OLD.after_digest)
    THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION 'audit entries are never changed and never deleted'
    USING ERRCODE = 'check_violation', CONSTRAINT = 'audit_entry_final';
END $$;
CREATE TRIGGER guard_audit_entry BEFORE UPDATE OR DELETE ON audit_entry
  FOR EACH ROW EXECUTE FUNCTION guard_audit_entry();
CREATE TRIGGER guard_audit_entries BEFORE TRUNCATE ON audit_entry
  FOR EACH STATEMENT EXECUTE FUNCTION guard_audit_entry();

-- Who may what --------------------------------------------------------------------------------------------------
ALTER TABLE audit_entry ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_entry FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON audit_entry
  USING (tenant_id = (SELECT app_tenant())) WITH CHECK (tenant_id = (SELECT app_tenant()));
CREATE POLICY sweeper ON audit_entry TO invoicepress_sweeper USING (true) WITH CHECK (true);

GRANT SELECT,
  INSERT (tenant_id, action, client_id, token_id, operator, address, request_id, touched, request_digest, before_digest, after_digest)
  ON audit_entry TO invoicepress_api;
GRANT USAGE ON SEQUENCE audit_entry_seq_seq TO invoicepress_api;
GRANT SELECT, UPDATE (position, previous_hash, hash) ON audit_entry TO invoicepress_sweeper;
