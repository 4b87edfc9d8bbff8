import type { InvoiceCheck } from '@invoicepress/client';
import { inOneStatement, submissionDefaults } from '@invoicepress/database';
import { checkProfiles, issueInvoice, type InvoiceDraft } from '@invoicepress/invoice';
import type { RequestHandler } from 'express';
import { callerOf } from '../auth/authenticate.ts';
import type { Context } from '../context.ts';
import { readInvoice, sellersWanted } from '../parse-invoice.ts';
import { MAX_FAULTS } from '../problems.ts';

/** Stands for the number that an invoice would get, if its client has none for it yet. */
const ANY_NUMBER = '1';

/** `POST /v1/invoices/check`: the verdict of every profile, and the totals; nothing is stored. */
export const checkInvoice =
  ({ clock, database }: Pick<Context, 'clock' | 'database'>): RequestHandler =>
  async (req, res) => {
    const wanted = sellersWanted([req.body]);
    const { sellers = [] } = wanted
      ? await submissionDefaults(inOneStatement(database, callerOf(req).tenantId), { sellers: wanted })
      : {};
    const draft = numbered(readInvoice(req.body, sellers));
    const verdicts = Object.entries(checkProfiles(draft)).map(([profile, found]) => [
      profile,
      { valid: found.length === 0, violations: found.slice(0, MAX_FAULTS) },
    ]);
    const today = clock().toISOString().slice(0, 10);
    const check: InvoiceCheck = {
      profiles: Object.fromEntries(verdicts) as InvoiceCheck['profiles'],
      totals: issueInvoice(draft, draft.number ?? ANY_NUMBER, today).totals,
    };
    res.json(check);
  };

const numbered = (draft: InvoiceDraft): InvoiceDraft =>
  draft.number === undefined && draft.series === undefined ? { ...draft, number: ANY_NUMBER } : draft;
