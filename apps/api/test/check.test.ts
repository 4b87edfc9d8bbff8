import { InvoiceCheck } from '@invoicepress/client';
import { profiles } from '@invoicepress/invoice';
import { aDraft, aLine } from '@invoicepress/invoice/testing';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertProblem, faultsIn } from './assert-problem.ts';
import { sharedApi } from './start-api.ts';

const api = await sharedApi();
const tenant = await api.tenant();

test('a check tells for every profile whether it would be accepted, and if not why, and computes the totals', async () => {
  const check = await tenant.client.checkInvoice(aDraft());
  assert.deepEqual(InvoiceCheck.parse(check), check, 'it is as published');
  assert.deepEqual(Object.keys(check.profiles), [...profiles]);
  assert.deepEqual(check.profiles.en16931, { valid: true, violations: [] });
  const { valid, violations } = check.profiles.xrechnung;
  assert.equal(valid, false);
  const reference = violations.find(({ pointer }) => pointer === '/buyerReference');
  assert.deepEqual([reference?.rule, reference?.term], ['BR-DE-15', 'BT-10']);

  const { lineTotal, taxExclusive, tax, taxInclusive, payable, taxSubtotals } = check.totals;
  assert.deepEqual([lineTotal, taxExclusive, tax], ['299.70', '299.70', '56.94']);
  assert.deepEqual([taxInclusive, payable], ['356.64', '356.64']);
  assert.deepEqual(taxSubtotals, [{ category: 'S', rate: '19', taxable: '299.70', tax: '56.94' }]);
});

test('what breaks a rule of EN 16931 is valid in no profile', async () => {
  const check = await tenant.client.checkInvoice(aDraft({ lines: [aLine({ taxRate: '0' })] }));
  for (const { valid, violations } of Object.values(check.profiles)) {
    assert.equal(valid, false);
    assert.ok(violations.some(({ rule, pointer }) => rule === 'BR-S-05' && pointer === '/lines/0/taxRate'));
  }
});

test('a check needs no number and no series, and takes none', async () => {
  const { waiting } = await api.context.queue.depth();
  const { number: _, ...unnumbered } = aDraft();
  assert.equal((await tenant.client.checkInvoice(unnumbered)).profiles.en16931.valid, true);
  assert.equal(
    (await tenant.client.checkInvoice(aDraft({ series: 'nobody defined it' }))).profiles.en16931.valid,
    true,
  );
  assert.equal((await tenant.client.checkInvoice(aDraft())).profiles.en16931.valid, true);
  await tenant.client.checkInvoice(aDraft());
  assert.deepEqual((await tenant.client.listPage()).invoices, []);
  assert.deepEqual((await tenant.client.listEvents()).events, []);
  assert.equal((await api.context.queue.depth()).waiting, waiting);
});

test('no profile lists more than 50 violations', async () => {
  const lines = Array.from({ length: 60 }, () => aLine({ taxRate: '0' }));
  const check = await tenant.client.checkInvoice(aDraft({ lines }));
  assert.equal(check.profiles.en16931.violations.length, 50);
});

test('what is no invoice at all is refused as a submission is', async () => {
  const post = (body: unknown) => tenant.post('/v1/invoices/check', body);
  const { errors } = await assertProblem(await post({ ...aDraft(), currency: 'EUX', colour: 1 }), 'invalid-invoice');
  assert.deepEqual(errors?.map(({ pointer }) => pointer).toSorted(), ['/colour', '/currency']);
  const note = await assertProblem(await post(aDraft({ notes: [{ text: '' }] })), 'invalid-invoice');
  assert.match(faultsIn(note)['/notes/0/text'] ?? '', /is empty/);
  await assertProblem(await post('{"currency":'), 'malformed-request');
});

test('a check needs the scope of a submission', async () => {
  const reader = await api.tenant({ scopes: ['invoices:read'] });
  await assertProblem(await reader.post('/v1/invoices/check', aDraft()), 'missing-scope');
});

test('a check is an answer, not a resource', async () => {
  const response = await tenant.post('/v1/invoices/check', aDraft(), { 'idempotency-key': 'k' });
  assert.equal(response.status, 200);
  assert.equal(response.headers.get('cache-control'), 'no-store');
  const { profiles: verdicts } = (await response.json()) as InvoiceCheck;
  assert.ok(verdicts.peppol);
});
