import { DEFAULT_PAGE, ListAudit, type AuditEntry, type AuditPage } from '@invoicepress/client';
import { listAudit as list, withTenant, type AuditRecord } from '@invoicepress/database';
import type { RequestHandler } from 'express';
import { callerOf } from '../auth/authenticate.ts';
import type { Context } from '../context.ts';
import { fromCursor, toCursor } from '../cursor.ts';
import { queryOf } from './parameters.ts';

/** `GET /v1/audit`: who changed what, newest first, page by page. */
export const listAudit =
  ({ database }: Pick<Context, 'database'>): RequestHandler =>
  async (req, res) => {
    const { limit = DEFAULT_PAGE, cursor, from, until, ...filter } = queryOf(ListAudit, req.query);
    const before = cursor === undefined ? undefined : fromCursor(cursor);
    const times = { ...(from && { from: new Date(from) }), ...(until && { until: new Date(until) }) };
    const { entries, hasMore } = await withTenant(database, callerOf(req).tenantId, (tx) =>
      list(tx, { ...filter, ...times }, { before, limit }),
    );
    const last = entries.at(-1);
    const page: AuditPage = {
      entries: entries.map(toAuditEntry),
      ...(hasMore && last && { nextCursor: toCursor(last.id) }),
    };
    res.json(page);
  };

const toAuditEntry = (record: AuditRecord): AuditEntry => ({
  id: record.id,
  createdAt: record.createdAt.toISOString(),
  action: record.action,
  actor: {
    ...(record.clientId !== null && { clientId: record.clientId }),
    ...(record.tokenId !== null && { tokenId: record.tokenId }),
    ...(record.operator !== null && { operator: record.operator }),
  },
  from: {
    ...(record.address !== null && { address: record.address }),
    ...(record.requestId !== null && { requestId: record.requestId }),
  },
  touched: record.touched,
  digests: {
    ...(record.requestDigest !== null && { request: record.requestDigest }),
    ...(record.beforeDigest !== null && { before: record.beforeDigest }),
    ...(record.afterDigest !== null && { after: record.afterDigest }),
  },
  ...(record.position !== null &&
    record.previousHash !== null &&
    record.hash !== null && {
      chain: { position: Number(record.position), previousHash: record.previousHash, hash: record.hash },
    }),
});
