-- The lifecycle becomes a rule of the database, each transition tells an event in its own transaction, and webhook
-- endpoints hear of them.

-- Lifecycle ---------------------------------------------------------------------------------------------------
-- Claims of this generation that did not end of themselves by saying why: an invoice that kills its workers is
-- found by it.
ALTER TABLE invoice ADD COLUMN attempts integer NOT NULL DEFAULT 0;

-- docs/lifecycle.md has the picture. `revision` is what the ETag is made of: it grows with what a reader can see, so
-- not with a lease that is extended.
CREATE OR REPLACE FUNCTION touch_invoice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.status IN ('ready', 'canceled') THEN
    RAISE EXCEPTION 'invoice % is % and never changes', OLD.id, OLD.status
      USING ERRCODE = 'check_violation', CONSTRAINT = 'invoice_final';
  END IF;
  IF NEW.status <> OLD.status AND NOT (CASE OLD.status
    WHEN 'queued' THEN NEW.status IN ('rendering', 'canceled')
    WHEN 'rendering' THEN NEW.status IN ('ready', 'failed', 'queued')
    WHEN 'failed' THEN NEW.status = 'queued'
    ELSE false END)
  THEN
    RAISE EXCEPTION 'invoice % cannot go from % to %', OLD.id, OLD.status, NEW.status
      USING ERRCODE = 'check_violation', CONSTRAINT = 'invoice_lifecycle';
  END IF;
  IF NEW.lease_epoch < OLD.lease_epoch + (OLD.status = 'queued' AND NEW.status = 'rendering')::integer THEN
    RAISE EXCEPTION 'the lease epoch of invoice % only grows, and grows with each claim', OLD.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'invoice_lease_epoch';
  END IF;
  IF NEW.generation <> OLD.generation + (OLD.status = 'failed' AND NEW.status = 'queued')::integer THEN
    RAISE EXCEPTION 'the generation of invoice % grows by one with a retry, and with nothing else', OLD.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'invoice_generation';
  END IF;
  IF NEW.status <> OLD.status THEN
    NEW.revision := OLD.revision + 1;
    NEW.updated_at := clock_timestamp();
    IF NEW.status = 'queued' THEN NEW.dispatched_at := clock_timestamp(); END IF;
    IF OLD.status = 'failed' THEN NEW.attempts := 0; END IF;
  END IF;
  RETURN NEW;
END $$;

-- A document comes with the transaction that makes its invoice ready, and stays as it is.
CREATE FUNCTION guard_document() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    RAISE EXCEPTION 'document % never changes', OLD.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'document_final';
  END IF;
  PERFORM 1 FROM invoice
  WHERE id = NEW.invoice_id AND tenant_id = NEW.tenant_id AND CASE status WHEN 'ready' THEN true END
    AND xmin = pg_current_xact_id()::xid;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'a document of invoice % comes only with the transaction that makes it ready', NEW.invoice_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'document_with_ready';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_document BEFORE INSERT OR UPDATE OR DELETE ON document
  FOR EACH ROW EXECUTE FUNCTION guard_document();

-- Events ------------------------------------------------------------------------------------------------------
-- One per transition, written by the transition's own transaction. Transactions end in another order than they
-- begin, so an event gets its place in its tenant's feed afterwards, by `place_events`: 1, 2, 3 and so on.
CREATE TABLE event (
  id uuid NOT NULL DEFAULT uuidv7(),
  tenant_id uuid NOT NULL,
  seq bigserial NOT NULL,
  position bigint,
  type text NOT NULL,
  invoice_id uuid NOT NULL,
  data jsonb NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT event_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX event_tenant_id_id_key ON event (tenant_id, id);
CREATE UNIQUE INDEX event_tenant_id_position_key ON event (tenant_id, position);
CREATE INDEX event_tenant_id_invoice_id_idx ON event (tenant_id, invoice_id);
CREATE INDEX event_unplaced_idx ON event (seq) WHERE position IS NULL;
ALTER TABLE event ADD CONSTRAINT event_tenant_id_invoice_id_fkey
  FOREIGN KEY (tenant_id, invoice_id) REFERENCES invoice (tenant_id, id) ON DELETE RESTRICT ON UPDATE CASCADE;

-- Nobody may write events but this function, which has its owner's rights.
CREATE FUNCTION tell_event() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  INSERT INTO event (tenant_id, type, invoice_id, data)
  VALUES (
    NEW.tenant_id,
    CASE TG_OP WHEN 'INSERT' THEN 'invoice.accepted' ELSE 'invoice.' || NEW.status END,
    NEW.id,
    jsonb_strip_nulls(jsonb_build_object(
      'id', NEW.id, 'number', NEW.number, 'externalId', NEW.external_id, 'status', NEW.status,
      'generation', NEW.generation,
      'failure', CASE WHEN NEW.failure_code IS NOT NULL THEN jsonb_build_object(
        'code', NEW.failure_code, 'reason', NEW.failure_reason, 'remedy', NEW.failure_remedy) END))
  );
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION tell_event FROM PUBLIC;
CREATE TRIGGER tell_accepted AFTER INSERT ON invoice FOR EACH ROW EXECUTE FUNCTION tell_event();
CREATE TRIGGER tell_transition AFTER UPDATE ON invoice FOR EACH ROW
  WHEN (NEW.status IS DISTINCT FROM OLD.status) EXECUTE FUNCTION tell_event();

-- A place once given is where readers have seen the event.
CREATE FUNCTION guard_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'event % has its place, and never changes', OLD.id
    USING ERRCODE = 'check_violation', CONSTRAINT = 'event_final';
END $$;
CREATE TRIGGER guard_event BEFORE UPDATE ON event FOR EACH ROW
  WHEN (OLD.position IS NOT NULL) EXECUTE FUNCTION guard_event();

-- Webhooks ----------------------------------------------------------------------------------------------------
CREATE TABLE webhook_endpoint (
  id uuid NOT NULL,
  tenant_id uuid NOT NULL,
  url text NOT NULL,
  description text,
  event_types text[] NOT NULL,
  -- Sealed by the application; a reader of the database alone can sign nothing.
  secret bytea NOT NULL,
  previous_secret bytea,
  previous_secret_until timestamptz(3),
  enabled boolean NOT NULL DEFAULT true,
  disabled_reason text,
  -- Of the first failure since the last success.
  failing_since timestamptz(3),
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now(),
  CONSTRAINT webhook_endpoint_pkey PRIMARY KEY (id),
  CONSTRAINT webhook_endpoint_url_bounds CHECK (char_length(url) BETWEEN 1 AND 2000)
);
CREATE UNIQUE INDEX webhook_endpoint_tenant_id_id_key ON webhook_endpoint (tenant_id, id);
ALTER TABLE webhook_endpoint ADD CONSTRAINT webhook_endpoint_tenant_id_fkey
  FOREIGN KEY (tenant_id) REFERENCES tenant (id) ON DELETE RESTRICT ON UPDATE CASCADE;

-- One event on its way to one endpoint.
CREATE TABLE webhook_delivery (
  id uuid NOT NULL,
  tenant_id uuid NOT NULL,
  endpoint_id uuid NOT NULL,
  event_id uuid NOT NULL,
  status text NOT NULL DEFAULT 'pending',
  -- Grows when somebody asks for it to be sent again; a job of another generation does nothing.
  generation integer NOT NULL DEFAULT 1,
  attempts integer NOT NULL DEFAULT 0,
  next_attempt_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  -- When it was last handed to the queue.
  dispatched_at timestamptz(3),
  created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  finished_at timestamptz(3),
  CONSTRAINT webhook_delivery_pkey PRIMARY KEY (id),
  CONSTRAINT webhook_delivery_status CHECK (status IN ('pending', 'delivered', 'failed'))
);
CREATE UNIQUE INDEX webhook_delivery_tenant_id_id_key ON webhook_delivery (tenant_id, id);
CREATE UNIQUE INDEX webhook_delivery_endpoint_id_event_id_key ON webhook_delivery (endpoint_id, event_id);
CREATE INDEX webhook_delivery_tenant_id_endpoint_id_id_idx ON webhook_delivery (tenant_id, endpoint_id, id DESC);
CREATE INDEX webhook_delivery_pending_idx ON webhook_delivery (endpoint_id, next_attempt_at) WHERE status = 'pending';
ALTER TABLE webhook_delivery
  ADD CONSTRAINT webhook_delivery_tenant_id_endpoint_id_fkey
    FOREIGN KEY (tenant_id, endpoint_id) REFERENCES webhook_endpoint (tenant_id, id) ON DELETE CASCADE ON UPDATE CASCADE,
  ADD CONSTRAINT webhook_delivery_tenant_id_event_id_fkey
    FOREIGN KEY (tenant_id, event_id) REFERENCES event (tenant_id, id) ON DELETE CASCADE ON UPDATE CASCADE;

-- The log: what was sent when, and what came back.
CREATE TABLE webhook_attempt (
  delivery_id uuid NOT NULL,
  generation integer NOT NULL,
  number integer NOT NULL,
  tenant_id uuid NOT NULL,
  started_at timestamptz(3) NOT NULL,
  duration_ms integer NOT NULL,
  status_code integer,
  error text,
  response_excerpt text,
  CONSTRAINT webhook_attempt_pkey PRIMARY KEY (delivery_id, generation, number)
);
ALTER TABLE webhook_attempt ADD CONSTRAINT webhook_attempt_tenant_id_delivery_id_fkey
  FOREIGN KEY (tenant_id, delivery_id) REFERENCES webhook_delivery (tenant_id, id) ON DELETE CASCADE ON UPDATE CASCADE;

-- Row-level security and grants -------------------------------------------------------------------------------
DO $$
DECLARE table_name text;
BEGIN
  FOREACH table_name IN ARRAY ARRAY['event', 'webhook_endpoint', 'webhook_delivery', 'webhook_attempt'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', table_name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', table_name);
    EXECUTE format(
      'CREATE POLICY tenant_isolation ON %I USING (tenant_id = (SELECT app_tenant())) WITH CHECK (tenant_id = (SELECT app_tenant()))',
      table_name
    );
  END LOOP;
END $$;
CREATE POLICY tells ON event FOR INSERT TO CURRENT_USER WITH CHECK (true);
CREATE POLICY sweeper ON event TO invoicepress_sweeper USING (true) WITH CHECK (true);
CREATE POLICY sweeper ON webhook_endpoint FOR SELECT TO invoicepress_sweeper USING (true);
CREATE POLICY sweeper ON webhook_delivery TO invoicepress_sweeper USING (true) WITH CHECK (true);

GRANT SELECT ON event TO invoicepress_api, invoicepress_worker;
GRANT SELECT, INSERT, DELETE ON webhook_endpoint TO invoicepress_api;
GRANT UPDATE (url, description, event_types, secret, previous_secret, previous_secret_until, enabled, disabled_reason,
  failing_since, updated_at) ON webhook_endpoint TO invoicepress_api;
GRANT SELECT ON webhook_delivery, webhook_attempt TO invoicepress_api;
GRANT UPDATE (status, generation, attempts, next_attempt_at, dispatched_at, finished_at) ON webhook_delivery TO invoicepress_api;

GRANT SELECT ON webhook_endpoint, webhook_delivery, webhook_attempt TO invoicepress_worker;
GRANT UPDATE (enabled, disabled_reason, failing_since, updated_at) ON webhook_endpoint TO invoicepress_worker;
GRANT UPDATE (status, attempts, next_attempt_at, dispatched_at, finished_at) ON webhook_delivery TO invoicepress_worker;
GRANT INSERT ON webhook_attempt TO invoicepress_worker;
GRANT UPDATE (attempts) ON invoice TO invoicepress_worker;

GRANT SELECT (id, tenant_id, seq, position, type), UPDATE (position) ON event TO invoicepress_sweeper;
GRANT SELECT (id, tenant_id, enabled, event_types) ON webhook_endpoint TO invoicepress_sweeper;
GRANT SELECT (id, tenant_id, endpoint_id, event_id, status, generation, next_attempt_at, dispatched_at),
  INSERT (id, tenant_id, endpoint_id, event_id), UPDATE (dispatched_at) ON webhook_delivery TO invoicepress_sweeper;
GRANT SELECT (attempts) ON invoice TO invoicepress_sweeper;

-- Places up to `batch` events at the ends of their tenants' feeds, and starts their deliveries. One caller at a time:
-- another returns 0 at once. What is placed was committed before, so no smaller place can appear behind a reader.
CREATE FUNCTION place_events(batch integer) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE placed_count integer;
BEGIN
  IF NOT pg_try_advisory_xact_lock(hashtextextended('invoicepress: place_events', 0)) THEN
    RETURN 0;
  END IF;
  WITH fresh AS MATERIALIZED (
    SELECT id, tenant_id, type, seq FROM event WHERE position IS NULL ORDER BY seq LIMIT batch
  ), ends AS MATERIALIZED (
    SELECT tenant_id, coalesce((SELECT max(position) FROM event last WHERE last.tenant_id = tenants.tenant_id), 0) AS last_position
    FROM (SELECT DISTINCT tenant_id FROM fresh) tenants
  ), placed AS (
    UPDATE event SET position = places.position
    FROM (
      SELECT fresh.id, ends.last_position + row_number() OVER (PARTITION BY tenant_id ORDER BY seq) AS position
      FROM fresh JOIN ends USING (tenant_id)
    ) places
    WHERE event.id = places.id
    RETURNING event.id, event.tenant_id, event.type
  ), deliveries AS (
    INSERT INTO webhook_delivery (id, tenant_id, endpoint_id, event_id)
    SELECT uuidv7(), placed.tenant_id, endpoint.id, placed.id
    FROM placed JOIN webhook_endpoint endpoint ON endpoint.tenant_id = placed.tenant_id
    WHERE endpoint.enabled AND placed.type = ANY (endpoint.event_types)
  )
  SELECT count(*) INTO placed_count FROM placed;
  RETURN placed_count;
END $$;
REVOKE ALL ON FUNCTION place_events FROM PUBLIC;
GRANT EXECUTE ON FUNCTION place_events TO invoicepress_sweeper;

-- Claims count attempts ---------------------------------------------------------------------------------------
DROP FUNCTION claim_invoice;
CREATE FUNCTION claim_invoice(tenant uuid, wanted uuid, wanted_generation integer, lease_ms integer)
  RETURNS TABLE (lease_epoch integer, attempts integer, client_id uuid, created_at timestamptz, issued jsonb, template text, held_ms integer)
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
    SELECT claimed.lease_epoch, claimed.attempts, claimed.client_id, claimed.created_at, payload.issued, payload.template, NULL::integer
    FROM claimed JOIN invoice_payload payload ON payload.tenant_id = tenant AND payload.invoice_id = claimed.id;
  IF NOT FOUND THEN
    RETURN QUERY
      SELECT NULL::integer, NULL::integer, NULL::uuid, NULL::timestamptz, NULL::jsonb, NULL::text,
        greatest(0, ceil(extract(epoch FROM lease_expires_at - clock_timestamp()) * 1000))::integer
      FROM invoice WHERE id = wanted AND generation = wanted_generation AND status = 'rendering';
  END IF;
END $$;
REVOKE ALL ON FUNCTION claim_invoice FROM PUBLIC;
GRANT EXECUTE ON FUNCTION claim_invoice TO invoicepress_worker;
