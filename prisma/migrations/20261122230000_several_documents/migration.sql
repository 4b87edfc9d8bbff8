-- An invoice becomes ready with a document for each of its formats, and a tenant says which formats and whose rules
-- its invoices have when they name none.

-- Defaults of a tenant ----------------------------------------------------------------------------------------
ALTER TABLE tenant
  ADD COLUMN default_formats text[] NOT NULL DEFAULT ARRAY['pdf'],
  ADD COLUMN default_profiles text[] NOT NULL DEFAULT ARRAY['en16931'],
  ADD CONSTRAINT tenant_has_formats CHECK (cardinality(default_formats) > 0),
  ADD CONSTRAINT tenant_has_profiles CHECK (cardinality(default_profiles) > 0);

-- One round trip, as `claim_invoice` is: it says whose row it means, and has its caller's rights.
CREATE FUNCTION submission_defaults(wanted uuid) RETURNS TABLE (formats text[], profiles text[]) LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('app.tenant_id', wanted::text, true);
  RETURN QUERY SELECT default_formats, default_profiles FROM tenant WHERE id = wanted;
END $$;
REVOKE ALL ON FUNCTION submission_defaults FROM PUBLIC;
GRANT EXECUTE ON FUNCTION submission_defaults TO invoicepress_api;

-- All documents, or none --------------------------------------------------------------------------------------
DROP FUNCTION complete_invoice;
CREATE FUNCTION complete_invoice(tenant uuid, wanted uuid, held_epoch integer, documents jsonb)
  RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('app.tenant_id', tenant::text, true);
  UPDATE invoice SET status = 'ready', ready_at = clock_timestamp(), lease_expires_at = NULL
  WHERE id = wanted AND lease_epoch = held_epoch AND CASE status WHEN 'rendering' THEN true END;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  INSERT INTO document (id, tenant_id, invoice_id, format, storage_key, sha256, size_bytes, media_type, page_count)
  SELECT id, tenant, wanted, format, storage_key, sha256, size_bytes, media_type, page_count
  FROM jsonb_to_recordset(documents) AS made (
    id uuid, format text, storage_key text, sha256 char(64), size_bytes integer, media_type text, page_count integer);
  IF NOT FOUND THEN
    RAISE EXCEPTION 'invoice % cannot be ready without a document', wanted
      USING ERRCODE = 'check_violation', CONSTRAINT = 'invoice_has_documents';
  END IF;
  RETURN true;
END $$;
REVOKE ALL ON FUNCTION complete_invoice FROM PUBLIC;
GRANT EXECUTE ON FUNCTION complete_invoice TO invoicepress_worker;
