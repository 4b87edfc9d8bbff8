import type { TenantTransaction } from './with-tenant.ts';

/** Answers that are looked through at a time. */
const PAGE = 200;

/**
 * Takes buyers and metadata of these invoices out of the answers that are kept for repetitions. The keys stay: a
 * repetition still does nothing, and is told the invoice's id.
 */
export const redactAnswers = async (tx: TenantTransaction, ids: string[]): Promise<void> => {
  const wanted = new Set(ids);
  let after = { clientId: '00000000-0000-0000-0000-000000000000', route: '', key: '' };
  for (;;) {
    const rows = await tx.db.$queryRaw<Row[]>`
      SELECT client_id, route, key, body FROM idempotency_key
      WHERE tenant_id = app_tenant() AND (client_id, route, key) > (${after.clientId}::uuid, ${after.route}, ${after.key})
        AND EXISTS (SELECT FROM unnest(${ids}::text[]) AS id WHERE strpos(body, id) > 0)
      ORDER BY client_id, route, key LIMIT ${PAGE}`;
    for (const { client_id, route, key, body } of rows) {
      const redacted = JSON.stringify(withoutPersons(JSON.parse(body), wanted));
      await tx.db.$executeRaw`
        UPDATE idempotency_key SET body = ${redacted}
        WHERE tenant_id = app_tenant() AND client_id = ${client_id}::uuid AND route = ${route} AND key = ${key}`;
    }
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return;
    after = { clientId: last.client_id, route: last.route, key: last.key };
  }
};

interface Row {
  client_id: string;
  route: string;
  key: string;
  body: string;
}

/** An invoice stands in an answer by itself or, of a batch, among others. */
const withoutPersons = (value: unknown, ids: ReadonlySet<string>): unknown => {
  if (Array.isArray(value)) return value.map((each) => withoutPersons(each, ids));
  if (typeof value !== 'object' || value === null) return value;
  const { externalId: _, ...rest } = value as Record<string, unknown>;
  if (typeof rest['id'] === 'string' && ids.has(rest['id']))
    return { ...rest, ...('buyerName' in rest && { buyerName: '' }), ...('metadata' in rest && { metadata: {} }) };
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withoutPersons(member, ids)]));
};
