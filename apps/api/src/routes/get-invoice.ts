import { findInvoice, withTenant } from '@invoicepress/database';
import type { RequestHandler } from 'express';
import { callerOf } from '../auth/authenticate.ts';
import type { Context } from '../context.ts';
import { readCredits } from '../to-credits.ts';
import { toInvoice } from '../to-invoice.ts';
import { invoiceIdOf, invoiceNotFound } from './parameters.ts';

/** `GET /v1/invoices/{id}`: 304 when it has not changed since If-None-Match. */
export const getInvoice =
  ({ database }: Pick<Context, 'database'>): RequestHandler =>
  async (req, res) => {
    const id = invoiceIdOf(req.params);
    const { invoice, shown, etag } = await withTenant(database, callerOf(req).tenantId, async (tx) => {
      const found = await findInvoice(tx, id);
      if (!found) throw invoiceNotFound();
      return { invoice: found, ...(await readCredits(tx, found)) };
    });
    res.set('etag', etag);
    if (names(req.get('if-none-match'), etag)) res.status(304).end();
    else res.json({ ...toInvoice(invoice), ...shown });
  };

/** RFC 9110, 13.1.2. Express would not look while `Cache-Control: no-cache` is there, which fetch() sends along. */
const names = (ifNoneMatch: string | undefined, etag: string): boolean =>
  ifNoneMatch?.split(',').some((known) => ['*', etag, `W/${etag}`].includes(known.trim())) ?? false;
