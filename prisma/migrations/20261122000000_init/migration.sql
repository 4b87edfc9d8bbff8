-- The first tables, and with them what Prisma does not model: roles, grants, row-level security, triggers.
-- Roles are created without LOGIN; `migrate roles` gives them passwords (see docs/operations.md).

-- CreateEnum
CREATE TYPE "invoice_status" AS ENUM ('queued', 'rendering', 'ready', 'failed', 'canceled');

-- CreateTable
CREATE TABLE "tenant" (
    "id" UUID NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "tenant_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "api_client" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "secret_hash" BYTEA NOT NULL,
    "scopes" TEXT[],
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "api_client_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "invoice" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "client_id" UUID NOT NULL,
    "external_id" TEXT,
    "number" TEXT NOT NULL,
    "type_code" TEXT NOT NULL,
    "status" "invoice_status" NOT NULL DEFAULT 'queued',
    "currency" CHAR(3) NOT NULL,
    "issue_date" DATE NOT NULL,
    "due_date" DATE,
    "buyer_name" TEXT NOT NULL,
    "tax_exclusive" DECIMAL(20,2) NOT NULL,
    "tax" DECIMAL(20,2) NOT NULL,
    "tax_inclusive" DECIMAL(20,2) NOT NULL,
    "payable" DECIMAL(20,2) NOT NULL,
    "metadata" JSONB NOT NULL DEFAULT '{}',
    "generation" INTEGER NOT NULL DEFAULT 1,
    "lease_epoch" INTEGER NOT NULL DEFAULT 0,
    "lease_expires_at" TIMESTAMPTZ(3),
    "dispatched_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "failure_code" TEXT,
    "failure_reason" TEXT,
    "failure_remedy" TEXT,
    "revision" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "ready_at" TIMESTAMPTZ(3),

    CONSTRAINT "invoice_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "invoice_payload" (
    "tenant_id" UUID NOT NULL,
    "invoice_id" UUID NOT NULL,
    "issued" JSONB NOT NULL,
    "template" TEXT NOT NULL,

    CONSTRAINT "invoice_payload_pkey" PRIMARY KEY ("tenant_id","invoice_id")
);

-- CreateTable
CREATE TABLE "document" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "invoice_id" UUID NOT NULL,
    "format" TEXT NOT NULL,
    "storage_key" TEXT NOT NULL,
    "sha256" CHAR(64) NOT NULL,
    "size_bytes" INTEGER NOT NULL,
    "media_type" TEXT NOT NULL,
    "page_count" INTEGER,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "document_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "number_series" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "prefix" TEXT NOT NULL,
    "padding" SMALLINT NOT NULL,
    "yearly_reset" BOOLEAN NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "number_series_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "number_counter" (
    "series_id" UUID NOT NULL,
    "period" SMALLINT NOT NULL,
    "tenant_id" UUID NOT NULL,
    "last_value" BIGINT NOT NULL,

    CONSTRAINT "number_counter_pkey" PRIMARY KEY ("series_id","period")
);

-- CreateTable
CREATE TABLE "idempotency_key" (
    "client_id" UUID NOT NULL,
    "route" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "tenant_id" UUID NOT NULL,
    "fingerprint" CHAR(64) NOT NULL,
    "status" SMALLINT NOT NULL,
    "body" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "idempotency_key_pkey" PRIMARY KEY ("client_id","route","key")
);

-- CreateIndex
CREATE UNIQUE INDEX "tenant_slug_key" ON "tenant"("slug");

-- CreateIndex
CREATE UNIQUE INDEX "api_client_tenant_id_id_key" ON "api_client"("tenant_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "api_client_tenant_id_name_key" ON "api_client"("tenant_id", "name");

-- CreateIndex
CREATE INDEX "invoice_tenant_id_status_id_idx" ON "invoice"("tenant_id", "status", "id" DESC);

-- CreateIndex
CREATE INDEX "invoice_tenant_id_issue_date_id_idx" ON "invoice"("tenant_id", "issue_date", "id" DESC);

-- CreateIndex
CREATE INDEX "invoice_tenant_id_buyer_name_idx" ON "invoice"("tenant_id", "buyer_name" text_pattern_ops);

-- CreateIndex
CREATE INDEX "invoice_metadata_idx" ON "invoice" USING GIN ("metadata" jsonb_path_ops);

-- CreateIndex
CREATE INDEX "invoice_queued_dispatched_at_idx" ON "invoice"("dispatched_at") WHERE (status = 'queued');

-- CreateIndex
CREATE INDEX "invoice_rendering_lease_expires_at_idx" ON "invoice"("lease_expires_at") WHERE (status = 'rendering');

-- CreateIndex
CREATE UNIQUE INDEX "invoice_tenant_id_id_key" ON "invoice"("tenant_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "invoice_tenant_id_number_key" ON "invoice"("tenant_id", "number");

-- CreateIndex
CREATE UNIQUE INDEX "invoice_tenant_id_external_id_key" ON "invoice"("tenant_id", "external_id");

-- CreateIndex
CREATE UNIQUE INDEX "document_tenant_id_invoice_id_format_key" ON "document"("tenant_id", "invoice_id", "format");

-- CreateIndex
CREATE UNIQUE INDEX "number_series_tenant_id_id_key" ON "number_series"("tenant_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "number_series_tenant_id_name_key" ON "number_series"("tenant_id", "name");

-- CreateIndex
CREATE INDEX "idempotency_key_expires_at_idx" ON "idempotency_key"("expires_at");

-- AddForeignKey
ALTER TABLE "api_client" ADD CONSTRAINT "api_client_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "invoice" ADD CONSTRAINT "invoice_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "invoice" ADD CONSTRAINT "invoice_tenant_id_client_id_fkey" FOREIGN KEY ("tenant_id", "client_id") REFERENCES "api_client"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "invoice_payload" ADD CONSTRAINT "invoice_payload_tenant_id_invoice_id_fkey" FOREIGN KEY ("tenant_id", "invoice_id") REFERENCES "invoice"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "document" ADD CONSTRAINT "document_tenant_id_invoice_id_fkey" FOREIGN KEY ("tenant_id", "invoice_id") REFERENCES "invoice"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "number_series" ADD CONSTRAINT "number_series_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "number_counter" ADD CONSTRAINT "number_counter_tenant_id_series_id_fkey" FOREIGN KEY ("tenant_id", "series_id") REFERENCES "number_series"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "idempotency_key" ADD CONSTRAINT "idempotency_key_tenant_id_client_id_fkey" FOREIGN KEY ("tenant_id", "client_id") REFERENCES "api_client"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Roles ------------------------------------------------------------------------------------------------------
-- One per kind of process, each with just its grants. They belong to the cluster, so another database may have
-- made them already.
DO $$
DECLARE role_name text;
BEGIN
  FOREACH role_name IN ARRAY ARRAY['invoicepress_api', 'invoicepress_worker', 'invoicepress_sweeper', 'invoicepress_queue'] LOOP
    BEGIN
      EXECUTE format('CREATE ROLE %I NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE', role_name);
    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
    END;
  END LOOP;
END $$;

REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO invoicepress_api, invoicepress_worker, invoicepress_sweeper;

-- Who is asking ----------------------------------------------------------------------------------------------
-- Both are set by set_config(…, true) as the first statement of a transaction and vanish with it.
CREATE FUNCTION app_tenant() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
  RETURN nullif(current_setting('app.tenant_id', true), '')::uuid;
CREATE FUNCTION app_client() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
  RETURN nullif(current_setting('app.client_id', true), '')::uuid;

-- Row-level security -----------------------------------------------------------------------------------------
-- FORCE binds the owner too. With no tenant set, app_tenant() is null and no row is visible.
DO $$
DECLARE table_name text;
BEGIN
  FOREACH table_name IN ARRAY ARRAY['tenant', 'api_client', 'invoice', 'invoice_payload', 'document', 'number_series', 'number_counter', 'idempotency_key'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', table_name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', table_name);
    EXECUTE format(
      'CREATE POLICY tenant_isolation ON %I USING (%I = (SELECT app_tenant())) WITH CHECK (%I = (SELECT app_tenant()))',
      table_name,
      CASE table_name WHEN 'tenant' THEN 'id' ELSE 'tenant_id' END,
      CASE table_name WHEN 'tenant' THEN 'id' ELSE 'tenant_id' END
    );
  END LOOP;
END $$;

-- Signing in happens before the tenant is known: whoever names a client id may read that one row.
CREATE POLICY client_signs_in ON api_client FOR SELECT TO invoicepress_api USING (id = (SELECT app_client()));

-- Administration finds tenants by their slug.
CREATE POLICY administration ON tenant FOR SELECT TO CURRENT_USER USING (true);

-- The sweeper looks across tenants, at the few columns granted below and at nothing else.
CREATE POLICY sweeper ON invoice TO invoicepress_sweeper USING (true) WITH CHECK (true);
CREATE POLICY sweeper ON idempotency_key TO invoicepress_sweeper USING (true);

-- Grants -----------------------------------------------------------------------------------------------------
GRANT SELECT ON tenant, api_client, document TO invoicepress_api;
GRANT SELECT, INSERT ON invoice, invoice_payload, number_series TO invoicepress_api;
GRANT SELECT, INSERT, UPDATE (last_value) ON number_counter TO invoicepress_api;
GRANT SELECT, INSERT ON idempotency_key TO invoicepress_api;
-- Cancel and retry; never a number, an amount or a lease.
GRANT UPDATE (status, generation, failure_code, failure_reason, failure_remedy) ON invoice TO invoicepress_api;

GRANT SELECT ON invoice, invoice_payload TO invoicepress_worker;
GRANT SELECT, INSERT ON document TO invoicepress_worker;
GRANT UPDATE (status, lease_epoch, lease_expires_at, failure_code, failure_reason, failure_remedy, ready_at)
  ON invoice TO invoicepress_worker;

GRANT SELECT (id, tenant_id, status, generation, dispatched_at, lease_epoch, lease_expires_at)
  ON invoice TO invoicepress_sweeper;
GRANT UPDATE (status, dispatched_at, lease_epoch, lease_expires_at) ON invoice TO invoicepress_sweeper;
GRANT SELECT (expires_at), DELETE ON idempotency_key TO invoicepress_sweeper;

-- Triggers ---------------------------------------------------------------------------------------------------
-- `revision` is what the ETag is made of: whatever changes a row changes it. Whatever enters the queue does so by
-- the database's clock, which is also the one that the sweeper compares it with.
CREATE FUNCTION touch_invoice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.revision := OLD.revision + 1;
  NEW.updated_at := clock_timestamp();
  IF NEW.status = 'queued' AND OLD.status <> 'queued' THEN
    NEW.dispatched_at := clock_timestamp();
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER touch_invoice BEFORE UPDATE ON invoice FOR EACH ROW EXECUTE FUNCTION touch_invoice();

-- One round trip for what every render does twice --------------------------------------------------------------
-- Each says whose rows it means before it touches any, for the one transaction that its call is; it runs with the
-- caller's rights, so row-level security and grants hold as ever.
CREATE FUNCTION claim_invoice(tenant uuid, wanted uuid, wanted_generation integer, lease_ms integer)
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
        AND (status = 'queued' OR (status = 'rendering' AND lease_expires_at < clock_timestamp()))
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

CREATE FUNCTION complete_invoice(tenant uuid, wanted uuid, held_epoch integer, document jsonb)
  RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('app.tenant_id', tenant::text, true);
  UPDATE invoice SET status = 'ready', ready_at = clock_timestamp(), lease_expires_at = NULL
  WHERE id = wanted AND lease_epoch = held_epoch AND status = 'rendering';
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  INSERT INTO document (id, tenant_id, invoice_id, format, storage_key, sha256, size_bytes, media_type, page_count)
  SELECT id, tenant, wanted, format, storage_key, sha256, size_bytes, media_type, page_count
  FROM jsonb_to_record(document) AS made (
    id uuid, format text, storage_key text, sha256 char(64), size_bytes integer, media_type text, page_count integer);
  RETURN true;
END $$;

REVOKE ALL ON FUNCTION claim_invoice, complete_invoice FROM PUBLIC;
GRANT EXECUTE ON FUNCTION claim_invoice, complete_invoice TO invoicepress_worker;

-- Bounds that hold whoever writes ----------------------------------------------------------------------------
ALTER TABLE invoice
  ADD CONSTRAINT invoice_number_bounds CHECK (char_length(number) BETWEEN 1 AND 60),
  ADD CONSTRAINT invoice_amounts_not_negative CHECK (tax_inclusive >= 0),
  ADD CONSTRAINT invoice_failure_said CHECK ((status = 'failed') = (failure_code IS NOT NULL)),
  ADD CONSTRAINT invoice_ready_at_said CHECK ((status = 'ready') = (ready_at IS NOT NULL));
ALTER TABLE number_counter ADD CONSTRAINT number_counter_positive CHECK (last_value > 0);
ALTER TABLE document ADD CONSTRAINT document_sha256_hex CHECK (sha256 ~ '^[0-9a-f]{64}$');
