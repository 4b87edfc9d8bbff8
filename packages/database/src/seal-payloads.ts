/** Administration of what is sealed with tenants' keys: the migrator's role, with PAYLOAD_MASTER_KEYS. */
import { operatorAct, recordAudit } from './audit.ts';
import { decrypt, encrypt } from './aes-gcm.ts';
import type { Database } from './open-database.ts';
import { PayloadLocked, placeOfKey } from './payload-keys.ts';
import { sealPayload } from './payload-sealing.ts';
import type { MasterKey } from './settings.ts';
import { withTenant, type TenantTransaction } from './with-tenant.ts';

/** Payloads of one transaction: of the largest that are accepted by default, 100 MB. */
const BATCH = 25;

/**
 * Seals the payloads of a tenant that were stored in the clear. In bounded batches; it may run beside everything else, and
 * goes on where it was stopped.
 * @returns how many
 */
export const sealPayloads = async (
  database: Database,
  tenantId: string,
  onProgress: (sealed: number) => void = () => {},
): Promise<number> => {
  let sealed = 0;
  for (let after: string | undefined = NIL; after !== undefined;) {
    const from: string = after;
    const ids = await withTenant(database, tenantId, (tx) => sealBatch(tx, from));
    sealed += ids.length;
    after = ids.length === BATCH ? ids.at(-1) : undefined;
    if (ids.length > 0) onProgress(sealed);
  }
  return sealed;
};

const NIL = '00000000-0000-0000-0000-000000000000';

/** Held until they are sealed: what is erased meanwhile does not come back. */
const sealBatch = async (tx: TenantTransaction, after: string): Promise<string[]> => {
  const rows = await tx.db.$queryRaw<{ id: string; text: string; country: string | null }[]>`
    SELECT invoice_id AS id, issued::text AS text, issued #>> '{seller,address,country}' AS country
    FROM invoice_payload
    WHERE tenant_id = app_tenant() AND invoice_id > ${after}::uuid AND NOT issued ? 'sealed'
    ORDER BY invoice_id LIMIT ${BATCH} FOR UPDATE`;
  if (rows.length === 0) return [];
  const key = await tx.payloadKeys.sealing(tx);
  if (!key) throw new Error('PAYLOAD_MASTER_KEYS is missing; give the keys that API and workers have');
  const sealed = rows.map(({ id, text, country }) => ({
    invoice_id: id,
    issued: sealPayload(key, { tenantId: tx.tenantId, invoiceId: id }, { text, country: country ?? '' }),
  }));
  await tx.db.$executeRaw`
    UPDATE invoice_payload payload SET issued = sealed.issued
    FROM jsonb_to_recordset(${JSON.stringify(sealed)}::jsonb) AS sealed (invoice_id uuid, issued jsonb)
    WHERE payload.tenant_id = app_tenant() AND payload.invoice_id = sealed.invoice_id`;
  const ids = rows.map(({ id }) => id);
  await recordAudit(tx, operatorAct('admin seal-payloads'), { touched: ids });
  return ids;
};

/**
 * Wraps a tenant's keys anew, with the first of the master keys, so that those which only unwrap can be given up. What the
 * keys have sealed stays as it is. It may run beside everything else, and again.
 * @returns how many were wrapped anew
 * @throws {PayloadLocked} one is wrapped by a master key that is not among these
 */
export const rewrapKeys = async (
  database: Database,
  tenantId: string,
  masterKeys: readonly MasterKey[],
): Promise<number> => {
  const [wrapping] = masterKeys;
  if (!wrapping) throw new Error('PAYLOAD_MASTER_KEYS is missing; give the next key, then the one before');
  const masters = new Map(masterKeys.map(({ id, key }) => [id, key]));
  return withTenant(database, tenantId, async (tx) => {
    // Held until the end, so that none is destroyed meanwhile and comes back.
    const rows = await tx.db.$queryRaw<{ version: number; wrapped_key: Uint8Array; wrapped_by: string }[]>`
      SELECT version, wrapped_key, wrapped_by FROM tenant_key
      WHERE tenant_id = app_tenant() AND destroyed_at IS NULL AND wrapped_by <> ${wrapping.id} FOR UPDATE`;
    for (const { version, wrapped_key: wrapped, wrapped_by: by } of rows) {
      const master = masters.get(by);
      if (!master)
        throw new PayloadLocked(
          'no-master-key',
          `a key is wrapped by master key "${by}"; add it to PAYLOAD_MASTER_KEYS`,
        );
      const bytes = decrypt(master, wrapped, placeOfKey(tenantId, version, by));
      const anew = encrypt(wrapping.key, bytes, placeOfKey(tenantId, version, wrapping.id));
      await tx.db.$executeRaw`
        UPDATE tenant_key SET wrapped_key = ${anew}, wrapped_by = ${wrapping.id}
        WHERE tenant_id = app_tenant() AND version = ${version}::int`;
    }
    if (rows.length > 0) await recordAudit(tx, operatorAct('admin rewrap-payload-keys'), { touched: [tenantId] });
    return rows.length;
  });
};
