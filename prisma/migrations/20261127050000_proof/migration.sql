-- What a proof bundle tells of the making of an invoice, and nobody could find out later.

-- The checks that an invoice passed when it was accepted: "rules@1". Of invoices from before, nobody knows.
ALTER TABLE invoice_payload ADD COLUMN rule_set text;

-- The versions that a document was made with: "invoicepress@0.1.0 node@24.21.0 …". Of documents from before, nobody knows.
ALTER TABLE document ADD COLUMN made_with text;

CREATE OR REPLACE FUNCTION complete_invoice(tenant uuid, wanted uuid, held_epoch integer, documents jsonb)
  RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('app.tenant_id', tenant::text, true);
  UPDATE invoice SET status = 'ready', ready_at = clock_timestamp(), lease_expires_at = NULL
  WHERE id = wanted AND lease_epoch = held_epoch AND CASE status WHEN 'rendering' THEN true END;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  INSERT INTO document (id, tenant_id, invoice_id, format, storage_key, sha256, size_bytes, media_type, page_count, made_with)
  SELECT id, tenant, wanted, format, storage_key, sha256, size_bytes, media_type, page_count, made_with
  FROM jsonb_to_recordset(documents) AS made (
    id uuid, format text, storage_key text, sha256 char(64), size_bytes integer, media_type text, page_count integer,
    made_with text);
  IF NOT FOUND THEN
    RAISE EXCEPTION 'invoice % cannot be ready without a document', wanted
      USING ERRCODE = 'check_violation', CONSTRAINT = 'invoice_has_documents';
  END IF;
  RETURN true;
END $$;
