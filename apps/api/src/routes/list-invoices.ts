import { DEFAULT_PAGE, ListInvoices, type InvoicePage } from '@invoicepress/client';
import { listInvoices as list, withTenant } from '@invoicepress/database';
import type { RequestHandler } from 'express';
import { callerOf } from '../auth/authenticate.ts';
import type { Context } from '../context.ts';
import { fromCursor, toCursor } from '../cursor.ts';
import { toInvoice } from '../to-invoice.ts';
import { queryOf } from './parameters.ts';

/** `GET /v1/invoices`: newest first, page by page. */
export const listInvoices =
  ({ database }: Pick<Context, 'database'>): RequestHandler =>
  async (req, res) => {
    const { limit = DEFAULT_PAGE, cursor, ...filter } = queryOf(ListInvoices, req.query);
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
