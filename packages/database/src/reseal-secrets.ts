import { operatorAct, recordAudit } from './audit.ts';
import type { Database } from './open-database.ts';
import type { Sealing } from './sealing.ts';
import { placeOf } from './webhook-endpoints.ts';
import { withTenant } from './with-tenant.ts';

/**
 * Administration (the migrator's role): seals every webhook secret anew, with the first key of `sealing`, so that the
 * keys which only open can be given up. It may run beside everything else, and again.
 * @returns how many endpoints were sealed anew
 * @throws {SealBroken} none of the keys opens a secret; what was sealed anew until then stays so
 */
export const resealSecrets = async (database: Database, sealing: Sealing): Promise<number> => {
  let resealed = 0;
  const tenants = await database.prisma.tenant.findMany({ select: { id: true }, orderBy: { id: 'asc' } });
  for (const { id: tenantId } of tenants) {
    resealed += await withTenant(database, tenantId, async (tx) => {
      const { db } = tx;
      // Held until the end, so that a secret which is rotated meanwhile is not overwritten.
      const endpoints = await db.$queryRaw<{ id: string; secret: Uint8Array; previous_secret: Uint8Array | null }[]>`
        SELECT id, secret, previous_secret FROM webhook_endpoint WHERE tenant_id = ${tenantId}::uuid FOR UPDATE`;
      for (const { id, secret, previous_secret: previous } of endpoints) {
        const place = placeOf(tenantId, id);
        const anew = (sealed: Uint8Array) => sealing.seal(sealing.open(sealed, place), place);
        await db.$executeRaw`
          UPDATE webhook_endpoint SET secret = ${anew(secret)}, previous_secret = ${previous && anew(previous)}
          WHERE id = ${id}::uuid`;
      }
      if (endpoints.length > 0)
        await recordAudit(tx, operatorAct('admin reseal-webhook-secrets'), { touched: endpoints.map(({ id }) => id) });
      return endpoints.length;
    });
  }
  return resealed;
};
