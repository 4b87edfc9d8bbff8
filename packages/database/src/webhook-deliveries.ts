import type { WebhookAttempt, WebhookDelivery } from './generated/client.ts';
import type { Database } from './open-database.ts';
import type { TenantTransaction } from './with-tenant.ts';

export const deliveryStatuses = ['pending', 'delivered', 'failed'] as const;
export type DeliveryStatus = (typeof deliveryStatuses)[number];

/** A delivery with what it delivers. */
export type DeliveryRecord = WebhookDelivery & { event: { type: string; invoiceId: string } };

/** Attempts that one look at a delivery shows, the latest: one generation has about a dozen. */
const MAX_LOG = 100;

const withEvent = { event: { select: { type: true, invoiceId: true } } } as const;

/** One page, newest first, of deliveries older than `before`. */
export const listDeliveries = async (
  tx: TenantTransaction,
  endpointId: string,
  { status, before, limit }: { status?: DeliveryStatus | undefined; before?: string | undefined; limit: number },
): Promise<{ deliveries: DeliveryRecord[]; hasMore: boolean }> => {
  const found = await tx.db.webhookDelivery.findMany({
    where: { tenantId: tx.tenantId, endpointId, ...(status && { status }), ...(before && { id: { lt: before } }) },
    orderBy: { id: 'desc' },
    take: limit + 1,
    include: withEvent,
  });
  return { deliveries: found.slice(0, limit), hasMore: found.length > limit };
};

/** With its attempts, oldest first. */
export const findDelivery = async (
  tx: TenantTransaction,
  endpointId: string,
  id: string,
): Promise<{ delivery: DeliveryRecord; attempts: WebhookAttempt[] } | null> => {
  const found = await tx.db.webhookDelivery.findFirst({
    where: { id, endpointId },
    include: { ...withEvent, log: { orderBy: [{ generation: 'desc' }, { number: 'desc' }], take: MAX_LOG } },
  });
  if (!found) return null;
  const { log, ...delivery } = found;
  return { delivery, attempts: log.toReversed() };
};

/**
 * Makes a delivery due at once, whatever became of it, with all its attempts before it again. An attempt that runs
 * meanwhile belongs to the generation before and decides nothing any more.
 * @returns null when there is none
 */
export const resendDelivery = async (
  tx: TenantTransaction,
  endpointId: string,
  id: string,
): Promise<DeliveryRecord | 'disabled' | null> => {
  const count = await tx.db.$executeRaw`
    UPDATE webhook_delivery SET status = 'pending', generation = generation + 1, attempts = 0,
      next_attempt_at = clock_timestamp(), dispatched_at = NULL, finished_at = NULL
    WHERE id = ${id}::uuid AND endpoint_id = ${endpointId}::uuid
      AND EXISTS (SELECT 1 FROM webhook_endpoint WHERE id = ${endpointId}::uuid AND enabled)`;
  const found = await findDelivery(tx, endpointId, id);
  if (!found) return null;
  return count === 0 ? 'disabled' : found.delivery;
};

/** What a delivery job is made of. */
export interface DueDelivery {
  tenantId: string;
  endpointId: string;
  deliveryId: string;
  generation: number;
}

export interface DueDeliveries {
  /** The queue has not heard of these. */
  fresh: DueDelivery[];
  /** It was given these before: for an attempt that is over, or without one following. */
  again: DueDelivery[];
}

/**
 * Takes deliveries that are due, for the caller to enqueue: those that were not handed to the queue since, or so long
 * ago that it must have lost them. Of one endpoint, no more than `perEndpoint` are in the queue at a time, so that a
 * backlog of one stays out of the way of the others. Rows that another worker holds are skipped. Needs the sweeper's role.
 */
export const takeDueDeliveries = async (
  database: Database,
  { limit, perEndpoint, lostAfterMs }: { limit: number; perEndpoint: number; lostAfterMs: number },
): Promise<DueDeliveries> => {
  const rows = await database.prisma.$queryRaw<DueRow[]>`
    WITH due AS MATERIALIZED (
      SELECT next.id FROM webhook_endpoint endpoint CROSS JOIN LATERAL (
        SELECT id, next_attempt_at, dispatched_at FROM webhook_delivery
        WHERE endpoint_id = endpoint.id AND status = 'pending' AND next_attempt_at <= now()
        ORDER BY next_attempt_at LIMIT ${perEndpoint}
      ) next
      WHERE endpoint.enabled AND (dispatched_at IS NULL OR dispatched_at < next_attempt_at
        OR dispatched_at < now() - ${lostAfterMs} * interval '1 millisecond')
      LIMIT ${limit}
    ), taken AS MATERIALIZED (
      SELECT id, dispatched_at IS NULL AS fresh FROM webhook_delivery
      WHERE id IN (SELECT id FROM due) AND status = 'pending' AND next_attempt_at <= now() AND (dispatched_at IS NULL
        OR dispatched_at < next_attempt_at OR dispatched_at < now() - ${lostAfterMs} * interval '1 millisecond')
      FOR UPDATE SKIP LOCKED
    )
    UPDATE webhook_delivery delivery SET dispatched_at = clock_timestamp()
    FROM taken WHERE delivery.id = taken.id
    RETURNING delivery.id, tenant_id, endpoint_id, generation, fresh`;
  return {
    fresh: rows.filter(({ fresh }) => fresh).map(toDueDelivery),
    again: rows.filter(({ fresh }) => !fresh).map(toDueDelivery),
  };
};

interface DueRow {
  id: string;
  tenant_id: string;
  endpoint_id: string;
  generation: number;
  fresh: boolean;
}

const toDueDelivery = ({ id, tenant_id, endpoint_id, generation }: DueRow): DueDelivery => ({
  tenantId: tenant_id,
  endpointId: endpoint_id,
  deliveryId: id,
  generation,
});
