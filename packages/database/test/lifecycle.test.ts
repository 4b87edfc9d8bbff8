import { mayFollow, statuses, type InvoiceStatus } from '@invoicepress/invoice';
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import {
  cancelInvoice,
  claimInvoice,
  completeInvoice,
  extendLease,
  failInvoice,
  findInvoice,
  LeaseLost,
  releaseInvoice,
  withTenant,
  type Claim,
} from '../src/index.ts';
import { anInvoice, startDatabase } from './start-database.ts';
import { aDocument, withoutTenant } from './with-rows.ts';

const roles = await startDatabase();
after(() => roles[Symbol.asyncDispose]());
const tenant = await roles.tenant();

const LEASE_MS = 60_000;
const failure = { code: 'template-error', reason: 'The logo is no image.', remedy: 'Send a PNG.' } as const;

const claim = async (invoiceId: string, leaseMs = LEASE_MS): Promise<Claim> => {
  const outcome = await withTenant(roles.worker, tenant.id, (tx) =>
    claimInvoice(tx, { invoiceId, generation: 1 }, leaseMs),
  );
  assert.ok('claim' in outcome, JSON.stringify(outcome));
  return outcome.claim;
};
const read = async (id: string) => {
  const invoice = await withTenant(roles.api, tenant.id, (tx) => findInvoice(tx, id));
  assert.ok(invoice);
  return invoice;
};

/** A new invoice that came to a status by the verbs that lead there. */
const anInvoiceThatIs = async (status: InvoiceStatus): Promise<string> => {
  const { id } = await anInvoice(roles, tenant);
  if (status === 'queued') return id;
  if (status === 'canceled') {
    await withTenant(roles.api, tenant.id, (tx) => cancelInvoice(tx, id));
    return id;
  }
  const lease = await claim(id);
  if (status === 'ready') await withTenant(roles.worker, tenant.id, (tx) => completeInvoice(tx, lease, [aDocument()]));
  if (status === 'failed') await withTenant(roles.worker, tenant.id, (tx) => failInvoice(tx, lease, failure));
  return id;
};

/** By the superuser, whom no grant and no policy binds, and with all that goes along with the status. */
const force = (id: string, to: InvoiceStatus) =>
  withoutTenant(
    roles.superuser,
    `UPDATE invoice SET status = '${to}', lease_epoch = lease_epoch + 1,
       generation = generation + (status = 'failed' AND '${to}' = 'queued')::integer,
       failure_code = ${to === 'failed' ? "'x'" : 'NULL'}, ready_at = ${to === 'ready' ? 'now()' : 'NULL'}
     WHERE id = $1::uuid`,
    id,
  );

for (const from of statuses) {
  test(`from ${from} nobody goes where the lifecycle has no edge`, async () => {
    for (const to of statuses.filter((status) => status !== from)) {
      const id = await anInvoiceThatIs(from);
      const forced = force(id, to);
      if (mayFollow(from, to)) await forced;
      else await assert.rejects(forced, /invoice_final|invoice_lifecycle|never changes|cannot go from/);
      assert.equal((await read(id)).status, mayFollow(from, to) ? to : from);
    }
  });
}

test('nothing about a ready or canceled invoice changes, nor its documents, whoever asks', async () => {
  for (const status of ['ready', 'canceled'] as const) {
    const id = await anInvoiceThatIs(status);
    const before = await read(id);
    for (const assignment of ["number = 'X'", 'payable = 0', 'lease_epoch = lease_epoch + 1', 'revision = 99']) {
      await assert.rejects(
        withoutTenant(roles.superuser, `UPDATE invoice SET ${assignment} WHERE id = $1::uuid`, id),
        /never changes/,
      );
    }
    assert.deepEqual(await read(id), before);
  }
  const id = await anInvoiceThatIs('ready');
  const change = "UPDATE document SET storage_key = 'elsewhere' WHERE invoice_id = $1::uuid";
  await assert.rejects(withoutTenant(roles.superuser, change, id), /never changes/);
  await assert.rejects(
    withoutTenant(roles.superuser, 'DELETE FROM document WHERE invoice_id = $1::uuid', id),
    /never changes/,
  );
});

test('a document comes with the transaction that makes its invoice ready, or not at all', async () => {
  const insert = (id: string) =>
    withoutTenant(
      roles.superuser,
      `INSERT INTO document (id, tenant_id, invoice_id, format, storage_key, sha256, size_bytes, media_type)
       SELECT gen_random_uuid(), tenant_id, id, 'late', 'k', repeat('a', 64), 1, 'text/plain' FROM invoice WHERE id = $1::uuid`,
      id,
    );
  for (const status of statuses) {
    await assert.rejects(insert(await anInvoiceThatIs(status)), /comes only with the transaction/, status);
  }
});

test('a lease epoch never shrinks, and a claim without a higher one is refused', async () => {
  const id = await anInvoiceThatIs('rendering');
  await assert.rejects(
    withoutTenant(roles.superuser, 'UPDATE invoice SET lease_epoch = lease_epoch - 1 WHERE id = $1::uuid', id),
    /only grows/,
  );
  const queued = await anInvoiceThatIs('queued');
  await assert.rejects(
    withoutTenant(roles.superuser, "UPDATE invoice SET status = 'rendering' WHERE id = $1::uuid", queued),
    /only grows/,
  );
});

test('a generation grows with a retry alone', async () => {
  for (const status of ['queued', 'rendering', 'failed'] as const) {
    const id = await anInvoiceThatIs(status);
    await assert.rejects(
      withoutTenant(roles.superuser, 'UPDATE invoice SET generation = generation + 1 WHERE id = $1::uuid', id),
      /the generation/,
    );
  }
});

test('a lease that is extended is not taken over, and nothing that a reader sees changes', async () => {
  const { id } = await anInvoice(roles, tenant);
  const lease = await claim(id, -1);
  const before = await read(id);
  await withTenant(roles.worker, tenant.id, (tx) => extendLease(tx, lease, LEASE_MS));
  const outcome = await withTenant(roles.worker, tenant.id, (tx) =>
    claimInvoice(tx, { invoiceId: id, generation: 1 }, LEASE_MS),
  );
  assert.ok('heldForMs' in outcome && outcome.heldForMs > 0);
  const { revision, updatedAt } = await read(id);
  assert.deepEqual([revision, updatedAt], [before.revision, before.updatedAt]);
});

test('a lease that another has cannot be extended', async () => {
  const { id } = await anInvoice(roles, tenant);
  const lost = await claim(id, -1);
  await claim(id);
  await assert.rejects(
    withTenant(roles.worker, tenant.id, (tx) => extendLease(tx, lost, LEASE_MS)),
    LeaseLost,
  );
});

test('attempts count the claims of a generation, but not those that were given back uncounted', async () => {
  const { id } = await anInvoice(roles, tenant);
  const attemptsAfter = async (counts: boolean) => {
    const lease = await claim(id);
    await withTenant(roles.worker, tenant.id, (tx) => releaseInvoice(tx, lease, { counts }));
    return (await read(id)).attempts;
  };
  assert.deepEqual([await attemptsAfter(true), await attemptsAfter(false), await attemptsAfter(true)], [1, 1, 2]);
  assert.equal((await claim(id)).attempts, 3);
});
