/** What has to hold in the database whatever was sent: nothing is there by half. */
import pg from 'pg';

/** Each finds rows that may not be; by tenant, for not even the owner of the tables looks across. */
const broken: [what: string, sql: string][] = [
  [
    'an invoice without its payload',
    'SELECT i.id FROM invoice i LEFT JOIN invoice_payload p ON p.invoice_id = i.id WHERE p.invoice_id IS NULL',
  ],
  [
    'an invoice whose acceptance is no event',
    "SELECT i.id FROM invoice i WHERE NOT EXISTS (SELECT 1 FROM event e WHERE e.invoice_id = i.id AND e.type = 'invoice.accepted')",
  ],
  [
    'an invoice whose row and payload differ',
    `SELECT i.id FROM invoice i JOIN invoice_payload p ON p.invoice_id = i.id
     WHERE p.issued->>'number' <> i.number OR p.issued->>'currency' <> i.currency OR p.issued->'buyer'->>'name' <> i.buyer_name
        OR (p.issued->'totals'->>'payable')::numeric <> i.payable OR (p.issued->'totals'->>'taxInclusive')::numeric <> i.tax_inclusive`,
  ],
  [
    'a ready invoice without a document',
    "SELECT i.id FROM invoice i WHERE i.status = 'ready' AND NOT EXISTS (SELECT 1 FROM document d WHERE d.invoice_id = i.id)",
  ],
  [
    'a document of an invoice that is not ready',
    "SELECT d.id FROM document d JOIN invoice i ON i.id = d.invoice_id WHERE i.status <> 'ready'",
  ],
  [
    'a number that a series gave and no invoice has',
    `SELECT s.name FROM number_series s JOIN number_counter c ON c.series_id = s.id
     WHERE s.name = 'fuzz' AND c.last_value <> (SELECT count(*) FROM invoice i WHERE i.number LIKE s.prefix || '%')`,
  ],
  [
    'a credit note without its link',
    "SELECT l.credit_note_id FROM credit_note_link l LEFT JOIN invoice i ON i.id = l.credit_note_id WHERE i.type_code <> '381' OR i.id IS NULL",
  ],
  [
    'a key whose answer is no answer',
    "SELECT k.key FROM idempotency_key k WHERE k.status NOT BETWEEN 200 AND 499 OR k.body = ''",
  ],
  [
    'a template version without files',
    'SELECT v.id FROM template_version v WHERE NOT EXISTS (SELECT 1 FROM template_file f WHERE f.version_id = v.id)',
  ],
];

/** What a tenant has, as one text: it may not change by what another sends. */
const belongings = `SELECT string_agg(line, ',' ORDER BY line) AS all FROM (
  SELECT 'i ' || id || number || buyer_name AS line FROM invoice
  UNION ALL SELECT 'w ' || id || url FROM webhook_endpoint
  UNION ALL SELECT 's ' || name || prefix FROM number_series
  UNION ALL SELECT 't ' || id || name FROM template
  UNION ALL SELECT 'p ' || id FROM seller_profile) all_of_it`;

export interface Inspector extends AsyncDisposable {
  /** A sentence for each kind of row that may not be. */
  faults(): Promise<string[]>;
  belongingsOf(slug: string): Promise<string>;
}

export const inspect = async (ownerUrl: string): Promise<Inspector> => {
  const owner = new pg.Client({ connectionString: ownerUrl });
  await owner.connect();
  const { rows: tenants } = await owner.query<{ id: string; slug: string }>('SELECT id, slug FROM tenant');
  const as = async <T extends pg.QueryResultRow>(tenantId: string, sql: string): Promise<T[]> => {
    await owner.query('BEGIN READ ONLY');
    try {
      await owner.query("SELECT set_config('app.tenant_id', $1, true)", [tenantId]);
      return (await owner.query<T>(sql)).rows;
    } finally {
      await owner.query('ROLLBACK');
    }
  };
  return {
    async faults() {
      const found: string[] = [];
      for (const { id, slug } of tenants) {
        for (const [what, sql] of broken) {
          const rows = await as(id, sql);
          if (rows.length > 0) found.push(`${slug} has ${rows.length} times ${what}: ${JSON.stringify(rows[0])}`);
        }
      }
      return found;
    },
    async belongingsOf(slug) {
      const [row] = await as<{ all: string | null }>(tenants.find((each) => each.slug === slug)?.id ?? '', belongings);
      return row?.all ?? '';
    },
    [Symbol.asyncDispose]: () => owner.end(),
  };
};
