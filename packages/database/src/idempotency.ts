import type { TenantTransaction } from './with-tenant.ts';

/** How long a key is remembered. */
export const IDEMPOTENCY_DAYS = 30;

export interface IdempotentRequest {
  clientId: string;
  /** Method and path: a key belongs to one route. */
  route: string;
  key: string;
  /** SHA-256 of the body, hexadecimal. */
  fingerprint: string;
}

export interface Answer {
  status: number;
  body: string;
}

export type Recall = { replay: Answer } | { refused: 'other-body' | 'in-progress' } | { fresh: true };

/**
 * Looks whether this request was answered before. When it was not, the transaction holds a lock on the key until
 * it ends, so that a twin that arrives meanwhile is told to wait instead of doing the work twice.
 */
export const recallAnswer = async (tx: TenantTransaction, request: IdempotentRequest): Promise<Recall> => {
  const name = `${request.clientId} ${request.route} ${request.key}`;
  const [lock] = await tx.db.$queryRaw<
    { taken: boolean }[]
  >`SELECT pg_try_advisory_xact_lock(hashtextextended(${name}, 0)) AS taken`;
  if (!lock?.taken) return { refused: 'in-progress' };
  const { clientId, route, key } = request;
  const known = await tx.db.idempotencyKey.findUnique({ where: { clientId_route_key: { clientId, route, key } } });
  if (!known) return { fresh: true };
  if (known.fingerprint !== request.fingerprint) return { refused: 'other-body' };
  return { replay: { status: known.status, body: known.body } };
};

/** Remembers the answer, in the transaction that did the work. */
export const rememberAnswer = async (
  tx: TenantTransaction,
  request: IdempotentRequest,
  answer: Answer,
): Promise<void> => {
  await tx.db.$executeRaw`
    INSERT INTO idempotency_key (client_id, route, key, tenant_id, fingerprint, status, body, expires_at)
    VALUES (${request.clientId}::uuid, ${request.route}, ${request.key}, app_tenant(), ${request.fingerprint},
      ${answer.status}, ${answer.body}, now() + ${IDEMPOTENCY_DAYS} * interval '1 day')`;
};
