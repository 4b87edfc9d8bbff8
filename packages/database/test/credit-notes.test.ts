import { aDraft } from '@invoicepress/invoice/testing';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, test } from 'node:test';
import {
  acceptInvoices,
  claimInvoice,
  completeInvoice,
  failInvoice,
  linkCreditNote,
  withTenant,
} from '../src/index.ts';
import { anInvoice, startDatabase, type Tenant } from './start-database.ts';
import { aDocument, inTenant, withoutTenant } from './with-rows.ts';

const roles = await startDatabase({ poolSize: 8 });
after(() => roles[Symbol.asyncDispose]());
const tenant = await roles.tenant();

/** 356.64 with VAT. */
const aReadyInvoice = async (): Promise<string> => {
  const { id } = await anInvoice(roles, tenant);
  await withTenant(roles.worker, tenant.id, async (tx) => {
    const claimed = await claimInvoice(tx, { invoiceId: id, generation: 1 }, 60_000);
    assert.ok('claim' in claimed);
    await completeInvoice(tx, claimed.claim, [aDocument()]);
  });
  return id;
};

/** A credit note over 95.20 with VAT whose sender did not look how much is left. */
const credit = (invoiceId: string, { id, clientId }: Tenant = tenant): Promise<string> =>
  withTenant(roles.api, id, async (tx) => {
    const lines = [{ name: 'Consulting', quantity: '1', unitPrice: '80.00', taxRate: '19' }];
    const draft = aDraft({ number: randomUUID(), typeCode: '381', lines });
    const [outcome] = await acceptInvoices(tx, [draft], { clientId, now: new Date(), template: 'default@1' });
    assert.ok(outcome && 'accepted' in outcome);
    await linkCreditNote(tx, { creditNoteId: outcome.accepted.id, invoiceId, parts: {} });
    return outcome.accepted.id;
  });

const exceeds = /credit_within_invoice|would exceed/;

test('whoever writes, and however many at once, no invoice is credited beyond its total', async () => {
  const invoiceId = await aReadyInvoice();
  const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => credit(invoiceId)));
  assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 3); // 3 × 95.20 = 285.60
  for (const outcome of outcomes) if (outcome.status === 'rejected') assert.match(String(outcome.reason), exceeds);
});

test('a failed credit note gives its amount back, and takes it again only if it is still there', async () => {
  const invoiceId = await aReadyInvoice();
  const [failed] = [await credit(invoiceId), await credit(invoiceId), await credit(invoiceId)];
  await assert.rejects(credit(invoiceId), exceeds);
  await withTenant(roles.worker, tenant.id, async (tx) => {
    const claimed = await claimInvoice(tx, { invoiceId: failed, generation: 1 }, 60_000);
    assert.ok('claim' in claimed);
    await failInvoice(tx, claimed.claim, { code: 'template-error', reason: 'r', remedy: 'r' });
  });
  await credit(invoiceId);
  const again = `UPDATE invoice SET status = 'queued', generation = 2, failure_code = NULL WHERE id = '${failed}'`;
  await assert.rejects(inTenant(roles.api, tenant.id, again), exceeds);
});

test('only a ready invoice that is no credit note can be credited, by the transaction that accepts the credit note', async () => {
  const queued = await anInvoice(roles, tenant);
  await assert.rejects(credit(queued.id), /only a ready invoice/);
  const invoiceId = await aReadyInvoice();
  const { id: creditNoteId } = await anInvoice(roles, tenant, { typeCode: '381' });
  await assert.rejects(
    withTenant(roles.api, tenant.id, (tx) => linkCreditNote(tx, { creditNoteId, invoiceId, parts: {} })),
    /linked only by the transaction that accepts it/,
  );
});

test('what a credit note credits never changes, for its owner either', async () => {
  const creditNoteId = await credit(await aReadyInvoice());
  for (const sql of ["UPDATE credit_note_link SET parts = '{}'", 'DELETE FROM credit_note_link'])
    await assert.rejects(
      withoutTenant(roles.superuser, `${sql} WHERE credit_note_id = '${creditNoteId}'`),
      /never changes/,
    );
});
