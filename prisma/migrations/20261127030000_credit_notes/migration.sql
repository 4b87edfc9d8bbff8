-- Credit notes over ready invoices, linked to what they credit, and never over more than there is.

-- The number series of credit notes that name neither a number nor a series.
ALTER TABLE tenant ADD COLUMN credit_note_series text;

-- Beside the two invoices, which stay as they are: a ready invoice never changes.
CREATE TABLE credit_note_link (
  tenant_id uuid NOT NULL,
  credit_note_id uuid NOT NULL,
  invoice_id uuid NOT NULL,
  -- What it takes of the invoice, by name: CreditParts of packages/invoice.
  parts jsonb NOT NULL,
  CONSTRAINT credit_note_link_pkey PRIMARY KEY (tenant_id, credit_note_id)
);
CREATE INDEX credit_note_link_tenant_id_invoice_id_idx ON credit_note_link (tenant_id, invoice_id);
ALTER TABLE credit_note_link
  ADD CONSTRAINT credit_note_link_tenant_id_credit_note_id_fkey
    FOREIGN KEY (tenant_id, credit_note_id) REFERENCES invoice (tenant_id, id) ON DELETE RESTRICT ON UPDATE CASCADE,
  ADD CONSTRAINT credit_note_link_tenant_id_invoice_id_fkey
    FOREIGN KEY (tenant_id, invoice_id) REFERENCES invoice (tenant_id, id) ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE credit_note_link ENABLE ROW LEVEL SECURITY;
ALTER TABLE credit_note_link FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON credit_note_link
  USING (tenant_id = (SELECT app_tenant())) WITH CHECK (tenant_id = (SELECT app_tenant()));
GRANT SELECT, INSERT ON credit_note_link TO invoicepress_api;

-- Never more than there is --------------------------------------------------------------------------------------
-- Whoever takes something of an invoice holds its row until the transaction ends; what is summed up afterwards
-- includes everything that others took before. Canceled and failed credit notes hold nothing: so a failed one that is
-- tried again takes its amount again, if it is still there.
CREATE FUNCTION check_credited(tenant uuid, credited uuid, taking uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  whole invoice%ROWTYPE;
  total numeric;
BEGIN
  SELECT * INTO STRICT whole FROM invoice WHERE tenant_id = tenant AND id = credited FOR NO KEY UPDATE;
  IF whole.status <> 'ready' OR whole.type_code IN ('381', '261', '396') THEN
    RAISE EXCEPTION 'invoice % is % and of type %; only a ready invoice can be credited', credited, whole.status, whole.type_code
      USING ERRCODE = 'check_violation', CONSTRAINT = 'credit_of_ready_invoice';
  END IF;
  SELECT sum(note.tax_inclusive) INTO total
  FROM credit_note_link link JOIN invoice note ON note.tenant_id = link.tenant_id AND note.id = link.credit_note_id
  WHERE link.tenant_id = tenant AND link.invoice_id = credited
    AND (note.id = taking OR note.status NOT IN ('canceled', 'failed'));
  IF total > whole.tax_inclusive THEN
    RAISE EXCEPTION 'credit notes over % would exceed the % of invoice %', total, whole.tax_inclusive, credited
      USING ERRCODE = 'check_violation', CONSTRAINT = 'credit_within_invoice';
  END IF;
END $$;
REVOKE ALL ON FUNCTION check_credited FROM PUBLIC;
GRANT EXECUTE ON FUNCTION check_credited TO invoicepress_api;

-- A link comes with the transaction that accepts its credit note, and stays as it is.
CREATE FUNCTION guard_credit_note_link() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    RAISE EXCEPTION 'what credit note % credits never changes', OLD.credit_note_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'credit_note_link_final';
  END IF;
  PERFORM 1 FROM invoice note JOIN invoice credited ON credited.tenant_id = note.tenant_id AND credited.id = NEW.invoice_id
  WHERE note.tenant_id = NEW.tenant_id AND note.id = NEW.credit_note_id AND note.created_at = now()::timestamptz(3)
    AND note.type_code IN ('381', '261', '396') AND note.currency = credited.currency;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'credit note % is linked only by the transaction that accepts it', NEW.credit_note_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'credit_note_link_with_acceptance';
  END IF;
  PERFORM check_credited(NEW.tenant_id, NEW.invoice_id, NEW.credit_note_id);
  RETURN NULL;
END $$;
CREATE TRIGGER guard_credit_note_link AFTER INSERT OR UPDATE OR DELETE ON credit_note_link
  FOR EACH ROW EXECUTE FUNCTION guard_credit_note_link();

CREATE FUNCTION take_credit_again() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE credited uuid;
BEGIN
  SELECT invoice_id INTO credited FROM credit_note_link WHERE tenant_id = NEW.tenant_id AND credit_note_id = NEW.id;
  IF FOUND THEN
    PERFORM check_credited(NEW.tenant_id, credited, NEW.id);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER take_credit_again AFTER UPDATE ON invoice FOR EACH ROW
  WHEN (OLD.status = 'failed' AND NEW.status = 'queued') EXECUTE FUNCTION take_credit_again();
