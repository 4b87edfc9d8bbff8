import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accountsOf, paymentMeansCode, type Payment } from '@invoicepress/invoice';

const iban = 'DE89370400440532013000';
const means: [given: string, payment: Payment, currency: string, code: string | undefined][] = [
  ['an IBAN, in euros', { iban }, 'EUR', '58'],
  ['an IBAN, in another currency', { iban }, 'CHF', '30'],
  ['a local account', { accountId: '12345678' }, 'EUR', '30'],
  ['accounts with and without an IBAN', { iban, moreAccounts: [{ accountId: '1' }] }, 'EUR', '30'],
  ['a card', { card: { number: '1111' }, iban }, 'EUR', '48'],
  ['a mandate', { directDebit: { mandateId: 'M', creditorId: 'C', debitedIban: iban } }, 'EUR', '59'],
  ['a code', { meansCode: '57', iban }, 'EUR', '57'],
  ['a reference alone', { reference: 'RF18539007547034' }, 'EUR', '1'],
  ['words alone', { meansText: 'In shells' }, 'EUR', '1'],
  ['terms alone', { terms: 'Net 30' }, 'EUR', undefined],
];

for (const [given, payment, currency, code] of means) {
  test(`${given}: payment means ${code ?? 'unknown'}`, () => assert.equal(paymentMeansCode(payment, currency), code));
}

test('the first account stands in the payment, others in a list', () => {
  const pointers = (payment: Payment) => accountsOf(payment).map(({ pointer }) => pointer);
  assert.deepEqual(pointers({ terms: 'Net 30' }), []);
  assert.deepEqual(pointers({ iban, moreAccounts: [{ iban }] }), ['/payment', '/payment/moreAccounts/0']);
  assert.deepEqual(pointers({ moreAccounts: [{ iban }] }), ['/payment/moreAccounts/0']);
});
