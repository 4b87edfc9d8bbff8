-- Sellers: a tenant's legal entities, each with its payment, its texts and its look, and the logos that they show.

-- Logos -------------------------------------------------------------------------------------------------------
-- Known by the SHA-256 of their bytes, which never change.
CREATE TABLE logo (
  tenant_id uuid NOT NULL,
  sha256 char(64) NOT NULL,
  media_type text NOT NULL,
  -- In pixels; of a drawing in its own units.
  width double precision NOT NULL,
  height double precision NOT NULL,
  size_bytes integer NOT NULL,
  bytes bytea NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  CONSTRAINT logo_pkey PRIMARY KEY (tenant_id, sha256),
  CONSTRAINT logo_is_its_sha256 CHECK (sha256 = encode(sha256(bytes), 'hex')),
  CONSTRAINT logo_size_said CHECK (size_bytes = octet_length(bytes) AND width > 0 AND height > 0)
);
ALTER TABLE logo ADD CONSTRAINT logo_tenant_id_fkey
  FOREIGN KEY (tenant_id) REFERENCES tenant (id) ON DELETE RESTRICT ON UPDATE CASCADE;

-- Images are compressed already.
ALTER TABLE logo ALTER COLUMN bytes SET STORAGE EXTERNAL;

-- Seller profiles ---------------------------------------------------------------------------------------------
CREATE TABLE seller_profile (
  id uuid NOT NULL,
  tenant_id uuid NOT NULL,
  name text NOT NULL,
  is_default boolean NOT NULL DEFAULT false,
  seller jsonb NOT NULL,
  payment jsonb,
  paper_size text,
  branding jsonb,
  logo_sha256 char(64),
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now(),
  CONSTRAINT seller_profile_pkey PRIMARY KEY (id),
  CONSTRAINT seller_profile_name_bounds CHECK (char_length(name) BETWEEN 1 AND 60)
);
CREATE UNIQUE INDEX seller_profile_tenant_id_id_key ON seller_profile (tenant_id, id);
CREATE UNIQUE INDEX seller_profile_tenant_id_name_key ON seller_profile (tenant_id, name);
CREATE UNIQUE INDEX seller_profile_default_key ON seller_profile (tenant_id) WHERE is_default;
CREATE INDEX seller_profile_logo_idx ON seller_profile (tenant_id, logo_sha256) WHERE logo_sha256 IS NOT NULL;
ALTER TABLE seller_profile
  ADD CONSTRAINT seller_profile_tenant_id_fkey
    FOREIGN KEY (tenant_id) REFERENCES tenant (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  ADD CONSTRAINT seller_profile_tenant_id_logo_sha256_fkey
    FOREIGN KEY (tenant_id, logo_sha256) REFERENCES logo (tenant_id, sha256) ON DELETE RESTRICT ON UPDATE CASCADE;

-- What was accepted with a logo keeps it: nobody can delete it any more.
ALTER TABLE invoice_payload ADD COLUMN logo_sha256 char(64);
CREATE INDEX invoice_payload_logo_idx ON invoice_payload (tenant_id, logo_sha256) WHERE logo_sha256 IS NOT NULL;
ALTER TABLE invoice_payload ADD CONSTRAINT invoice_payload_tenant_id_logo_sha256_fkey
  FOREIGN KEY (tenant_id, logo_sha256) REFERENCES logo (tenant_id, sha256) ON DELETE RESTRICT ON UPDATE CASCADE;

-- Row-level security and grants -------------------------------------------------------------------------------
DO $$
DECLARE table_name text;
BEGIN
  FOREACH table_name IN ARRAY ARRAY['logo', 'seller_profile'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', table_name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', table_name);
    EXECUTE format(
      'CREATE POLICY tenant_isolation ON %I USING (tenant_id = (SELECT app_tenant())) WITH CHECK (tenant_id = (SELECT app_tenant()))',
      table_name
    );
  END LOOP;
END $$;

GRANT SELECT, INSERT, DELETE ON logo, seller_profile TO invoicepress_api;
GRANT UPDATE (name, is_default, seller, payment, paper_size, branding, logo_sha256, updated_at)
  ON seller_profile TO invoicepress_api;
GRANT SELECT ON logo TO invoicepress_worker;

-- One round trip each, as `submission_defaults` and `claim_invoice` are: they say whose rows they mean, and have their
-- caller's rights.

-- The profiles of these names, and the default one if that is wanted, as a JSON array.
CREATE FUNCTION seller_profiles_named(wanted uuid, names text[], with_default boolean) RETURNS jsonb LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('app.tenant_id', wanted::text, true);
  RETURN (
    SELECT coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
      'name', name, 'isDefault', is_default, 'seller', seller, 'payment', payment, 'paperSize', paper_size,
      'branding', branding || CASE WHEN logo.sha256 IS NULL THEN '{}' ELSE jsonb_build_object('logo', jsonb_build_object(
        'sha256', logo.sha256, 'mediaType', logo.media_type, 'width', logo.width, 'height', logo.height)) END))), '[]')
    FROM seller_profile profile
      LEFT JOIN logo ON logo.tenant_id = profile.tenant_id AND logo.sha256 = profile.logo_sha256
    WHERE profile.tenant_id = wanted AND (name = ANY (names) OR with_default AND is_default)
  );
END $$;

CREATE FUNCTION logo_bytes(tenant uuid, wanted text) RETURNS bytea LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('app.tenant_id', tenant::text, true);
  RETURN (SELECT bytes FROM logo WHERE tenant_id = tenant AND sha256 = wanted);
END $$;

REVOKE ALL ON FUNCTION seller_profiles_named, logo_bytes FROM PUBLIC;
GRANT EXECUTE ON FUNCTION seller_profiles_named TO invoicepress_api;
GRANT EXECUTE ON FUNCTION logo_bytes TO invoicepress_worker;
