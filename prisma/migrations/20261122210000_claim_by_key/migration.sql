-- Claim and complete reach their row by its key, whatever the planner knows. Spelled as an equality, the status let
-- it walk the partial indexes of queued and rendering rows: small by the statistics, but full of dead entries in the
-- minute before autovacuum comes round. A CASE matches no index. Otherwise the functions are as they were.

CREATE OR REPLACE FUNCTION claim_invoice(tenant uuid, wanted uuid, wanted_generation integer, lease_ms integer)
  RETURNS TABLE (lease_epoch integer, client_id uuid, created_at timestamptz, issued jsonb, template text, held_ms integer)
  LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
  PERFORM set_config('app.tenant_id', tenant::text, true);
  RETURN QUERY
    WITH claimed AS (
      UPDATE invoice
      SET status = 'rendering', lease_epoch = lease_epoch + 1,
        lease_expires_at = clock_timestamp() + lease_ms * interval '1 millisecond'
      WHERE id = wanted AND generation = wanted_generation
        AND CASE status WHEN 'queued' THEN true WHEN 'rendering' THEN lease_expires_at < clock_timestamp() END
      RETURNING id, lease_epoch, client_id, created_at
    )
    SELECT claimed.lease_epoch, claimed.client_id, claimed.created_at, payload.issued, payload.template, NULL::integer
    FROM claimed JOIN invoice_payload payload ON payload.tenant_id = tenant AND payload.invoice_id = claimed.id;
  IF NOT FOUND THEN
    RETURN QUERY
      SELECT NULL::integer, NULL::uuid, NULL::timestamptz, NULL::jsonb, NULL::text,
        greatest(0, ceil(extract(epoch FROM lease_expires_at - clock_timestamp()) * 1000))::integer
      FROM invoice WHERE id = wanted AND generation = wanted_generation AND status = 'rendering';
  END IF;
END $$;

CREATE OR REPLACE FUNCTION complete_invoice(tenant uuid, wanted uuid, held_epoch integer, document jsonb)
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
  FROM jsonb_to_record(document) AS made (
    id uuid, format text, storage_key text, sha256 char(64), size_bytes integer, media_type text, page_count integer);
  RETURN true;
END $$;

-- Every invoice is updated at least twice soon after it came, so its dead versions are cleared away earlier than the
-- fifth of the table that PostgreSQL waits for.
ALTER TABLE invoice SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);
