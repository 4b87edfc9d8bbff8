import type { OperationName } from '@invoicepress/client';
import {
  recordAudit,
  withTenant,
  type Answer,
  type AuditAct,
  type AuditTrace,
  type TenantTransaction,
} from '@invoicepress/database';
import { createHash } from 'node:crypto';
import type { Request, RequestHandler } from 'express';
import { callerOf } from './auth/authenticate.ts';
import type { Context } from './context.ts';
import { requestIdOf } from './requests.ts';

const actions = new WeakMap<object, OperationName>();
const digests = new WeakMap<object, string>();

/** Middleware: what the request's audit entry will call it. */
export const nameAction =
  (action: OperationName): RequestHandler =>
  (req, _res, next) => {
    actions.set(req, action);
    next();
  };

/** Keeps the SHA-256 of the body as it came, byte for byte. @returns it, hexadecimal */
export const digestBody = (req: object, body: Uint8Array | string): string => {
  const digest = createHash('sha256').update(body).digest('hex');
  digests.set(req, digest);
  return digest;
};

/** Who acts, and from where. */
export const actOf = (req: Request): AuditAct => {
  const action = actions.get(req);
  if (!action) throw new Error('this route is none of the contract');
  const { clientId, tokenId } = callerOf(req);
  return { action, clientId, tokenId, address: req.ip, requestId: requestIdOf(req), requestDigest: digests.get(req) };
};

/** What the work of a change comes to: its answer, and what its audit entry tells, unless it is `written` already. */
export type AuditedAnswer = Answer & { audit: AuditTrace | 'written' };

/** Does the work, and writes its audit entry in the same transaction. */
export const audited = async (
  tx: TenantTransaction,
  req: Request,
  work: (tx: TenantTransaction) => Promise<AuditedAnswer>,
): Promise<Answer> => {
  const { audit, ...answer } = await work(tx);
  if (audit !== 'written') await recordAudit(tx, actOf(req), audit);
  return answer;
};

/**
 * A change that is no POST: it finds what it is about, changes it, and says what has become of it, in one transaction
 * with its audit entry.
 * @returns what it is now or, when it is deleted, was before; null, and does nothing, when there is nothing of this id
 */
export const changeAudited = <T extends object>(
  { database }: Pick<Context, 'database'>,
  req: Request,
  id: string,
  {
    find,
    change,
    show,
  }: {
    find: (tx: TenantTransaction, id: string) => Promise<T | null>;
    /** @returns what it is now; null when somebody else has deleted it meanwhile */
    change: (tx: TenantTransaction, before: T) => Promise<T | 'deleted' | null>;
    /** As the API shows it; of this the entry has digests. */
    show: (record: T) => object;
  },
): Promise<T | null> =>
  withTenant(database, callerOf(req).tenantId, async (tx) => {
    const before = await find(tx, id);
    if (!before) return null;
    const outcome = await change(tx, before);
    if (!outcome) return null;
    const after = outcome === 'deleted' ? undefined : outcome;
    await recordAudit(tx, actOf(req), { touched: [id], before: show(before), after: after && show(after) });
    return after ?? before;
  });
