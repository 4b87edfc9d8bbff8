-- A lot of invoices is claimed, and made final, by one statement in place of one for each: what PostgreSQL does once a
-- statement, such as reading the conditions of its triggers, it does once a lot. Each call says whose rows it means before
-- it touches any, for the one transaction that it is; it runs with the caller's rights, so row-level security and grants
-- hold as ever.
-- Their plans are made once a session, in place of once a lot, and for a large table, since a session that begins while the
-- table is empty would keep reading all of it.
DROP FUNCTION claim_invoice;
DROP FUNCTION complete_invoice;

-- By place among the wanted, since two jobs may be about the same invoice: one of them claims it, and the other hears that
-- it is held.
CREATE FUNCTION claim_invoices(tenant uuid, ids uuid[], generations integer[], lease_ms integer)
  RETURNS TABLE (place integer, lease_epoch integer, attempts integer, client_id uuid, created_at timestamptz, issued text,
    template text, logo_sha256 text, held_ms integer)
  LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_bitmapscan = off AS $$
#variable_conflict use_column
DECLARE
  ours bigint[];
BEGIN
  PERFORM set_config('app.tenant_id', tenant::text, true);
  WITH claimed AS (
    UPDATE invoice
    SET status = 'rendering', lease_epoch = lease_epoch + 1, attempts = attempts + 1,
      lease_expires_at = clock_timestamp() + lease_ms * interval '1 millisecond'
    FROM (SELECT * FROM unnest(ids, generations) WITH ORDINALITY AS one (id, wanted_generation, place) ORDER BY id) wanted
    WHERE invoice.tenant_id = tenant AND invoice.id = wanted.id AND generation = wanted_generation
      AND CASE status WHEN 'queued' THEN true WHEN 'rendering' THEN lease_expires_at < clock_timestamp() END
    RETURNING wanted.place
  )
  SELECT array_agg(place) INTO ours FROM claimed;
  -- A statement of its own, which sees what others have claimed while the one above waited for them.
  RETURN QUERY
    SELECT wanted.place::integer,
      CASE WHEN payload.invoice_id IS NOT NULL THEN lease_epoch END, attempts, client_id, created_at, payload.issued::text,
      payload.template, payload.logo_sha256::text,
      greatest(0, ceil(extract(epoch FROM lease_expires_at - clock_timestamp()) * 1000))::integer
    FROM unnest(ids, generations) WITH ORDINALITY AS wanted (id, wanted_generation, place)
    JOIN invoice ON invoice.tenant_id = tenant AND invoice.id = wanted.id AND generation = wanted_generation
      AND CASE status WHEN 'rendering' THEN true END
    LEFT JOIN invoice_payload payload
      ON wanted.place = ANY (ours) AND payload.tenant_id = tenant AND payload.invoice_id = invoice.id;
END $$;
REVOKE ALL ON FUNCTION claim_invoices FROM PUBLIC;
GRANT EXECUTE ON FUNCTION claim_invoices TO invoicepress_worker;

-- Returns those that it has made final, each with all of its documents; the leases of the others are no longer theirs.
CREATE FUNCTION complete_invoices(tenant uuid, ids uuid[], epochs integer[], documents jsonb)
  RETURNS uuid[] LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_bitmapscan = off AS $$
DECLARE
  completed uuid[];
  with_documents integer;
BEGIN
  PERFORM set_config('app.tenant_id', tenant::text, true);
  WITH done AS (
    UPDATE invoice SET status = 'ready', ready_at = clock_timestamp(), lease_expires_at = NULL
    FROM (SELECT * FROM unnest(ids, epochs) AS one (id, held_epoch) ORDER BY id) held
    WHERE invoice.tenant_id = tenant AND invoice.id = held.id AND lease_epoch = held_epoch
      AND CASE status WHEN 'rendering' THEN true END
    RETURNING invoice.id
  )
  SELECT coalesce(array_agg(id), '{}') INTO completed FROM done;
  WITH made AS (
    INSERT INTO document (id, tenant_id, invoice_id, format, storage_key, sha256, size_bytes, media_type, page_count, made_with)
    SELECT id, tenant, invoice_id, format, storage_key, sha256, size_bytes, media_type, page_count, made_with
    FROM jsonb_to_recordset(documents) AS one (
      id uuid, invoice_id uuid, format text, storage_key text, sha256 char(64), size_bytes integer, media_type text,
      page_count integer, made_with text)
    WHERE invoice_id = ANY (completed)
    RETURNING invoice_id
  )
  SELECT count(DISTINCT invoice_id) INTO with_documents FROM made;
  IF with_documents < cardinality(completed) THEN
    RAISE EXCEPTION 'an invoice cannot be ready without a document'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'invoice_has_documents';
  END IF;
  RETURN completed;
END $$;
REVOKE ALL ON FUNCTION complete_invoices FROM PUBLIC;
GRANT EXECUTE ON FUNCTION complete_invoices TO invoicepress_worker;
