import type { InvoiceDraft } from '@invoicepress/invoice';
import { aDraft } from '@invoicepress/invoice/testing';
import { testDatabase, type TestDatabase } from '@invoicepress/stack/testing';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import {
  acceptInvoices,
  createClient,
  databaseSettings,
  ensureTenant,
  openDatabase,
  withTenant,
} from '../src/index.ts';
import type { Acceptance, Database, InvoiceRecord } from '../src/index.ts';

export interface Tenant {
  id: string;
  clientId: string;
}

/** A database of its own, opened by every role that works with it. */
export interface Roles extends AsyncDisposable {
  postgres: TestDatabase;
  api: Database;
  worker: Database;
  sweeper: Database;
  auditor: Database;
  migrator: Database;
  privacy: Database;
  /** Whom no policy binds: to arrange what cannot be arranged otherwise, and to look behind the policies. */
  superuser: Database;
  tenant(): Promise<Tenant>;
}

export const startDatabase = async ({ poolSize = 4 }: { poolSize?: number } = {}): Promise<Roles> => {
  await using parts = new AsyncDisposableStack();
  const postgres = parts.use(await testDatabase());
  const open = (role: keyof TestDatabase['urls']): Database =>
    parts.use(
      openDatabase(databaseSettings.parse({ DATABASE_URL: postgres.urls[role], DATABASE_POOL_SIZE: poolSize }), {
        applicationName: `${role}-in-tests`,
      }),
    );
  const roles = {
    api: open('api'),
    worker: open('worker'),
    sweeper: open('sweeper'),
    auditor: open('auditor'),
    migrator: open('migrator'),
    privacy: open('privacy'),
    superuser: open('superuser'),
  };
  const running = parts.move();
  return {
    postgres,
    ...roles,
    tenant: async () => {
      const id = await ensureTenant(roles.migrator, { slug: randomUUID(), name: 'Kontor Nordlicht' });
      const clientId = await createClient(roles.migrator, {
        tenantId: id,
        name: 'shop',
        secretHash: new Uint8Array(32),
        scopes: ['invoices:write'],
      });
      assert.ok(clientId);
      return { id, clientId };
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
};

const NOW = new Date('2026-11-22T12:00:00Z');

export const accept = (database: Database, { id, clientId }: Tenant, drafts: InvoiceDraft[]): Promise<Acceptance[]> =>
  withTenant(database, id, (tx) => acceptInvoices(tx, drafts, { clientId, now: NOW, template: 'default@1' }));

/** A queued invoice, under a number of its own. */
export const anInvoice = async (
  { api }: Roles,
  tenant: Tenant,
  overrides: Partial<InvoiceDraft> = {},
): Promise<InvoiceRecord> => {
  const [outcome] = await accept(api, tenant, [aDraft({ number: randomUUID(), ...overrides })]);
  assert.ok(outcome && 'accepted' in outcome);
  return outcome.accepted;
};
