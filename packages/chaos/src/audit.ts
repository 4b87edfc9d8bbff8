/**
 * What the database saw, kept beside it: a trigger of the checker's own notes every change of an invoice. It answers
 * what rows alone cannot tell afterwards: which way an invoice went, and under which lease.
 */
import type { Format } from '@invoicepress/client';
import pg from 'pg';

const schema = `
CREATE SCHEMA chaos;
CREATE TABLE chaos.change (
  n bigserial PRIMARY KEY,
  invoice_id uuid NOT NULL,
  tenant_id uuid NOT NULL,
  from_status text,
  to_status text NOT NULL,
  from_epoch integer,
  to_epoch integer NOT NULL
);
CREATE INDEX ON chaos.change (invoice_id);
CREATE FUNCTION chaos.note() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, chaos AS $$
BEGIN
  INSERT INTO chaos.change (invoice_id, tenant_id, from_status, to_status, from_epoch, to_epoch)
  VALUES (NEW.id, NEW.tenant_id, CASE TG_OP WHEN 'UPDATE' THEN OLD.status::text END, NEW.status::text,
    CASE TG_OP WHEN 'UPDATE' THEN OLD.lease_epoch END, NEW.lease_epoch);
  RETURN NULL;
END $$;
CREATE TRIGGER zz_note AFTER INSERT OR UPDATE ON invoice FOR EACH ROW EXECUTE FUNCTION chaos.note();
`;

const forget = `
SET LOCAL session_replication_role = replica;
TRUNCATE invoice, number_counter, idempotency_key, chaos.change CASCADE;
`;

export interface Change {
  invoice_id: string;
  from_status: string | null;
  to_status: string;
  from_epoch: number | null;
  to_epoch: number;
}

export interface InvoiceRow {
  id: string;
  tenant_id: string;
  number: string;
  external_id: string | null;
  status: string;
  lease_epoch: number;
  generation: number;
  tax_inclusive: string;
  failure_code: string | null;
}

export interface DocumentRow {
  invoice_id: string;
  tenant_id: string;
  format: Format;
  storage_key: string;
  sha256: string;
  size_bytes: number;
}

export interface EventRow {
  id: string;
  invoice_id: string;
  type: string;
  position: string | null;
}

export type Audit = Awaited<ReturnType<typeof openAudit>>;

/** Sees everything, as no process under test does. */
export const openAudit = async (superuserUrl: string) => {
  const url = new URL(superuserUrl);
  url.pathname = '/invoicepress';
  const pool = new pg.Pool({ connectionString: url.href, max: 2, application_name: 'invoicepress-chaos' });
  pool.on('error', () => {}); // the server is killed under it; the next query connects again
  await pool.query(schema);
  const rows = async <T extends pg.QueryResultRow>(sql: string, ...values: unknown[]): Promise<T[]> =>
    (await pool.query<T>(sql, values)).rows;

  return {
    /** Everything, or what belongs to these invoices. */
    read: async (ids?: string[]) => {
      const where = (column: string) => (ids ? `WHERE ${column} = ANY ($1)` : 'WHERE $1::uuid[] IS NULL');
      const given = ids ?? null;
      return {
        invoices: await rows<InvoiceRow>(`SELECT * FROM invoice ${where('id')}`, given),
        documents: await rows<DocumentRow>(`SELECT * FROM document ${where('invoice_id')}`, given),
        changes: await rows<Change>(`SELECT * FROM chaos.change ${where('invoice_id')} ORDER BY n`, given),
        events: await rows<EventRow>(`SELECT * FROM event ${where('invoice_id')} ORDER BY seq`, given),
      };
    },
    /** How many of them are on their way. */
    unsettled: async (ids: string[]): Promise<InvoiceRow[]> =>
      rows(`SELECT * FROM invoice WHERE id = ANY ($1) AND status IN ('queued', 'rendering')`, ids),
    /** How many events wait for their place in the feed. */
    unplaced: async (): Promise<number> => (await rows('SELECT FROM event WHERE position IS NULL')).length,
    /** How many webhooks are on their way. */
    undelivered: async (): Promise<number> =>
      (await rows(`SELECT FROM webhook_delivery WHERE status = 'pending'`)).length,
    /** As if the waits between attempts were over. */
    hastenDeliveries: () => rows(`UPDATE webhook_delivery SET next_attempt_at = now() WHERE status = 'pending'`),
    /** Breaks or mends the database, by the SQL of a deliberate defect. */
    alter: (sql: string) => rows(sql),
    /** As if nothing had ever been submitted: invoices, with whatever refers to them, counts and answers are gone. */
    forget: () => rows(forget),
    [Symbol.asyncDispose]: () => pool.end(),
  };
};
