import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkDraft, MAX_TOTAL } from '@invoicepress/invoice';
import { aDraft, aLine } from '../a-draft.ts';
import { without } from './drafts.ts';
import { holds, violates } from './table.ts';

const { seller } = aDraft();

violates([
  ['BR-02', '/number', /exactly one of "number".*"series"/, without(aDraft(), 'number')],
  ['BR-02', '/number', /exactly one of "number".*"series"/, aDraft({ number: 'R-1', series: 'DEMO' })],
  ['BR-16', '/lines', /at least one line/, aDraft({ lines: [] })],
  ['BR-CO-03', '/taxPointDateCode', /not by both/, aDraft({ taxPointDate: '2026-03-01', taxPointDateCode: '35' })],
  [
    'BR-CO-15',
    '/taxCurrency/currency',
    /leave taxCurrency out/,
    aDraft({ taxCurrency: { currency: 'EUR', rate: '1' } }),
  ],
  ['BR-CO-19', '/period', /a start, an end or both/, aDraft({ period: {} })],
  ['BR-CO-20', '/lines/0/period', /a start, an end or both/, aDraft({ lines: [aLine({ period: {} })] })],
  ['BR-29', '/period/end', /ends before it starts/, aDraft({ period: { start: '2026-02-28', end: '2026-02-01' } })],
  [
    'BR-30',
    '/lines/0/period/end',
    /ends before it starts/,
    aDraft({ lines: [aLine({ period: { start: '2026-02-02', end: '2026-02-01' } })] }),
  ],
]);

// Parties.
violates([
  [
    'BR-CO-26',
    '/seller/vatId',
    /vatId, a registrationId or one of its identifiers/,
    aDraft({ seller: { ...without(seller, 'vatId'), taxNumber: '22/815/08150' } }),
  ],
  ['BR-CO-09', '/seller/vatId', /QQ1 does not begin with a country/, aDraft({ seller: { ...seller, vatId: 'QQ1' } })],
  [
    'BR-CO-09',
    '/taxRepresentative/vatId',
    /"EL" for Greece/,
    aDraft({ taxRepresentative: { name: 'Rep', vatId: 'QQ1', address: { country: 'FR' } } }),
  ],
  ['BR-17', '/payee', /somebody else than the seller/, aDraft({ payee: { name: seller.name } })],
  [
    'BR-17',
    '/payee',
    /somebody else/,
    aDraft({
      seller: { ...seller, identifiers: [{ id: '4000000000006', scheme: '0088' }] },
      payee: { name: 'Bank', identifier: { id: '4000000000006', scheme: '0088' } },
    }),
  ],
  [
    'UBL-SR-16',
    '/buyer/identifiers/1',
    /one identifier at most/,
    aDraft({ buyer: { ...aDraft().buyer, identifiers: [{ id: '1' }, { id: '2' }] } }),
  ],
]);

// Payment.
violates([
  ['BR-50', '/payment/iban', /an iban or an accountId/, aDraft({ payment: { bic: 'COBADEFFXXX' } })],
  [
    'BR-50',
    '/payment/moreAccounts/0/iban',
    /an iban or an accountId/,
    aDraft({ payment: { iban: 'DE89370400440532013000', moreAccounts: [{ accountName: 'Savings' }] } }),
  ],
  ['BR-61', '/payment/iban', /credit transfer \(58\) needs an account/, aDraft({ payment: { meansCode: '58' } })],
  ['BR-61', '/payment/iban', /credit transfer \(30\) needs an account/, aDraft({ payment: { meansCode: '30' } })],
  [
    'BR-51',
    '/payment/card/number',
    /last 4 to 6 digits/,
    aDraft({ payment: { card: { number: '4111111111111111' } } }),
  ],
]);

// What the client claims to have computed.
violates([
  [
    'BR-CO-10',
    '/lines/1/netAmount',
    /you sent 59\.71, it computes to 59\.70/,
    aDraft({ lines: [aLine(), aLine({ quantity: '6', unitPrice: '9.95', netAmount: '59.71' })] }),
  ],
  ...Object.entries({
    lineTotal: '10',
    allowanceTotal: '11',
    chargeTotal: '12',
    taxExclusive: '13',
    tax: '14',
    taxInclusive: '15',
    payable: '16',
  }).map(([name, rule]): [string, string, RegExp, ReturnType<typeof aDraft>] => [
    `BR-CO-${rule}`,
    `/totals/${name}`,
    /you sent 1\.23, it computes to \d+\.\d\d; correct it or leave it out/,
    aDraft({ totals: { [name]: '1.23' } }),
  ]),
]);

holds({
  'a plain invoice': aDraft(),
  'one that draws from a series': aDraft({ series: 'DEMO' }),
  'one whose figures are all right': aDraft({
    lines: [aLine({ netAmount: '240' }), aLine({ quantity: '6', unitPrice: '9.95', netAmount: '59.7000' })],
    totals: { lineTotal: '299.7', allowanceTotal: '0', tax: '56.94', payable: '356.640' },
  }),
  'a correction that names its invoice': aDraft({ typeCode: '384', precedingInvoices: [{ number: 'R-1' }] }),
  'a period of one day': aDraft({ period: { start: '2026-02-28', end: '2026-02-28' } }),
  'a period without an end': aDraft({ period: { start: '2026-02-28' } }),
  'a seller known by its registration': aDraft({
    seller: { ...without(seller, 'vatId'), taxNumber: '22/815/08150', registrationId: 'HRB 1' },
  }),
  'a Greek VAT identifier': aDraft({ buyer: { ...aDraft().buyer, vatId: 'EL123456783' } }),
  'a payee of its own': aDraft({ payee: { name: 'Factor Bank', registrationId: 'HRB 2' } }),
  'a price before its discount': aDraft({
    lines: [{ ...without(aLine(), 'unitPrice'), grossPrice: '90', priceDiscount: '10' }],
  }),
  'an allowance of a percentage': aDraft({
    allowances: [{ reasonCode: '95', percent: '10', baseAmount: '299.70', taxRate: '19' }],
  }),
  'a total rounded to what can be paid in coins': aDraft({ currency: 'CHF', roundingAmount: '-0.04' }),
  'VAT in a second currency': aDraft({ currency: 'USD', taxCurrency: { currency: 'EUR', rate: '0.91' } }),
  'cash on delivery': aDraft({ payment: { meansCode: '10' } }),
  'an account without an IBAN': aDraft({ payment: { accountId: '12345678', bic: 'BARCGB22' } }),
  'terms alone': aDraft({ payment: { terms: 'Net 30' } }),
  'a card': aDraft({ payment: { card: { number: '1111' } } }),
  'an invoice paid in full': aDraft({ prepaidAmount: '356.64' }),
  'an invoice over nothing': aDraft({ lines: [aLine({ unitPrice: '0' })] }),
  'the largest total there is': aDraft({
    lines: [
      { name: 'Moon', quantity: '9999999', unitPrice: '1000000', taxCategory: 'Z' },
      { name: 'Dust', quantity: '1', unitPrice: '999999.99', taxCategory: 'Z' },
    ],
    totals: { payable: MAX_TOTAL },
  }),
});

test('everything wrong is reported at once', () => {
  const draft = aDraft({
    series: 'DEMO',
    number: 'R-1',
    period: {},
    lines: [aLine({ taxRate: '0' })],
    totals: { payable: '1' },
  });
  assert.deepEqual(
    checkDraft(draft).map(({ rule }) => rule),
    ['BR-02', 'BR-CO-19', 'BR-S-05', 'BR-CO-16'],
  );
});
