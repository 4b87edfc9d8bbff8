-- Quotas of tenants, and what they have used of them.

-- Null: as the API's settings say. 0: without limit.
ALTER TABLE tenant
  ADD COLUMN invoices_per_day integer CHECK (invoices_per_day >= 0),
  ADD COLUMN batch_size integer CHECK (batch_size >= 0),
  ADD COLUMN storage_bytes bigint CHECK (storage_bytes >= 0);

-- One row for each tenant with a quota, which grows with nothing but the tenants.
CREATE TABLE tenant_usage (
  tenant_id uuid NOT NULL,
  -- UTC, and the invoices that were accepted on it.
  day date NOT NULL,
  invoices integer NOT NULL DEFAULT 0,
  -- Bytes of documents when they were last counted.
  stored_bytes bigint NOT NULL DEFAULT 0,
  counted_at timestamptz(3),
  CONSTRAINT tenant_usage_pkey PRIMARY KEY (tenant_id),
  CONSTRAINT tenant_usage_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant (id) ON DELETE RESTRICT ON UPDATE CASCADE
);
ALTER TABLE tenant_usage ENABLE ROW LEVEL SECURITY;
ALTER TABLE tenant_usage FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON tenant_usage
  USING (tenant_id = (SELECT app_tenant())) WITH CHECK (tenant_id = (SELECT app_tenant()));
GRANT SELECT, INSERT, UPDATE ON tenant_usage TO invoicepress_api;

-- Takes up to `wanted` of what is left of the day, for as long as the transaction stays. Whoever else of this tenant
-- wants some waits for its end, so that two can never take the same.
CREATE FUNCTION take_daily_quota(wanted integer, today date, per_day integer) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE granted integer;
BEGIN
  INSERT INTO tenant_usage AS usage (tenant_id, day) VALUES (app_tenant(), today)
  ON CONFLICT (tenant_id) DO UPDATE SET
    day = greatest(usage.day, EXCLUDED.day),
    invoices = CASE WHEN usage.day >= EXCLUDED.day THEN usage.invoices ELSE 0 END
  RETURNING greatest(0, least(wanted, per_day - invoices)) INTO granted;
  IF granted > 0 THEN
    UPDATE tenant_usage SET invoices = invoices + granted WHERE tenant_id = app_tenant();
  END IF;
  RETURN granted;
END $$;
REVOKE ALL ON FUNCTION take_daily_quota FROM PUBLIC;
GRANT EXECUTE ON FUNCTION take_daily_quota TO invoicepress_api;

-- What the tenant may, and what it has used. Bytes are counted only where they are bounded, and then once in a minute by
-- whoever comes first; others wait for that count.
CREATE FUNCTION tenant_quota(wanted uuid, today date, standard_storage_bytes bigint) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE found record;
BEGIN
  PERFORM set_config('app.tenant_id', wanted::text, true);
  SELECT tenant.invoices_per_day, tenant.batch_size, tenant.storage_bytes, usage.stored_bytes, usage.counted_at,
    CASE WHEN usage.day >= today THEN usage.invoices ELSE 0 END AS invoices_today
  INTO found FROM tenant LEFT JOIN tenant_usage usage ON usage.tenant_id = tenant.id WHERE tenant.id = wanted;
  IF coalesce(found.storage_bytes, standard_storage_bytes) > 0
    AND coalesce(found.counted_at, '-infinity') < clock_timestamp() - interval '1 minute' THEN
    found.stored_bytes := count_stored_bytes(wanted, today);
  END IF;
  RETURN jsonb_build_object('invoicesPerDay', found.invoices_per_day, 'batchSize', found.batch_size,
    'storageBytes', found.storage_bytes, 'invoicesToday', found.invoices_today, 'storedBytes', coalesce(found.stored_bytes, 0));
END $$;
REVOKE ALL ON FUNCTION tenant_quota FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tenant_quota TO invoicepress_api;

-- `submission_defaults` for what is to be accepted. The quota is null where there is none, and then costs nothing.
CREATE FUNCTION submission_terms(wanted uuid, today date, standard_limits boolean, standard_storage_bytes bigint)
  RETURNS TABLE (formats text[], profiles text[], quota jsonb) LANGUAGE plpgsql AS $$
DECLARE limited boolean;
BEGIN
  PERFORM set_config('app.tenant_id', wanted::text, true);
  SELECT default_formats, default_profiles, num_nonnulls(invoices_per_day, batch_size, storage_bytes) > 0
  INTO formats, profiles, limited FROM tenant WHERE id = wanted;
  IF FOUND THEN
    IF limited OR standard_limits THEN
      quota := tenant_quota(wanted, today, standard_storage_bytes);
    END IF;
    RETURN NEXT;
  END IF;
END $$;
REVOKE ALL ON FUNCTION submission_terms FROM PUBLIC;
GRANT EXECUTE ON FUNCTION submission_terms TO invoicepress_api;

CREATE FUNCTION count_stored_bytes(wanted uuid, today date) RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO tenant_usage AS usage (tenant_id, day, counted_at) VALUES (wanted, today, clock_timestamp())
  ON CONFLICT (tenant_id) DO UPDATE SET counted_at = EXCLUDED.counted_at
    WHERE usage.counted_at IS NULL OR usage.counted_at < EXCLUDED.counted_at - interval '1 minute';
  IF FOUND THEN
    UPDATE tenant_usage SET stored_bytes =
      (SELECT coalesce(sum(size_bytes), 0) FROM document WHERE document.tenant_id = wanted)
    WHERE tenant_usage.tenant_id = wanted;
  END IF;
  RETURN (SELECT usage.stored_bytes FROM tenant_usage usage WHERE usage.tenant_id = wanted);
END $$;
REVOKE ALL ON FUNCTION count_stored_bytes FROM PUBLIC;
GRANT EXECUTE ON FUNCTION count_stored_bytes TO invoicepress_api;
