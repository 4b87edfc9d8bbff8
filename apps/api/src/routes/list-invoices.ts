import { DEFAULT_PAGE, ListInvoices, uuid, type InvoicePage } from '@invoicepress/client';
import { listInvoices as list, withTenant } from '@invoicepress/database';
import type { RequestHandler } from 'express';
import { callerOf } from '../auth/authenticate.ts';
import type { Context } from '../context.ts';
import { pointers, RequestProblem } from '../problems.ts';
import { toInvoice } from '../to-invoice.ts';

/** `GET /v1/invoices`: newest first, page by page. */
export const listInvoices =
  ({ database }: Pick<Context, 'database'>): RequestHandler =>
  async (req, res) => {
    const query = ListInvoices.safeParse(req.query);
    if (!query.success) {
      const errors = pointers(query.error).map((error) => ({ ...error, pointer: error.pointer.slice(1) }));
      throw new RequestProblem('invalid-parameter', 'see "errors" for each parameter', { errors });
    }
    const { limit = DEFAULT_PAGE, cursor, ...filter } = query.data;
    const before = cursor === undefined ? undefined : fromCursor(cursor);
    const { invoices, hasMore } = await withTenant(database, callerOf(req).tenantId, (tx) =>
      list(tx, filter, { before, limit }),
    );
    const last = invoices.at(-1);
    const page: InvoicePage = {
      invoices: invoices.map(toInvoice),
      ...(hasMore && last && { nextCursor: toCursor(last.id) }),
    };
    res.json(page);
  };

/** Opaque to clients: the id of the last invoice they have seen. */
const toCursor = (id: string): string => Buffer.from(`1:${id}`).toString('base64url');

const fromCursor = (cursor: string): string => {
  const [version, id] = Buffer.from(cursor, 'base64url').toString('latin1').split(':');
  const parsed = uuid.safeParse(id);
  if (version !== '1' || !parsed.success) {
    throw new RequestProblem(
      'invalid-parameter',
      'the cursor is none of ours; take nextCursor as it is, or begin without one',
      {
        errors: [{ pointer: 'cursor', detail: 'is no cursor of ours' }],
      },
    );
  }
  return parsed.data;
};
