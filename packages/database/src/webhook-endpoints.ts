import { randomBytes } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import type { WebhookEndpoint } from './generated/client.ts';
import type { Sealing } from './sealing.ts';
import type { TenantTransaction } from './with-tenant.ts';

/** An endpoint as everybody may see it: its secrets stay behind. */
export type EndpointRecord = Omit<WebhookEndpoint, 'secret' | 'previousSecret'>;

/** Endpoints of one tenant. */
export const MAX_ENDPOINTS = 20;

const SECRET_BYTES = 32;
const withoutSecrets = { secret: true, previousSecret: true } as const;

/** Standard Webhooks' form of a symmetric secret. */
const makeSecret = (): string => `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`;

/** What a secret is sealed for. */
export const placeOf = (tenantId: string, endpointId: string): string => `webhook_endpoint ${tenantId} ${endpointId}`;

/** Creates an endpoint. Its secret is known to the caller alone. @returns null when the tenant has MAX_ENDPOINTS already */
export const createEndpoint = async (
  tx: TenantTransaction,
  sealing: Sealing,
  endpoint: { url: string; description: string | undefined; eventTypes: string[] },
): Promise<{ endpoint: EndpointRecord; secret: string } | null> => {
  // One creation at a time per tenant, so that two cannot both be the last.
  await tx.db.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended('webhook_endpoint ' || app_tenant(), 0))::text`;
  if ((await tx.db.webhookEndpoint.count()) >= MAX_ENDPOINTS) return null;
  const [id, secret] = [uuidv7(), makeSecret()];
  const created = await tx.db.webhookEndpoint.create({
    data: {
      id,
      tenantId: tx.tenantId,
      url: endpoint.url,
      description: endpoint.description ?? null,
      eventTypes: endpoint.eventTypes,
      secret: sealing.seal(secret, placeOf(tx.tenantId, id)),
    },
    omit: withoutSecrets,
  });
  return { endpoint: created, secret };
};

/** All of them, oldest first. */
export const listEndpoints = (tx: TenantTransaction): Promise<EndpointRecord[]> =>
  tx.db.webhookEndpoint.findMany({ orderBy: { id: 'asc' }, take: MAX_ENDPOINTS, omit: withoutSecrets });

export const findEndpoint = (tx: TenantTransaction, id: string): Promise<EndpointRecord | null> =>
  tx.db.webhookEndpoint.findUnique({ where: { id }, omit: withoutSecrets });

export interface EndpointChanges {
  url?: string | undefined;
  /** null removes it. */
  description?: string | null | undefined;
  eventTypes?: string[] | undefined;
  enabled?: boolean | undefined;
}

/** Another address, or being enabled again, is a new start: what failed before does not count. @returns null when there is none */
export const updateEndpoint = async (
  tx: TenantTransaction,
  id: string,
  { url, description, eventTypes, enabled }: EndpointChanges,
): Promise<EndpointRecord | null> => {
  const { count } = await tx.db.webhookEndpoint.updateMany({
    where: { id },
    data: {
      ...(url !== undefined && { url }),
      ...(description !== undefined && { description }),
      ...(eventTypes && { eventTypes }),
      ...(enabled !== undefined && { enabled, disabledReason: null }),
      ...((url !== undefined || enabled) && { failingSince: null }),
      updatedAt: new Date(),
    },
  });
  return count === 0 ? null : findEndpoint(tx, id);
};

/** With its deliveries and their log. @returns false when there is none */
export const deleteEndpoint = async (tx: TenantTransaction, id: string): Promise<boolean> =>
  (await tx.db.webhookEndpoint.deleteMany({ where: { id } })).count === 1;

/**
 * Gives an endpoint a new secret. For `previousValidSeconds` the one before signs as well; one that was older still is
 * forgotten. @returns null when there is no such endpoint
 */
export const rotateSecret = async (
  tx: TenantTransaction,
  sealing: Sealing,
  id: string,
  { previousValidSeconds }: { previousValidSeconds: number },
): Promise<{ endpoint: EndpointRecord; secret: string } | null> => {
  const secret = makeSecret();
  const sealed = sealing.seal(secret, placeOf(tx.tenantId, id));
  const count = await tx.db.$executeRaw`
    UPDATE webhook_endpoint SET
      secret = ${sealed},
      previous_secret = CASE WHEN ${previousValidSeconds}::integer > 0 THEN secret END,
      previous_secret_until = CASE WHEN ${previousValidSeconds}::integer > 0
        THEN clock_timestamp() + ${previousValidSeconds}::integer * interval '1 second' END,
      updated_at = clock_timestamp()
    WHERE id = ${id}::uuid`;
  const endpoint = await findEndpoint(tx, id);
  return count === 0 || !endpoint ? null : { endpoint, secret };
};
