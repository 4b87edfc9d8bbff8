-- Keys that the frozen invoices of a tenant are sealed with, where PAYLOAD_MASTER_KEYS is set (docs/payload-encryption.md).
-- Here they lie wrapped by a master key that the database never sees.
CREATE TABLE tenant_key (
  tenant_id uuid NOT NULL,
  -- 1, 2, 3 …: the newest that is not destroyed seals.
  version integer NOT NULL,
  -- Gone once the key was destroyed, and with it whatever the key had sealed.
  wrapped_key bytea,
  -- The id of the master key.
  wrapped_by text NOT NULL,
  -- Not rounded: what is younger than its transaction is not committed yet.
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  destroyed_at timestamptz(3),
  CONSTRAINT tenant_key_pkey PRIMARY KEY (tenant_id, version),
  CONSTRAINT tenant_key_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT tenant_key_version_bounds CHECK (version >= 1),
  CONSTRAINT tenant_key_wrapped_bounds CHECK (octet_length(wrapped_key) BETWEEN 32 AND 256 AND wrapped_by ~ '^[A-Za-z0-9_-]{1,32}$'),
  CONSTRAINT tenant_key_gone_when_destroyed CHECK ((wrapped_key IS NULL) = (destroyed_at IS NOT NULL))
);

ALTER TABLE tenant_key ENABLE ROW LEVEL SECURITY;
ALTER TABLE tenant_key FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON tenant_key
  USING (tenant_id = (SELECT app_tenant())) WITH CHECK (tenant_id = (SELECT app_tenant()));
CREATE POLICY auditor ON tenant_key FOR SELECT TO invoicepress_auditor USING (true);

-- A key is wrapped anew by its owner, or destroyed, for good; who erases can do the latter alone.
CREATE FUNCTION guard_tenant_key() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.destroyed_at IS NOT NULL
    OR (NEW.tenant_id, NEW.version, NEW.created_at) IS DISTINCT FROM (OLD.tenant_id, OLD.version, OLD.created_at)
    OR (current_user = 'invoicepress_privacy' AND NEW.destroyed_at IS NULL) THEN
    RAISE EXCEPTION 'key % of tenant % is wrapped anew or destroyed, once, and nothing else', OLD.version, OLD.tenant_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'tenant_key_final';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_tenant_key BEFORE UPDATE ON tenant_key FOR EACH ROW EXECUTE FUNCTION guard_tenant_key();

GRANT SELECT, INSERT (tenant_id, version, wrapped_key, wrapped_by) ON tenant_key TO invoicepress_api;
GRANT SELECT ON tenant_key TO invoicepress_worker;
GRANT SELECT, UPDATE (wrapped_key, destroyed_at) ON tenant_key TO invoicepress_privacy;
GRANT SELECT (tenant_id, version, wrapped_by, created_at, destroyed_at) ON tenant_key TO invoicepress_auditor;
