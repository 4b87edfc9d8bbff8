-- A claim hands the frozen invoice over as text, which goes on to a renderer unread, and says beside it which logo it
-- names.
DROP FUNCTION claim_invoice;
CREATE FUNCTION claim_invoice(tenant uuid, wanted uuid, wanted_generation integer, lease_ms integer)
  RETURNS TABLE (lease_epoch integer, attempts integer, client_id uuid, created_at timestamptz, issued text, template text,
    logo_sha256 text, held_ms integer)
  LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
  PERFORM set_config('app.tenant_id', tenant::text, true);
  RETURN QUERY
    WITH claimed AS (
      UPDATE invoice
      SET status = 'rendering', lease_epoch = lease_epoch + 1, attempts = attempts + 1,
        lease_expires_at = clock_timestamp() + lease_ms * interval '1 millisecond'
      WHERE id = wanted AND generation = wanted_generation
        AND CASE status WHEN 'queued' THEN true WHEN 'rendering' THEN lease_expires_at < clock_timestamp() END
      RETURNING id, lease_epoch, attempts, client_id, created_at
    )
    SELECT claimed.lease_epoch, claimed.attempts, claimed.client_id, claimed.created_at, payload.issued::text,
      payload.template, payload.logo_sha256::text, NULL::integer
    FROM claimed JOIN invoice_payload payload ON payload.tenant_id = tenant AND payload.invoice_id = claimed.id;
  IF NOT FOUND THEN
    RETURN QUERY
      SELECT NULL::integer, NULL::integer, NULL::uuid, NULL::timestamptz, NULL::text, NULL::text, NULL::text,
        greatest(0, ceil(extract(epoch FROM lease_expires_at - clock_timestamp()) * 1000))::integer
      FROM invoice WHERE id = wanted AND generation = wanted_generation AND status = 'rendering';
  END IF;
END $$;
REVOKE ALL ON FUNCTION claim_invoice FROM PUBLIC;
GRANT EXECUTE ON FUNCTION claim_invoice TO invoicepress_worker;
