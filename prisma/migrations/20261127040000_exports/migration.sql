-- Exports: the documents of many invoices as ZIP archives, made by the workers.

CREATE TABLE document_export (
  id uuid NOT NULL,
  tenant_id uuid NOT NULL,
  client_id uuid NOT NULL,
  -- queued, running, ready, failed, canceled or expired
  status text NOT NULL DEFAULT 'queued',
  -- What was asked for: the filters of a list of invoices, and formats.
  filter jsonb NOT NULL,
  documents_total integer NOT NULL,
  documents_done integer NOT NULL DEFAULT 0,
  size_bytes bigint NOT NULL DEFAULT 0,
  -- The last document that lies in a part.
  cursor_invoice_id uuid,
  cursor_document_id uuid,
  -- Fencing token: grows with every claim and with cancellation; who holds an older one can write nothing.
  lease_epoch integer NOT NULL DEFAULT 0,
  lease_expires_at timestamptz(3),
  -- Claims since the last part was finished.
  attempts integer NOT NULL DEFAULT 0,
  dispatched_at timestamptz(3),
  failure_reason text,
  failure_remedy text,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  finished_at timestamptz(3),
  expires_at timestamptz(3),
  CONSTRAINT document_export_pkey PRIMARY KEY (id),
  CONSTRAINT document_export_status CHECK (status IN ('queued', 'running', 'ready', 'failed', 'canceled', 'expired')),
  CONSTRAINT document_export_failure_said CHECK ((status = 'failed') = (failure_reason IS NOT NULL)),
  CONSTRAINT document_export_cursor_whole CHECK ((cursor_invoice_id IS NULL) = (cursor_document_id IS NULL)),
  CONSTRAINT document_export_progress CHECK (documents_done >= 0 AND documents_total >= 0)
);
CREATE UNIQUE INDEX document_export_tenant_id_id_key ON document_export (tenant_id, id);
CREATE INDEX document_export_tenant_id_id_idx ON document_export (tenant_id, id DESC);
CREATE INDEX document_export_open_idx ON document_export (id) WHERE status IN ('queued', 'running');
CREATE INDEX document_export_expires_at_idx ON document_export (expires_at) WHERE status = 'ready';
ALTER TABLE document_export ADD CONSTRAINT document_export_tenant_id_client_id_fkey
  FOREIGN KEY (tenant_id, client_id) REFERENCES api_client (tenant_id, id) ON DELETE RESTRICT ON UPDATE CASCADE;

-- A ZIP archive, complete in itself; its bytes are in storage.
CREATE TABLE document_export_part (
  tenant_id uuid NOT NULL,
  export_id uuid NOT NULL,
  number integer NOT NULL,
  storage_key text NOT NULL,
  sha256 char(64) NOT NULL,
  size_bytes integer NOT NULL,
  documents integer NOT NULL,
  CONSTRAINT document_export_part_pkey PRIMARY KEY (tenant_id, export_id, number),
  CONSTRAINT document_export_part_sha256_hex CHECK (sha256 ~ '^[0-9a-f]{64}$')
);
ALTER TABLE document_export_part ADD CONSTRAINT document_export_part_tenant_id_export_id_fkey
  FOREIGN KEY (tenant_id, export_id) REFERENCES document_export (tenant_id, id) ON DELETE RESTRICT ON UPDATE CASCADE;

DO $$
DECLARE table_name text;
BEGIN
  FOREACH table_name IN ARRAY ARRAY['document_export', 'document_export_part'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', table_name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', table_name);
    EXECUTE format(
      'CREATE POLICY tenant_isolation ON %I USING (tenant_id = (SELECT app_tenant())) WITH CHECK (tenant_id = (SELECT app_tenant()))',
      table_name
    );
  END LOOP;
END $$;
CREATE POLICY sweeper ON document_export TO invoicepress_sweeper USING (true) WITH CHECK (true);
CREATE POLICY sweeper ON document_export_part TO invoicepress_sweeper USING (true);

GRANT SELECT ON document_export, document_export_part TO invoicepress_api;
GRANT INSERT (id, tenant_id, client_id, filter, documents_total), UPDATE (status, lease_epoch, finished_at)
  ON document_export TO invoicepress_api;

GRANT SELECT ON document_export, document_export_part TO invoicepress_worker;
GRANT INSERT ON document_export_part TO invoicepress_worker;
GRANT UPDATE (status, documents_total, documents_done, size_bytes, cursor_invoice_id, cursor_document_id, lease_epoch,
  lease_expires_at, attempts, failure_reason, failure_remedy, finished_at, expires_at) ON document_export TO invoicepress_worker;

GRANT SELECT (id, tenant_id, status, dispatched_at, lease_expires_at, expires_at), UPDATE (status, dispatched_at)
  ON document_export TO invoicepress_sweeper;
GRANT SELECT (tenant_id, export_id, number, storage_key), DELETE ON document_export_part TO invoicepress_sweeper;

-- What ended stays ended, but for its expiry. Progress is never lost.
CREATE FUNCTION guard_document_export() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.status <> OLD.status AND NOT (CASE OLD.status
    WHEN 'queued' THEN NEW.status IN ('running', 'canceled')
    WHEN 'running' THEN NEW.status IN ('queued', 'ready', 'failed', 'canceled')
    WHEN 'ready' THEN NEW.status = 'expired'
    ELSE false END)
  THEN
    RAISE EXCEPTION 'export % cannot go from % to %', OLD.id, OLD.status, NEW.status
      USING ERRCODE = 'check_violation', CONSTRAINT = 'document_export_lifecycle';
  END IF;
  IF NEW.lease_epoch < OLD.lease_epoch OR NEW.documents_done < OLD.documents_done THEN
    RAISE EXCEPTION 'the lease epoch and the progress of export % only grow', OLD.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'document_export_grows';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_document_export BEFORE UPDATE ON document_export FOR EACH ROW EXECUTE FUNCTION guard_document_export();
