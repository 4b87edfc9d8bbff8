-- What was asked of exports names buyers, and is of no use once they are over: it goes with its row.

-- One that is ready has archives, and is about to expire; one under way is somebody's work. Parts keep their export by
-- themselves: they go first, after their bytes.
CREATE FUNCTION guard_document_export_end() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'export % is %, and not over', OLD.id, OLD.status
    USING ERRCODE = 'check_violation', CONSTRAINT = 'document_export_over';
END $$;
CREATE TRIGGER guard_document_export_end BEFORE DELETE ON document_export FOR EACH ROW
  WHEN (OLD.status NOT IN ('failed', 'canceled', 'expired'))
  EXECUTE FUNCTION guard_document_export_end();

GRANT SELECT, DELETE ON document_export TO invoicepress_privacy;
GRANT SELECT ON document_export_part TO invoicepress_privacy;
