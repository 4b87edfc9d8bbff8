-- Who is calling: two secrets of a client at a time, revocations that every API process learns of, clients that an
-- external identity provider vouches for, and the sessions of operators.

-- Client secrets ----------------------------------------------------------------------------------------------
CREATE TABLE client_secret (
  id uuid NOT NULL,
  tenant_id uuid NOT NULL,
  client_id uuid NOT NULL,
  -- SHA-256 of a 256-bit random secret; see docs/decisions/0006-client-secrets.md
  secret_hash bytea NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  -- Set when another takes its place.
  expires_at timestamptz(3),
  revoked_at timestamptz(3),
  CONSTRAINT client_secret_pkey PRIMARY KEY (id),
  CONSTRAINT client_secret_is_sha256 CHECK (octet_length(secret_hash) = 32)
);
CREATE INDEX client_secret_tenant_id_client_id_idx ON client_secret (tenant_id, client_id);
ALTER TABLE client_secret ADD CONSTRAINT client_secret_tenant_id_client_id_fkey
  FOREIGN KEY (tenant_id, client_id) REFERENCES api_client (tenant_id, id) ON DELETE RESTRICT ON UPDATE CASCADE;

-- The owner moves what there is; FORCE would show it nothing. The old column stays for API processes of the release
-- before, which run until they are replaced; new secrets do not go into it.
ALTER TABLE api_client NO FORCE ROW LEVEL SECURITY;
INSERT INTO client_secret (id, tenant_id, client_id, secret_hash, created_at)
  SELECT gen_random_uuid(), tenant_id, id, secret_hash, created_at FROM api_client WHERE octet_length(secret_hash) = 32;
ALTER TABLE api_client FORCE ROW LEVEL SECURITY;
ALTER TABLE api_client ALTER COLUMN secret_hash DROP NOT NULL;

-- External identities -----------------------------------------------------------------------------------------
-- Whoever the issuer calls by this subject is this client of ours; nobody else gets in.
CREATE TABLE external_client (
  issuer text NOT NULL,
  subject text NOT NULL,
  tenant_id uuid NOT NULL,
  client_id uuid NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  CONSTRAINT external_client_pkey PRIMARY KEY (issuer, subject),
  CONSTRAINT external_client_bounds CHECK (char_length(issuer) <= 500 AND char_length(subject) BETWEEN 1 AND 255)
);
CREATE INDEX external_client_tenant_id_client_id_idx ON external_client (tenant_id, client_id);
ALTER TABLE external_client ADD CONSTRAINT external_client_tenant_id_client_id_fkey
  FOREIGN KEY (tenant_id, client_id) REFERENCES api_client (tenant_id, id) ON DELETE RESTRICT ON UPDATE CASCADE;

-- Revocations -------------------------------------------------------------------------------------------------
-- Ids of clients and of secrets, random and of no tenant's making, so that API processes may read all of them: tokens
-- are refused without asking the database for each. A token lasts an hour at most, and so may its entry.
CREATE TABLE revocation (
  id uuid NOT NULL,
  revoked_at timestamptz(3) NOT NULL DEFAULT now(),
  CONSTRAINT revocation_pkey PRIMARY KEY (id)
);
CREATE INDEX revocation_revoked_at_idx ON revocation (revoked_at);

CREATE FUNCTION tell_revocation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM revocation WHERE revoked_at < now() - interval '1 day';
  INSERT INTO revocation (id) VALUES (NEW.id) ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER tell_revocation AFTER UPDATE OF revoked_at ON api_client FOR EACH ROW
  WHEN (OLD.revoked_at IS NULL AND NEW.revoked_at IS NOT NULL) EXECUTE FUNCTION tell_revocation();
CREATE TRIGGER tell_revocation AFTER UPDATE OF revoked_at ON client_secret FOR EACH ROW
  WHEN (OLD.revoked_at IS NULL AND NEW.revoked_at IS NOT NULL) EXECUTE FUNCTION tell_revocation();

-- Operators' sessions -----------------------------------------------------------------------------------------
-- The browser holds a random id, the row its hash. What has ended stays until it would have expired: `link_id` is what
-- makes a sign-in link work once.
CREATE TABLE operator_session (
  id_hash bytea NOT NULL,
  role text NOT NULL,
  subject text NOT NULL,
  link_id uuid,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  last_seen_at timestamptz(3) NOT NULL DEFAULT now(),
  expires_at timestamptz(3) NOT NULL,
  ended_at timestamptz(3),
  CONSTRAINT operator_session_pkey PRIMARY KEY (id_hash),
  CONSTRAINT operator_session_bounds CHECK (
    octet_length(id_hash) = 32 AND role IN ('viewer', 'operator') AND char_length(subject) BETWEEN 1 AND 255
  )
);
CREATE UNIQUE INDEX operator_session_link_id_key ON operator_session (link_id);
CREATE INDEX operator_session_expires_at_idx ON operator_session (expires_at);

-- Row-level security ------------------------------------------------------------------------------------------
CREATE FUNCTION app_session() RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE
  RETURN decode(nullif(current_setting('app.session', true), ''), 'hex');

DO $$
DECLARE table_name text;
BEGIN
  FOREACH table_name IN ARRAY ARRAY['client_secret', 'external_client', 'revocation', 'operator_session'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', table_name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', table_name);
  END LOOP;
  FOREACH table_name IN ARRAY ARRAY['client_secret', 'external_client'] LOOP
    EXECUTE format(
      'CREATE POLICY tenant_isolation ON %I USING (tenant_id = (SELECT app_tenant())) WITH CHECK (tenant_id = (SELECT app_tenant()))',
      table_name
    );
  END LOOP;
END $$;
-- As with api_client: signing in happens before the tenant is known.
CREATE POLICY client_signs_in ON client_secret FOR SELECT TO invoicepress_api USING (client_id = (SELECT app_client()));
CREATE POLICY client_signs_in ON external_client FOR SELECT TO invoicepress_api USING (
  issuer = (SELECT current_setting('app.external_issuer', true))
  AND subject = (SELECT current_setting('app.external_subject', true))
);
CREATE POLICY api_reads ON revocation FOR SELECT TO invoicepress_api USING (true);
CREATE POLICY administration ON revocation TO CURRENT_USER USING (true) WITH CHECK (true);
-- Whoever holds a session's id may see and change that one; those that are over may be cleared away.
CREATE POLICY own_session ON operator_session TO invoicepress_api
  USING (id_hash = (SELECT app_session())) WITH CHECK (id_hash = (SELECT app_session()));
CREATE POLICY clear_away ON operator_session TO invoicepress_api USING (expires_at < now()) WITH CHECK (false);

GRANT SELECT ON client_secret, external_client, revocation TO invoicepress_api;
GRANT SELECT, INSERT, DELETE, UPDATE (last_seen_at, ended_at) ON operator_session TO invoicepress_api;

-- One round trip each, with the caller's rights ------------------------------------------------------------------
CREATE FUNCTION client_that_signs_in(wanted uuid)
  RETURNS TABLE (tenant_id uuid, scopes text[], secret_id uuid, secret_hash bytea) LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
  PERFORM set_config('app.client_id', wanted::text, true);
  RETURN QUERY
    SELECT client.tenant_id, client.scopes, secret.id, secret.secret_hash
    FROM api_client client JOIN client_secret secret ON secret.client_id = client.id
    WHERE client.id = wanted AND client.revoked_at IS NULL
      AND secret.revoked_at IS NULL AND (secret.expires_at IS NULL OR secret.expires_at > now())
    ORDER BY secret.created_at, secret.id;
END $$;

CREATE FUNCTION client_of_issuer(wanted_issuer text, wanted_subject text)
  RETURNS TABLE (client_id uuid, tenant_id uuid, slug text, scopes text[]) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE found external_client;
BEGIN
  PERFORM set_config('app.external_issuer', wanted_issuer, true), set_config('app.external_subject', wanted_subject, true);
  SELECT * INTO found FROM external_client WHERE issuer = wanted_issuer AND subject = wanted_subject;
  PERFORM set_config('app.tenant_id', found.tenant_id::text, true);
  RETURN QUERY
    SELECT client.id, client.tenant_id, tenant.slug, client.scopes
    FROM api_client client JOIN tenant ON tenant.id = client.tenant_id
    WHERE client.id = found.client_id AND client.tenant_id = found.tenant_id AND client.revoked_at IS NULL;
END $$;

-- @returns false when the link was used before
CREATE FUNCTION open_operator_session(new_hash bytea, new_role text, new_subject text, used_link uuid, seconds integer)
  RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('app.session', encode(new_hash, 'hex'), true);
  DELETE FROM operator_session WHERE expires_at < now();
  INSERT INTO operator_session (id_hash, role, subject, link_id, expires_at)
    VALUES (new_hash, new_role, new_subject, used_link, now() + seconds * interval '1 second')
    ON CONFLICT DO NOTHING;
  RETURN FOUND;
END $$;

-- Who holds the session, if it is neither over nor idle for too long; that it was seen is written once a minute.
CREATE FUNCTION see_operator_session(wanted bytea, idle_seconds integer) RETURNS TABLE (role text, subject text)
  LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
  PERFORM set_config('app.session', encode(wanted, 'hex'), true);
  UPDATE operator_session SET last_seen_at = now()
    WHERE id_hash = wanted AND ended_at IS NULL AND last_seen_at < now() - interval '1 minute'
      AND last_seen_at > now() - idle_seconds * interval '1 second';
  RETURN QUERY SELECT role, subject FROM operator_session
    WHERE id_hash = wanted AND ended_at IS NULL AND expires_at > now()
      AND last_seen_at > now() - idle_seconds * interval '1 second';
END $$;

CREATE FUNCTION end_operator_session(wanted bytea) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('app.session', encode(wanted, 'hex'), true);
  UPDATE operator_session SET ended_at = now() WHERE id_hash = wanted AND ended_at IS NULL;
END $$;

REVOKE ALL ON FUNCTION client_that_signs_in, client_of_issuer, open_operator_session, see_operator_session,
  end_operator_session FROM PUBLIC;
GRANT EXECUTE ON FUNCTION client_that_signs_in, client_of_issuer, open_operator_session, see_operator_session,
  end_operator_session TO invoicepress_api;
