import { BatchOutcome } from '@invoicepress/client';
import { aDraft } from '@invoicepress/invoice/testing';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertProblem, faultsIn } from './assert-problem.ts';
import { sharedApi } from './start-api.ts';

const api = await sharedApi();

const drafts = (count: number, prefix: string) =>
  Array.from({ length: count }, (_, i) => aDraft({ number: `${prefix}-${i}` }));

test('each invoice of a batch has its outcome, in the order of submission', async () => {
  const tenant = await api.tenant();
  const taken = await tenant.client.submitInvoice(aDraft({ number: 'taken', externalId: 'order-1' }));
  const invoices = [
    aDraft({ number: 'A' }),
    aDraft({ currency: 'nothing' }),
    aDraft({ number: 'taken' }),
    aDraft({ number: 'B', externalId: 'order-1' }),
    aDraft({ number: 'C' }),
    aDraft({ number: 'C' }),
    null,
    aDraft({ series: 'nobody' }),
    aDraft({ number: 'D', totals: { tax: '0' } }),
  ];
  const response = await tenant.post('/v1/invoices/batch', { invoices });
  assert.equal(response.status, 202);
  const batch = BatchOutcome.parse(await response.json());
  assert.deepEqual([batch.accepted, batch.refused], [2, 7]);

  const told = batch.outcomes.map((outcome) => {
    if ('invoice' in outcome) return outcome.invoice.number;
    assert.equal(outcome.problem.status, outcome.status);
    return `${outcome.status} ${outcome.problem.type.split('/').at(-1)}`;
  });
  assert.deepEqual(told, [
    'A',
    '422 invalid-invoice',
    '409 number-taken',
    '409 external-id-taken',
    'C',
    '409 number-taken',
    '422 invalid-invoice',
    '422 invalid-invoice',
    '422 invalid-invoice',
  ]);
  const [, , numberTaken, externalIdTaken] = batch.outcomes;
  for (const outcome of [numberTaken, externalIdTaken])
    assert.ok(outcome && 'problem' in outcome && outcome.problem.detail.includes(taken.id));
  const last = batch.outcomes.at(-1);
  assert.ok(
    last && 'problem' in last && '/totals/tax' in faultsIn(last.problem),
    'pointers lead into the invoice, not into the batch',
  );
  assert.equal((await tenant.client.listPage()).invoices.length, 3);
});

test('what a batch answers is what is stored', async () => {
  const tenant = await api.tenant();
  const { outcomes } = await tenant.client.submitBatch(drafts(3, 'S'));
  for (const outcome of outcomes) assert.ok('invoice' in outcome && outcome.invoice.status === 'queued');
  const answered = outcomes.map((outcome) => 'invoice' in outcome && outcome.invoice);
  assert.deepEqual((await tenant.client.listPage()).invoices.toReversed(), answered);
});

test('a thousand invoices are one batch, and each has its job', async () => {
  const tenant = await api.tenant();
  const { waiting } = await api.context.queue.depth();
  const { accepted, outcomes } = await tenant.client.submitBatch(drafts(1_000, 'T'));
  assert.equal(accepted, 1_000);
  assert.deepEqual(
    outcomes.map((outcome) => 'invoice' in outcome && outcome.invoice.number),
    drafts(1_000, 'T').map(({ number }) => number),
  );
  assert.equal((await api.context.queue.depth()).waiting, waiting + 1_000);
});

test('a batch of more than a thousand, of none, or of something else is refused whole', async () => {
  const tenant = await api.tenant();
  for (const [body, pointer] of [
    [{ invoices: drafts(1_001, 'X') }, '/invoices'],
    [{ invoices: [] }, '/invoices'],
    [{ invoices: aDraft() }, '/invoices'],
    [{}, '/invoices'],
    [[aDraft()], ''],
    [{ invoices: [aDraft()], dryRun: true }, '/dryRun'],
  ] as const) {
    const faults = faultsIn(await assertProblem(await tenant.post('/v1/invoices/batch', body), 'invalid-request'));
    assert.ok(pointer in faults, JSON.stringify(faults));
  }
  assert.equal((await tenant.client.listPage()).invoices.length, 0);
});

test('batches that share numbers in opposite orders do not stop each other', async () => {
  const tenant = await api.tenant();
  const invoices = drafts(300, 'D').map((draft, i) => ({ ...draft, externalId: `order-${(i * 7) % 300}` }));
  const outcomes = await Promise.all(
    [invoices, invoices.toReversed(), invoices, invoices.toReversed()].map((batch) => tenant.client.submitBatch(batch)),
  );
  assert.equal(
    outcomes.reduce((sum, { accepted }) => sum + accepted, 0),
    300,
  );
});
