-- Templates that tenants bring: their versions, the files these are made of, and previews.

-- A template under the name that submissions use. It is never deleted, for invoices stay pinned to it.
CREATE TABLE template (
  id uuid NOT NULL,
  tenant_id uuid NOT NULL,
  name text NOT NULL,
  description text,
  -- What submissions that name it get; null while it is out of use.
  active_version integer,
  -- Whether submissions that name no template get it.
  is_default boolean NOT NULL DEFAULT false,
  archived_at timestamptz(3),
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now(),
  CONSTRAINT template_pkey PRIMARY KEY (id),
  CONSTRAINT template_name_form CHECK (name ~ '^[a-z][a-z0-9-]{0,39}$' AND name <> 'default'),
  CONSTRAINT template_default_in_use CHECK (NOT is_default OR active_version IS NOT NULL),
  CONSTRAINT template_archived_out_of_use CHECK (archived_at IS NULL OR active_version IS NULL)
);
CREATE UNIQUE INDEX template_tenant_id_id_key ON template (tenant_id, id);
CREATE UNIQUE INDEX template_tenant_id_name_key ON template (tenant_id, name);
CREATE UNIQUE INDEX template_default_idx ON template (tenant_id) WHERE is_default;
ALTER TABLE template ADD CONSTRAINT template_tenant_id_fkey
  FOREIGN KEY (tenant_id) REFERENCES tenant (id) ON DELETE RESTRICT ON UPDATE CASCADE;

-- One upload. Its files never change; `sha256` is of their paths and contents.
CREATE TABLE template_version (
  id uuid NOT NULL,
  tenant_id uuid NOT NULL,
  template_id uuid NOT NULL,
  version integer NOT NULL,
  sha256 char(64) NOT NULL,
  size_bytes integer NOT NULL,
  status text NOT NULL DEFAULT 'checking',
  diagnostics jsonb NOT NULL DEFAULT '[]',
  -- Checks that were begun and did not end with a verdict yet.
  attempts integer NOT NULL DEFAULT 0,
  dispatched_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  checked_at timestamptz(3),
  CONSTRAINT template_version_pkey PRIMARY KEY (id),
  CONSTRAINT template_version_status CHECK (status IN ('checking', 'valid', 'invalid')),
  CONSTRAINT template_version_checked CHECK ((status = 'checking') = (checked_at IS NULL)),
  CONSTRAINT template_version_positive CHECK (version > 0),
  CONSTRAINT template_version_sha256_hex CHECK (sha256 ~ '^[0-9a-f]{64}$')
);
CREATE UNIQUE INDEX template_version_tenant_id_id_key ON template_version (tenant_id, id);
CREATE UNIQUE INDEX template_version_tenant_id_template_id_version_key ON template_version (tenant_id, template_id, version);
CREATE UNIQUE INDEX template_version_tenant_id_template_id_sha256_key ON template_version (tenant_id, template_id, sha256);
CREATE INDEX template_version_checking_idx ON template_version (dispatched_at) WHERE status = 'checking';
ALTER TABLE template_version ADD CONSTRAINT template_version_tenant_id_template_id_fkey
  FOREIGN KEY (tenant_id, template_id) REFERENCES template (tenant_id, id) ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE template ADD CONSTRAINT template_tenant_id_id_active_version_fkey
  FOREIGN KEY (tenant_id, id, active_version) REFERENCES template_version (tenant_id, template_id, version)
  ON DELETE RESTRICT ON UPDATE CASCADE;

CREATE TABLE template_file (
  tenant_id uuid NOT NULL,
  version_id uuid NOT NULL,
  path text NOT NULL,
  content bytea NOT NULL,
  CONSTRAINT template_file_pkey PRIMARY KEY (version_id, path),
  CONSTRAINT template_file_path_bounds CHECK (char_length(path) BETWEEN 1 AND 120)
);
ALTER TABLE template_file ADD CONSTRAINT template_file_tenant_id_version_id_fkey
  FOREIGN KEY (tenant_id, version_id) REFERENCES template_version (tenant_id, id) ON DELETE RESTRICT ON UPDATE CASCADE;
-- Fonts and pictures are compressed already.
ALTER TABLE template_file ALTER COLUMN content SET STORAGE EXTERNAL;

-- One picture or PDF that somebody asked for, kept for a while.
CREATE TABLE template_preview (
  id uuid NOT NULL,
  tenant_id uuid NOT NULL,
  version_id uuid NOT NULL,
  -- The name of a sample, or an `IssuedInvoice` of packages/invoice.
  sample text,
  issued jsonb,
  -- png or pdf; the page is that of a picture.
  format text NOT NULL,
  page integer NOT NULL DEFAULT 1,
  status text NOT NULL DEFAULT 'queued',
  attempts integer NOT NULL DEFAULT 0,
  result bytea,
  page_count integer,
  diagnostics jsonb NOT NULL DEFAULT '[]',
  dispatched_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  expires_at timestamptz(3) NOT NULL,
  CONSTRAINT template_preview_pkey PRIMARY KEY (id),
  CONSTRAINT template_preview_of_one CHECK ((sample IS NULL) <> (issued IS NULL)),
  CONSTRAINT template_preview_format CHECK (format IN ('png', 'pdf')),
  CONSTRAINT template_preview_status CHECK (status IN ('queued', 'done', 'failed')),
  CONSTRAINT template_preview_result CHECK ((status = 'done') = (result IS NOT NULL))
);
CREATE UNIQUE INDEX template_preview_tenant_id_id_key ON template_preview (tenant_id, id);
CREATE INDEX template_preview_queued_idx ON template_preview (dispatched_at) WHERE status = 'queued';
CREATE INDEX template_preview_tenant_id_version_id_idx ON template_preview (tenant_id, version_id);
CREATE INDEX template_preview_expires_at_idx ON template_preview (expires_at);
ALTER TABLE template_preview ADD CONSTRAINT template_preview_tenant_id_version_id_fkey
  FOREIGN KEY (tenant_id, version_id) REFERENCES template_version (tenant_id, id) ON DELETE RESTRICT ON UPDATE CASCADE;

-- Rules that hold whoever writes ------------------------------------------------------------------------------
-- A valid version stays valid: invoices are pinned to it. An invalid one may be checked again.
CREATE FUNCTION guard_template_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.status = 'valid' THEN
    RAISE EXCEPTION 'version % of template % is valid, and never changes', OLD.version, OLD.template_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'template_version_final';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_template_version BEFORE UPDATE OF status ON template_version
  FOR EACH ROW EXECUTE FUNCTION guard_template_version();

CREATE FUNCTION guard_template() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM template_version
  WHERE tenant_id = NEW.tenant_id AND template_id = NEW.id AND version = NEW.active_version AND status = 'valid';
  IF NOT FOUND THEN
    RAISE EXCEPTION 'version % of template % is not valid', NEW.active_version, NEW.name
      USING ERRCODE = 'check_violation', CONSTRAINT = 'template_active_valid';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_template BEFORE INSERT OR UPDATE OF active_version ON template
  FOR EACH ROW WHEN (NEW.active_version IS NOT NULL) EXECUTE FUNCTION guard_template();

-- What submissions get ----------------------------------------------------------------------------------------
-- For each asked name, and for '' (no name), the template with its version; nothing for what is not there. Like
-- `submission_defaults`, in whose round trip it goes, it says whose rows it means, and has its caller's rights.
CREATE FUNCTION pinned_templates(tenant uuid, asked text[]) RETURNS jsonb LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('app.tenant_id', tenant::text, true);
  RETURN (
    SELECT coalesce(jsonb_object_agg(pins.asked_for, pins.pin), '{}')
    FROM (
      SELECT '' AS asked_for, name || '@' || active_version AS pin FROM template WHERE tenant_id = tenant AND is_default
      UNION ALL
      SELECT wanted, template.name || '@' || version.version
      FROM unnest(asked) AS wanted
      JOIN template ON template.tenant_id = tenant AND template.name = split_part(wanted, '@', 1)
        AND template.archived_at IS NULL
      JOIN template_version version ON version.tenant_id = tenant AND version.template_id = template.id
        AND version.version = coalesce(nullif(split_part(wanted, '@', 2), '')::integer, template.active_version)
        AND version.status = 'valid'
    ) pins
  );
END $$;
REVOKE ALL ON FUNCTION pinned_templates FROM PUBLIC;
GRANT EXECUTE ON FUNCTION pinned_templates TO invoicepress_api;

-- Row-level security and grants -------------------------------------------------------------------------------
DO $$
DECLARE table_name text;
BEGIN
  FOREACH table_name IN ARRAY ARRAY['template', 'template_version', 'template_file', 'template_preview'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', table_name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', table_name);
    EXECUTE format(
      'CREATE POLICY tenant_isolation ON %I USING (tenant_id = (SELECT app_tenant())) WITH CHECK (tenant_id = (SELECT app_tenant()))',
      table_name
    );
  END LOOP;
END $$;
CREATE POLICY sweeper ON template_version TO invoicepress_sweeper USING (true) WITH CHECK (true);
CREATE POLICY sweeper ON template_preview TO invoicepress_sweeper USING (true) WITH CHECK (true);

GRANT SELECT, INSERT ON template, template_version, template_file, template_preview TO invoicepress_api;
GRANT UPDATE (description, active_version, is_default, archived_at, updated_at) ON template TO invoicepress_api;
-- Only to have an invalid one checked again.
GRANT UPDATE (status, diagnostics, attempts, dispatched_at, checked_at) ON template_version TO invoicepress_api;

GRANT SELECT ON template, template_version, template_file, template_preview TO invoicepress_worker;
GRANT UPDATE (status, diagnostics, attempts, dispatched_at, checked_at) ON template_version TO invoicepress_worker;
GRANT UPDATE (status, attempts, dispatched_at, result, page_count, diagnostics) ON template_preview TO invoicepress_worker;

GRANT SELECT (id, tenant_id, status, dispatched_at), UPDATE (dispatched_at) ON template_version TO invoicepress_sweeper;
GRANT SELECT (id, tenant_id, status, dispatched_at, expires_at), UPDATE (dispatched_at), DELETE
  ON template_preview TO invoicepress_sweeper;
