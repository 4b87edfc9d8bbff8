import { createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import { decrypt, encrypt } from './aes-gcm.ts';
import { Contended } from './contention.ts';
import type { MasterKey } from './settings.ts';
import type { TenantTransaction } from './with-tenant.ts';

/** How long a process goes on with a key that it knows, in milliseconds: so soon a destroyed one is gone everywhere. */
export const KEY_LIFE_MS = 60_000;
/** Tenants whose keys a process knows at a time; a kilobyte or so each. */
const MAX_TENANTS = 10_000;
const KEY_BYTES = 32;

/**
 * A payload that does not open: `destroyed` with its tenant's key, wrapped by a master key that this process was not
 * given (`no-master-key`, which somebody else may have), or `broken`: changed, or moved here from another invoice.
 */
export class PayloadLocked extends Error {
  override readonly name = 'PayloadLocked';
  readonly why: 'destroyed' | 'no-master-key' | 'broken';
  constructor(why: PayloadLocked['why'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.why = why;
  }
}

export interface TenantKey {
  version: number;
  key: KeyObject;
}

/** A key as it was found: it can be used, or it is said why not. */
type Found = TenantKey | { version: number; locked: Exclude<PayloadLocked['why'], 'broken'>; wrappedBy: string };

/** The keys of tenants, as far as this process may have them. */
export interface PayloadKeys {
  /** What new payloads are sealed with; the tenant's first key is made by whoever asks first. Nothing without a master key. */
  sealing(tx: TenantTransaction): Promise<TenantKey> | undefined;
  /** What payloads of this version open with, if it is known already. */
  known(tenantId: string, version: number): KeyObject | undefined;
  /** @throws {PayloadLocked} */
  opening(tx: TenantTransaction, version: number): Promise<KeyObject>;
}

/** @param masterKeys the first wraps; all unwrap */
export const createPayloadKeys = (masterKeys: readonly MasterKey[]): PayloadKeys => {
  const masters = new Map(masterKeys.map(({ id, key }) => [id, key]));
  const [wrapping] = masterKeys;
  const kept = new Map<string, { until: number; keys: Found[] }>();

  const fresh = (tenantId: string): Found[] | undefined => {
    const found = kept.get(tenantId);
    return found && found.until > performance.now() ? found.keys : undefined;
  };
  const load = async (tx: TenantTransaction): Promise<Found[]> => {
    const rows = await readKeys(tx);
    const keys = rows.map((row): Found => unwrap(masters, tx.tenantId, row));
    // What this transaction has made itself may still come to nothing, and a missing master key may be given soon.
    if (rows.every(({ committed }) => committed) && keys.every((found) => 'key' in found || isDestroyed(found))) {
      kept.delete(tx.tenantId);
      kept.set(tx.tenantId, { until: performance.now() + KEY_LIFE_MS, keys });
      if (kept.size > MAX_TENANTS) kept.delete(kept.keys().next().value ?? '');
    }
    return keys;
  };
  const newest = async (tx: TenantTransaction, by: MasterKey): Promise<TenantKey> => {
    let keys = fresh(tx.tenantId) ?? (await load(tx));
    for (let tries = 0; tries < 3; tries++) {
      const live = keys.find((found) => !isDestroyed(found));
      if (live) return usable(live);
      const made = await makeKey(tx, by, (keys[0]?.version ?? 0) + 1);
      if (made) return made;
      keys = await load(tx); // somebody else was first
    }
    throw new Contended('no key could be made for a tenant; others keep making and destroying them');
  };
  return {
    sealing: (tx) => wrapping && newest(tx, wrapping),
    known: (tenantId, version) => {
      const found = fresh(tenantId)?.find((each) => each.version === version);
      return found && 'key' in found ? found.key : undefined;
    },
    opening: async (tx, version) => {
      const isIt = (each: Found) => each.version === version;
      const found = fresh(tx.tenantId)?.find(isIt) ?? (await load(tx)).find(isIt);
      if (!found) throw new PayloadLocked('broken', `the tenant has no key ${version}`);
      return usable(found).key;
    },
  };
};

const isDestroyed = (found: Found): boolean => 'locked' in found && found.locked === 'destroyed';

/** @throws {PayloadLocked} */
const usable = (found: Found): TenantKey => {
  if ('key' in found) return found;
  const { locked, version, wrappedBy } = found;
  throw new PayloadLocked(
    locked,
    locked === 'destroyed'
      ? `key ${version} of the tenant was destroyed, and with it what it had sealed`
      : `key ${version} of the tenant is wrapped by master key "${wrappedBy}", and PAYLOAD_MASTER_KEYS has none that fits`,
  );
};

/** Where a wrapped key belongs. */
export const placeOfKey = (tenantId: string, version: number, masterId: string): string =>
  `tenant_key ${tenantId} ${version} ${masterId}`;

interface KeyRow {
  version: number;
  wrapped_key: Uint8Array | null;
  wrapped_by: string;
  committed: boolean;
}

/** Newest first. */
const readKeys = ({ db }: TenantTransaction): Promise<KeyRow[]> => db.$queryRaw<KeyRow[]>`
  SELECT version, wrapped_key, wrapped_by, created_at < now() AS committed
  FROM tenant_key WHERE tenant_id = app_tenant() ORDER BY version DESC`;

const unwrap = (
  masters: ReadonlyMap<string, KeyObject>,
  tenantId: string,
  { version, wrapped_key: wrapped, wrapped_by: wrappedBy }: KeyRow,
): Found => {
  if (!wrapped) return { version, locked: 'destroyed', wrappedBy };
  const master = masters.get(wrappedBy);
  if (!master) return { version, locked: 'no-master-key', wrappedBy };
  try {
    return { version, key: createSecretKey(decrypt(master, wrapped, placeOfKey(tenantId, version, wrappedBy))) };
  } catch {
    return { version, locked: 'no-master-key', wrappedBy }; // another key of the same id
  }
};

/** @returns undefined when somebody else has made it meanwhile */
const makeKey = async (
  { db, tenantId }: TenantTransaction,
  master: MasterKey,
  version: number,
): Promise<TenantKey | undefined> => {
  const bytes = randomBytes(KEY_BYTES);
  const wrapped = encrypt(master.key, bytes, placeOfKey(tenantId, version, master.id));
  const made = await db.$executeRaw`
    INSERT INTO tenant_key (tenant_id, version, wrapped_key, wrapped_by)
    VALUES (app_tenant(), ${version}::int, ${wrapped}, ${master.id}) ON CONFLICT DO NOTHING`;
  return made === 1 ? { version, key: createSecretKey(bytes) } : undefined;
};
