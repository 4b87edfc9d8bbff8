import { MAX_LOGO_BYTES, UploadLogo } from '@invoicepress/client';
import {
  deleteLogo as remove,
  listLogos as list,
  LogoInUse,
  MAX_LOGOS,
  recordAudit,
  storeLogo,
  withTenant,
} from '@invoicepress/database';
import type { RequestHandler } from 'express';
import { createHash } from 'node:crypto';
import { actOf } from '../audited.ts';
import { callerOf } from '../auth/authenticate.ts';
import type { Context } from '../context.ts';
import { answerOnce, sendAnswer } from '../idempotent.ts';
import { inspectInThread, TooManyInspections } from '../logos/inspect-in-thread.ts';
import { LogoFault } from '../logos/logo-fault.ts';
import { RequestProblem } from '../problems.ts';
import { toLogo } from '../to-seller-profile.ts';
import { logoHashOf, logoNotFound } from './parameters.ts';

type Database = Pick<Context, 'database'>;

/** `POST /v1/logos`. It is read to its last byte before anything is stored. */
export const uploadLogo =
  (context: Database): RequestHandler =>
  async (req, res) => {
    const bytes = Buffer.from(UploadLogo.parse(req.body).base64, 'base64');
    const image = await inspected(bytes);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const answer = await answerOnce(context, req, async (tx) => {
      const logo = await storeLogo(tx, { ...image, sha256, bytes });
      if (logo)
        return { status: 201, body: JSON.stringify(toLogo(logo)), audit: { touched: [sha256], after: toLogo(logo) } };
      throw new RequestProblem(
        'too-many-logos',
        `there are ${MAX_LOGOS} logos, and there may be no more; delete one that no profile and no invoice has`,
      );
    });
    sendAnswer(res, answer);
  };

const inspected = async (bytes: Buffer) => {
  try {
    if (bytes.length > MAX_LOGO_BYTES)
      throw new LogoFault(`is a file of more than ${MAX_LOGO_BYTES} bytes; make it smaller`);
    return await inspectInThread(bytes);
  } catch (error) {
    if (error instanceof TooManyInspections)
      throw new RequestProblem('unavailable', 'too many logos are being read at the moment; repeat the request', {
        headers: { 'retry-after': '5' },
      });
    if (!(error instanceof LogoFault)) throw error;
    const errors = [{ pointer: '/base64', detail: error.message }];
    throw new RequestProblem('invalid-request', 'see "errors" for each field', { errors });
  }
};

/** `GET /v1/logos`. */
export const listLogos =
  ({ database }: Database): RequestHandler =>
  async (req, res) => {
    res.json({ logos: (await withTenant(database, callerOf(req).tenantId, list)).map(toLogo) });
  };

/** `DELETE /v1/logos/{sha256}`. */
export const deleteLogo =
  ({ database }: Database): RequestHandler =>
  async (req, res) => {
    const sha256 = logoHashOf(req.params);
    try {
      const logo = await withTenant(database, callerOf(req).tenantId, async (tx) => {
        const removed = await remove(tx, sha256);
        if (removed) await recordAudit(tx, actOf(req), { touched: [sha256], before: toLogo(removed) });
        return removed;
      });
      if (!logo) throw logoNotFound();
      res.json(toLogo(logo));
    } catch (error) {
      if (!(error instanceof LogoInUse)) throw error;
      throw new RequestProblem(
        'logo-in-use',
        'a seller profile or an accepted invoice has it; take it out of the profile, and keep it if invoices bear it',
      );
    }
  };
