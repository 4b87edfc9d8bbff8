import type { AuditEntry, AuditPage, GetNumberReport, ListAudit, NumberReport } from './contract/index.ts';
import type { SendJson } from './webhook-methods.ts';

const given = (query: Record<string, string | undefined>): URLSearchParams =>
  new URLSearchParams(Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined));

/** The part of the client that is for auditors; it needs the scope `audit:read`. */
export const auditMethods = (json: SendJson) => {
  const methods = {
    listAuditPage: (query: ListAudit = {}) => json<AuditPage>('GET', `/v1/audit?${given(query)}`),

    /** All entries that match, newest first, page by page as you read on. */
    async *listAudit(query: ListAudit = {}): AsyncGenerator<AuditEntry> {
      let cursor = query.cursor;
      do {
        const page: AuditPage = await methods.listAuditPage({ ...query, ...(cursor && { cursor }) });
        yield* page.entries;
        cursor = page.nextCursor;
      } while (cursor);
    },

    /** Every number that a series gave, with the invoice that bears it. */
    getNumberReport: (series: string, query: GetNumberReport = {}) =>
      json<NumberReport>('GET', `/v1/number-series/${encodeURIComponent(series)}/report?${given(query)}`),
  };
  return methods;
};
