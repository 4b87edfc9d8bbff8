/** Invoices that lie sealed in the database become documents, where their key is there, and say why where it is not. */
import {
  acceptInvoices,
  openClaim,
  payloadSettings,
  rewrapKeys,
  sealPayloads,
  withTenant,
  type Claim,
} from '@invoicepress/database';
import { aDraft } from '@invoicepress/invoice/testing';
import type { RenderInvoice } from '@invoicepress/queue';
import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { after, describe, test } from 'node:test';
import { aWorker, type Worker } from './a-worker.ts';
import { aSite } from './site.ts';

const parts = new AsyncDisposableStack();
const [former, next] = ['former', 'next'].map((id) => `${id}:${randomBytes(32).toString('base64')}`);
const site = parts.use(await aSite({ masterKeys: `${former},${next}` }));
const { prisma } = site.superuser;
/** It is not told the key that the first invoice is accepted with: a roll-out that came in the wrong order. */
const worker = parts.use(await aWorker(site, { environment: { PAYLOAD_MASTER_KEYS: next! } }));

const draft = { buyer: { ...aDraft().buyer, name: 'Erika Musterfrau' }, formats: ['json', 'pdf'] as const };
const accept = async (): Promise<RenderInvoice> => (await site.accept(draft as never))[0]!;
const stored = async ({ invoiceId }: RenderInvoice): Promise<string> => {
  const [row] = await prisma.$queryRaw<{ text: string }[]>`
    SELECT issued::text AS text FROM invoice_payload WHERE invoice_id = ${invoiceId}::uuid`;
  return row!.text;
};
const documents = async (job: RenderInvoice): Promise<Buffer[]> =>
  Promise.all(
    (await site.invoice(job)).documents.map(async (each) => Buffer.from(await site.storage.get(each.storageKey))),
  );
const failureOf = async (by: Worker, job: RenderInvoice) => {
  const { outcome } = await by.attempt(job);
  const { status, failureCode, failureReason, failureRemedy } = await site.invoice(job);
  assert.deepEqual([outcome, status], ['unrecoverable', 'failed'], 'at once, and not again and again');
  return [failureCode, failureReason, failureRemedy].join(': ');
};

describe('invoices that lie sealed', () => {
  // Now and not with the process, in which others count renderers.
  after(() => parts.disposeAsync());

  test('a sealed invoice waits for a master key that its worker lacks, and is rendered when the key has changed', async () => {
    const job = await accept();
    assert.ok(!(await stored(job)).includes('Musterfrau'), 'nobody reads the name in the database');
    const delayed = await worker.attempt(job, { attempt: 5, lastAttempt: true });
    const waiting = await site.invoice(job);
    assert.deepEqual(
      [delayed.outcome, waiting.status, waiting.attempts],
      ['delay', 'queued', 0],
      'it costs no attempt',
    );
    assert.match(JSON.stringify(worker.logged('render_delayed')), /wrapped by master key \\"former\\"/);

    const { PAYLOAD_MASTER_KEYS: masterKeys } = payloadSettings.parse({ PAYLOAD_MASTER_KEYS: `${next},${former}` });
    assert.equal(await rewrapKeys(site.migrator, site.tenantId, masterKeys), 1);
    assert.equal(await rewrapKeys(site.migrator, site.tenantId, masterKeys), 0, 'it may be run again');
    assert.deepEqual(await worker.attempt(job), { outcome: 'done' });
    const [json] = await documents(job);
    assert.match(json!.toString(), /Erika Musterfrau/);
  });

  test('what lies in the clear is rendered, and is sealed afterwards without a letter of it changed', async () => {
    const acceptPlain = async (): Promise<RenderInvoice> => {
      const options = { clientId: site.clientId, now: new Date(), template: 'default@1' };
      const [outcome] = await withTenant(site.superuser, site.tenantId, (tx) =>
        acceptInvoices(tx, [aDraft({ ...(draft as object), number: randomUUID() })], options),
      );
      assert.ok(outcome && 'accepted' in outcome);
      return { tenantId: site.tenantId, invoiceId: outcome.accepted.id, generation: 1 };
    };
    const [ready, queued] = [await acceptPlain(), await acceptPlain()];
    assert.deepEqual(await worker.attempt(ready), { outcome: 'done' });
    const clear = await stored(ready);
    assert.match(clear, /Erika Musterfrau/);

    const far: number[] = [];
    assert.equal(await sealPayloads(site.migrator, site.tenantId, (count) => far.push(count)), 2);
    assert.deepEqual(
      [far, await sealPayloads(site.migrator, site.tenantId)],
      [[2], 0],
      'it tells, and may be run again',
    );
    for (const job of [ready, queued]) assert.ok(!(await stored(job)).includes('Musterfrau'));
    const claim = { ...({ invoiceId: ready.invoiceId } as Claim), issued: await stored(ready) };
    assert.equal((await openClaim(worker.context.database, site.tenantId, claim)).issued, clear);
    assert.deepEqual(await worker.attempt(queued), { outcome: 'done' });
  });

  test('a payload that was moved to another invoice, or changed, does not open', async () => {
    const [from, to, changed] = [await accept(), await accept(), await accept()];
    await prisma.$executeRaw`
    UPDATE invoice_payload SET issued = (SELECT issued FROM invoice_payload WHERE invoice_id = ${from.invoiceId}::uuid)
    WHERE invoice_id = ${to.invoiceId}::uuid`;
    assert.match(await failureOf(worker, to), /^payload-unreadable: .*does not open.*: Report it/);
    await prisma.$executeRaw`
    UPDATE invoice_payload SET issued = jsonb_set(issued, '{sealed}', to_jsonb(overlay(issued ->> 'sealed' PLACING 'AAAA' FROM 90)))
    WHERE invoice_id = ${changed.invoiceId}::uuid`;
    assert.match(await failureOf(worker, changed), /^payload-unreadable: /);
    assert.deepEqual(await worker.attempt(from), { outcome: 'done' }, 'where it belongs it does');
  });

  test('a queued invoice whose key is destroyed fails at once, with the remedy', async () => {
    const job = await accept();
    await prisma.$executeRaw`UPDATE tenant_key SET wrapped_key = NULL, destroyed_at = now()`;
    await using later = await aWorker(site, { environment: { PAYLOAD_MASTER_KEYS: next! } });
    assert.match(await failureOf(later, job), /^payload-destroyed: key 1 .*: Submit the invoice anew/);
  });
});
