import type { EventRecord } from './events.ts';
import type { Sealing } from './sealing.ts';
import { placeOf } from './webhook-endpoints.ts';
import type { TenantTransaction } from './with-tenant.ts';

/** An endpoint of which nothing but failures was seen for so long is disabled. */
export const FAILING_DAYS = 5;

/** One attempt at a delivery, which is the caller's alone until `leaseMs` are over. */
export interface DeliveryClaim {
  deliveryId: string;
  endpointId: string;
  generation: number;
  /** Of this generation, from 1. */
  number: number;
  url: string;
  /** The ones to sign with, the current one first. */
  secrets: string[];
  event: EventRecord;
}

interface Row {
  endpoint_id: string;
  attempts: number;
  url: string;
  secret: Uint8Array;
  previous_secret: Uint8Array | null;
  id: string;
  position: bigint;
  type: string;
  created_at: Date;
  data: EventRecord['data'];
}

/**
 * Begins an attempt by one conditional update, so that of two workers one gets it. A worker that says nothing more
 * within `leaseMs` has used up its attempt.
 * @returns null when it is not due, settled, of another generation, or its endpoint is disabled or gone
 * @throws {SealBroken}
 */
export const claimDelivery = async (
  tx: TenantTransaction,
  sealing: Sealing,
  { deliveryId, generation }: { deliveryId: string; generation: number },
  leaseMs: number,
): Promise<DeliveryClaim | null> => {
  const [row] = await tx.db.$queryRaw<Row[]>`
    WITH claimed AS (
      UPDATE webhook_delivery delivery
      SET attempts = attempts + 1, dispatched_at = clock_timestamp(),
        next_attempt_at = clock_timestamp() + ${leaseMs}::integer * interval '1 millisecond'
      FROM webhook_endpoint endpoint
      WHERE delivery.id = ${deliveryId}::uuid AND delivery.generation = ${generation}::integer
        AND delivery.status = 'pending' AND delivery.next_attempt_at <= clock_timestamp()
        AND endpoint.tenant_id = delivery.tenant_id AND endpoint.id = delivery.endpoint_id AND endpoint.enabled
      RETURNING delivery.endpoint_id, delivery.event_id, delivery.attempts, endpoint.url, endpoint.secret,
        CASE WHEN endpoint.previous_secret_until > clock_timestamp() THEN endpoint.previous_secret END AS previous_secret
    )
    SELECT claimed.endpoint_id, attempts, url, secret, previous_secret, event.id, position, type, created_at, data
    FROM claimed JOIN event ON event.id = claimed.event_id`;
  if (!row) return null;
  const place = placeOf(tx.tenantId, row.endpoint_id);
  const sealed = row.previous_secret ? [row.secret, row.previous_secret] : [row.secret];
  return {
    deliveryId,
    generation,
    endpointId: row.endpoint_id,
    number: row.attempts,
    url: row.url,
    secrets: sealed.map((secret) => sealing.open(secret, place)),
    event: {
      id: row.id,
      position: Number(row.position),
      type: row.type,
      createdAt: row.created_at,
      data: row.data,
    },
  };
};

/** What the log keeps of an attempt. */
export interface AttemptRecord {
  startedAt: Date;
  durationMs: number;
  statusCode?: number | undefined;
  error?: string | undefined;
  responseExcerpt?: string | undefined;
}

export type Verdict =
  | { verdict: 'delivered' | 'failed' }
  /** The receiver wants nothing more, ever. */
  | { verdict: 'gone' }
  | { verdict: 'retry'; afterMs: number };

/**
 * Writes an attempt into the log and draws its consequences, unless somebody else has begun another one meanwhile.
 * @returns why the endpoint was disabled, when this was the attempt that did it
 */
export const recordAttempt = async (
  tx: TenantTransaction,
  claim: DeliveryClaim,
  attempt: AttemptRecord,
  verdict: Verdict,
): Promise<{ disabled?: string }> => {
  const { deliveryId, endpointId, generation, number } = claim;
  // Nothing is written for a delivery that was deleted meanwhile with its endpoint.
  await tx.db.$executeRaw`
    INSERT INTO webhook_attempt (delivery_id, generation, number, tenant_id, started_at, duration_ms, status_code, error,
      response_excerpt)
    SELECT id, ${generation}, ${number}, tenant_id, ${attempt.startedAt}, ${attempt.durationMs},
      ${attempt.statusCode ?? null}::integer, ${attempt.error ?? null}::text, ${attempt.responseExcerpt ?? null}::text
    FROM webhook_delivery WHERE id = ${deliveryId}::uuid`;
  const ours = { id: deliveryId, generation, attempts: number, status: 'pending' };
  if (verdict.verdict === 'retry') {
    await tx.db.$executeRaw`
      UPDATE webhook_delivery SET next_attempt_at = clock_timestamp() + ${verdict.afterMs}::integer * interval '1 millisecond'
      WHERE id = ${deliveryId}::uuid AND generation = ${generation} AND attempts = ${number} AND status = 'pending'`;
  } else {
    const status = verdict.verdict === 'delivered' ? 'delivered' : 'failed';
    await tx.db.webhookDelivery.updateMany({ where: ours, data: { status, finishedAt: new Date() } });
  }
  if (verdict.verdict === 'delivered') {
    await tx.db
      .$executeRaw`UPDATE webhook_endpoint SET failing_since = NULL WHERE id = ${endpointId}::uuid AND failing_since IS NOT NULL`;
    return {};
  }
  return noteFailure(tx, claim, verdict.verdict === 'gone');
};

const noteFailure = async (
  tx: TenantTransaction,
  { endpointId, url }: DeliveryClaim,
  gone: boolean,
): Promise<{ disabled?: string }> => {
  const reason = gone ? 'it answered 410 Gone' : `every attempt failed for ${FAILING_DAYS} days`;
  // An endpoint that has another address by now did not fail.
  await tx.db.$executeRaw`
    UPDATE webhook_endpoint SET failing_since = clock_timestamp()
    WHERE id = ${endpointId}::uuid AND url = ${url} AND failing_since IS NULL`;
  const disabled = await tx.db.$executeRaw`
    UPDATE webhook_endpoint SET enabled = false, disabled_reason = ${reason}, updated_at = clock_timestamp()
    WHERE id = ${endpointId}::uuid AND url = ${url} AND enabled
      AND (${gone} OR failing_since < clock_timestamp() - ${FAILING_DAYS} * interval '1 day')`;
  return disabled === 1 ? { disabled: reason } : {};
};
