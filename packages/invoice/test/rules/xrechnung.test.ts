import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkDraft, type Payment } from '@invoicepress/invoice';
import { aLine } from '../a-draft.ts';
import { aGermanDraft, without } from './drafts.ts';
import { holds, violates } from './table.ts';

const { seller, buyer } = aGermanDraft();
const iban = 'DE89370400440532013000';
const paying = (payment: Payment) => aGermanDraft({ payment });
const directDebit = { mandateId: 'M-1', creditorId: 'DE98ZZZ09999999999', debitedIban: 'DE89370400440532013000' };
const contactOf = (contact: object) =>
  aGermanDraft({ seller: { ...seller, contact: { ...seller.contact, ...contact } } });
const file = { name: 'Hours.csv', mediaType: 'text/csv', base64: 'YQ==' };

violates([
  ['BR-DE-1', '/payment', /say how to pay/, without(aGermanDraft(), 'payment')],
  ['BR-DE-1', '/payment', /say how to pay/, paying({ terms: 'Net 30' })],
  ['BR-DE-2', '/seller/contact', /name, phone and email/, aGermanDraft({ seller: without(seller, 'contact') })],
  [
    'BR-DE-3',
    '/seller/address/city',
    /city/,
    aGermanDraft({ seller: { ...seller, address: without(seller.address, 'city') } }),
  ],
  [
    'BR-DE-4',
    '/seller/address/postCode',
    /post code/,
    aGermanDraft({ seller: { ...seller, address: without(seller.address, 'postCode') } }),
  ],
  ['BR-DE-5', '/seller/contact/name', /name/, contactOf({ name: undefined })],
  ['BR-DE-6', '/seller/contact/phone', /telephone/, contactOf({ phone: undefined })],
  ['BR-DE-7', '/seller/contact/email', /e-mail/, contactOf({ email: undefined })],
  [
    'BR-DE-8',
    '/buyer/address/city',
    /city/,
    aGermanDraft({ buyer: { ...buyer, address: without(buyer.address, 'city') } }),
  ],
  [
    'BR-DE-9',
    '/buyer/address/postCode',
    /post code/,
    aGermanDraft({ buyer: { ...buyer, address: without(buyer.address, 'postCode') } }),
  ],
  [
    'BR-DE-10',
    '/delivery/address/city',
    /city/,
    aGermanDraft({ delivery: { address: { country: 'DE', postCode: '1' } } }),
  ],
  [
    'BR-DE-11',
    '/delivery/address/postCode',
    /post/,
    aGermanDraft({ delivery: { address: { country: 'DE', city: 'X' } } }),
  ],
  ['BR-DE-15', '/buyerReference', /Leitweg-ID/, without(aGermanDraft(), 'buyerReference')],
  ['BR-DE-17', '/typeCode', /386 is not used in Germany/, aGermanDraft({ typeCode: '386' })],
  [
    'BR-DE-18',
    '/payment/terms',
    /#SKONTO#TAGE=14#PROZENT=2\.00#/,
    paying({ iban, terms: '#SKONTO#TAGE=14#PROZENT=2#\n' }),
  ],
  ['BR-DE-18', '/payment/terms', /line of its own/, paying({ iban, terms: '#SKONTO#TAGE=14#PROZENT=2.00# or so' })],
  ['BR-DE-19', '/payment/iban', /goes to an IBAN/, paying({ meansCode: '58', accountId: '12345678' })],
  [
    'BR-DE-20',
    '/payment/directDebit/debitedIban',
    /comes from an IBAN/,
    paying({ directDebit: { ...directDebit, debitedIban: 'DE00' } }),
  ],
  ['BR-DE-23-b', '/payment/card', /goes without a card/, paying({ iban, card: { number: '1111' }, meansCode: '58' })],
  ['BR-DE-24-a', '/payment', /54 needs a card/, paying({ meansCode: '54' })],
  ['BR-DE-24-b', '/payment/iban', /48 goes without an account/, paying({ iban, card: { number: '1111' } })],
  ['BR-DE-25-b', '/payment/iban', /59 goes without an account/, paying({ iban, directDebit })],
  [
    'BR-DE-22',
    '/attachments/1/file/name',
    /another file/,
    aGermanDraft({
      attachments: [
        { id: '1', file },
        { id: '2', file: { ...file, name: 'hours.CSV' } },
      ],
    }),
  ],
  ['BR-DE-26', '/precedingInvoices', /names the invoice that it corrects/, aGermanDraft({ typeCode: '384' })],
  ['BR-DE-27', '/seller/contact/phone', /three digits/, contactOf({ phone: '+49' })],
  ['BR-DE-28', '/seller/contact/email', /no e-mail/, contactOf({ email: 'jette@nordlicht' })],
  [
    'PEPPOL-EN16931-R010',
    '/buyer/electronicAddress',
    /where electronic invoices arrive/,
    aGermanDraft({ buyer: without(buyer, 'electronicAddress') }),
  ],
  [
    'PEPPOL-EN16931-R020',
    '/seller/electronicAddress',
    /scheme of the EAS list/,
    aGermanDraft({ seller: without(seller, 'electronicAddress') }),
  ],
  ['PEPPOL-EN16931-R061', '/payment/directDebit', /names its mandate/, paying({ meansCode: '49' })],
  [
    'PEPPOL-EN16931-R040',
    '/allowances/0/amount',
    /10 per cent of 50\.00 is 5, not 6\.00/,
    aGermanDraft({ allowances: [{ reason: 'X', amount: '6', percent: '10', baseAmount: '50.00', taxRate: '19' }] }),
  ],
  [
    'PEPPOL-EN16931-R041',
    '/lines/0/charges/0/baseAmount',
    /what the percentage is of/,
    aGermanDraft({ lines: [aLine({ charges: [{ reason: 'X', amount: '6', percent: '10' }] })] }),
  ],
  [
    'PEPPOL-EN16931-R042',
    '/charges/0/percent',
    /how many per cent/,
    aGermanDraft({ charges: [{ reason: 'X', amount: '6', baseAmount: '50', taxRate: '19' }] }),
  ],
  [
    'PEPPOL-EN16931-R110',
    '/lines/0/period/start',
    /starts on 2026-02-01/,
    aGermanDraft({ period: { start: '2026-02-01' }, lines: [aLine({ period: { start: '2026-01-31' } })] }),
  ],
  [
    'PEPPOL-EN16931-R111',
    '/lines/0/period/end',
    /ends on 2026-02-28/,
    aGermanDraft({ period: { end: '2026-02-28' }, lines: [aLine({ period: { end: '2026-03-01' } })] }),
  ],
  [
    'PEPPOL-EN16931-R120',
    '/lines/0/unitPrice',
    /2\.5 is rounded to 3 in JPY/,
    aGermanDraft({ currency: 'JPY', lines: [aLine({ quantity: '1', unitPrice: '2.5' })] }),
  ],
]);

holds({
  'an invoice to a German authority': aGermanDraft(),
  'a direct debit': paying({ directDebit }),
  'a card': paying({ card: { number: '1111' } }),
  'cash discounts': paying({
    iban,
    terms: 'Please pay.\n#SKONTO#TAGE=7#PROZENT=3.00#\n#SKONTO#TAGE=14#PROZENT=2.00#BASISBETRAG=10.00#',
  }),
  'two notes': aGermanDraft({ notes: ['One', 'Two'] }),
  'a correction that names what it corrects': aGermanDraft({ typeCode: '384', precedingInvoices: [{ number: 'R-1' }] }),
});

test('a transfer without an account breaks a rule of the norm and one of Germany', () => {
  assert.deepEqual(
    checkDraft(paying({ meansCode: '58' })).map(({ rule }) => rule),
    ['BR-61', 'BR-DE-23-a'],
  );
});

test('a direct debit without a mandate breaks a rule of the network and one of Germany', () => {
  assert.deepEqual(
    checkDraft(paying({ meansCode: '59' })).map(({ rule }) => rule),
    ['PEPPOL-EN16931-R061', 'BR-DE-25-a'],
  );
});
