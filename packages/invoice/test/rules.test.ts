import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkDraft, MAX_TOTAL, type InvoiceDraft } from '@invoicepress/invoice';
import { aDraft, aLine } from './a-draft.ts';

const { seller, buyer } = aDraft();
const without = <K extends 'vatId'>(party: typeof seller, key: K) => {
  const { [key]: _removed, ...rest } = party;
  return rest;
};
const delivery = { date: '2026-02-27', address: { country: 'FR' } };
const zeroRated = (taxCategory: 'Z' | 'E' | 'AE' | 'K' | 'G' | 'O') => [
  {
    name: 'Thing',
    quantity: '1',
    unitPrice: '100',
    taxCategory,
    ...(taxCategory === 'E' && { taxExemptionReason: 'Exempt' }),
  },
];
const numberless = (): InvoiceDraft => {
  const { number: _number, ...draft } = aDraft();
  return draft;
};

/** Each draft violates one rule and no other; `says` is what its sender needs to mend it. */
const violations: { rule: string | undefined; pointer: string; says: RegExp; draft: InvoiceDraft }[] = [
  { rule: 'BR-02', pointer: '/number', says: /exactly one of "number".*"series"/, draft: numberless() },
  {
    rule: 'BR-02',
    pointer: '/number',
    says: /exactly one of "number".*"series"/,
    draft: aDraft({ number: 'R-1', series: 'DEMO' }),
  },
  {
    rule: 'BR-DE-26',
    pointer: '/precedingInvoice',
    says: /names the invoice that it corrects/,
    draft: aDraft({ typeCode: '384' }),
  },
  {
    rule: 'BR-29',
    pointer: '/period/end',
    says: /ends before it starts/,
    draft: aDraft({ period: { start: '2026-02-28', end: '2026-02-01' } }),
  },

  {
    rule: 'BR-S-05',
    pointer: '/lines/0/taxRate',
    says: /needs a taxRate above 0; choose Z/,
    draft: aDraft({ lines: [aLine({ taxRate: '0' })] }),
  },
  {
    rule: 'BR-S-05',
    pointer: '/lines/0/taxRate',
    says: /the default/,
    draft: aDraft({ lines: [{ name: 'Thing', quantity: '1', unitPrice: '1' }] }),
  },
  {
    rule: 'BR-S-05',
    pointer: '/allowances/0/taxRate',
    says: /above 0/,
    draft: aDraft({ allowances: [{ reason: 'Loyalty', amount: '1' }] }),
  },
  {
    rule: 'BR-S-05',
    pointer: '/charges/1/taxRate',
    says: /above 0/,
    draft: aDraft({
      charges: [
        { reason: 'Freight', amount: '1', taxRate: '19' },
        { reason: 'Toll', amount: '1' },
      ],
    }),
  },
  ...(['Z', 'E', 'AE', 'K', 'G', 'O'] as const).map((category) => ({
    rule: `BR-${category === 'K' ? 'IC' : category}-05`,
    pointer: '/lines/0/taxRate',
    says: /has a rate of 0; leave taxRate out or choose category S/,
    draft: aDraft({ delivery, lines: zeroRated(category).map((line) => ({ ...line, taxRate: '19' })) }),
  })),
  {
    rule: 'BR-E-10',
    pointer: '/lines/0/taxExemptionReason',
    says: /needs the reason/,
    draft: aDraft({ lines: [{ name: 'Thing', quantity: '1', unitPrice: '1', taxCategory: 'E' }] }),
  },

  {
    rule: 'BR-S-02',
    pointer: '/seller/vatId',
    says: /vatId or taxNumber/,
    draft: aDraft({ seller: without(seller, 'vatId') }),
  },
  ...(['Z', 'E', 'AE'] as const).map((category) => ({
    rule: `BR-${category}-02`,
    pointer: '/seller/vatId',
    says: /seller's vatId or taxNumber/,
    draft: aDraft({ seller: without(seller, 'vatId'), lines: zeroRated(category) }),
  })),
  ...(['K', 'G'] as const).map((category) => ({
    rule: category === 'K' ? 'BR-IC-02' : 'BR-G-02',
    pointer: '/seller/vatId',
    says: /needs the seller's VAT identifier/,
    draft: aDraft({
      delivery,
      seller: { ...without(seller, 'vatId'), taxNumber: '22/815/08150' },
      lines: zeroRated(category),
    }),
  })),
  {
    rule: 'BR-AE-02',
    pointer: '/buyer/vatId',
    says: /buyer's vatId or registrationId/,
    draft: aDraft({ buyer: without(buyer, 'vatId'), lines: zeroRated('AE') }),
  },
  {
    rule: 'BR-IC-02',
    pointer: '/buyer/vatId',
    says: /buyer's VAT identifier/,
    draft: aDraft({ delivery, buyer: { ...without(buyer, 'vatId'), registrationId: 'HRA 1' }, lines: zeroRated('K') }),
  },
  {
    rule: 'BR-IC-11',
    pointer: '/delivery/date',
    says: /delivery date or a period/,
    draft: aDraft({ delivery: { address: { country: 'FR' } }, lines: zeroRated('K') }),
  },
  {
    rule: 'BR-IC-12',
    pointer: '/delivery/address',
    says: /country of delivery/,
    draft: aDraft({ delivery: { date: '2026-02-27' }, lines: zeroRated('K') }),
  },
  {
    rule: 'BR-O-11',
    pointer: '/lines',
    says: /cannot be combined/,
    draft: aDraft({ lines: [...zeroRated('O'), aLine()] }),
  },

  {
    rule: 'BR-DEC-01',
    pointer: '/prepaidAmount',
    says: /1\.005 has more decimals than EUR allows \(2\)/,
    draft: aDraft({ prepaidAmount: '1.005' }),
  },
  {
    rule: 'BR-DEC-01',
    pointer: '/allowances/0/amount',
    says: /0\.5 has more decimals than JPY allows \(0\)/,
    draft: aDraft({ currency: 'JPY', allowances: [{ reason: 'Loyalty', amount: '0.5', taxRate: '19' }] }),
  },
  {
    rule: 'BR-DEC-01',
    pointer: '/charges/0/amount',
    says: /1\.125 has more decimals than KWD allows \(2\)/,
    draft: aDraft({ currency: 'KWD', charges: [{ reason: 'Freight', amount: '1.125', taxRate: '19' }] }),
  },
  {
    rule: undefined,
    pointer: '/lines',
    says: /comes to -285\.60; .* credit note: typeCode 381/,
    draft: aDraft({ lines: [aLine({ quantity: '-3' })] }),
  },
  {
    rule: undefined,
    pointer: '/prepaidAmount',
    says: /356\.65 prepaid is more than the total of 356\.64/,
    draft: aDraft({ prepaidAmount: '356.65' }),
  },
  {
    rule: undefined,
    pointer: '/lines',
    says: /comes to 10000000000000\.00; at most 9999999999999\.99/,
    draft: aDraft({ lines: [{ name: 'Moon', quantity: '100000', unitPrice: '100000000', taxCategory: 'Z' }] }),
  },

  {
    rule: 'BR-CO-10',
    pointer: '/lines/1/netAmount',
    says: /you sent 59\.71, it computes to 59\.70/,
    draft: aDraft({ lines: [aLine(), aLine({ quantity: '6', unitPrice: '9.95', netAmount: '59.71' })] }),
  },
  ...Object.entries({
    lineTotal: '10',
    allowanceTotal: '11',
    chargeTotal: '12',
    taxExclusive: '13',
    tax: '14',
    taxInclusive: '15',
    payable: '16',
  }).map(([name, rule]) => ({
    rule: `BR-CO-${rule}`,
    pointer: `/totals/${name}`,
    says: /^you sent 1\.23, it computes to \d+\.\d\d; correct it or leave it out$/,
    draft: aDraft({ totals: { [name]: '1.23' } }),
  })),
];

for (const { rule, pointer, says, draft } of violations) {
  test(`${rule ?? 'bounds'} at ${pointer}: ${says.source}`, () => {
    const found = checkDraft(draft);
    assert.equal(found.length, 1, JSON.stringify(found));
    assert.equal(found[0]?.rule, rule);
    assert.equal(found[0]?.pointer, pointer);
    assert.match(found[0]?.detail ?? '', says);
  });
}

const accepted: Record<string, InvoiceDraft> = {
  'a plain invoice': aDraft(),
  'a number from a series': aDraft({ series: 'DEMO' }),
  'a credit note with positive amounts': aDraft({ typeCode: '381' }),
  'a correction that names its invoice': aDraft({ typeCode: '384', precedingInvoice: { number: 'R-1' } }),
  'a period of one day': aDraft({ period: { start: '2026-02-28', end: '2026-02-28' } }),
  'a local tax number in place of a VAT identifier': aDraft({
    seller: { ...without(seller, 'vatId'), taxNumber: '22/815/08150' },
  }),
  'a seller outside the scope of VAT': aDraft({ seller: without(seller, 'vatId'), lines: zeroRated('O') }),
  'a reverse charge to a registered company': aDraft({
    buyer: { ...without(buyer, 'vatId'), registrationId: 'HRA 1' },
    lines: zeroRated('AE'),
  }),
  'an intra-community supply over a period': aDraft({
    delivery: { address: { country: 'FR' } },
    period: { start: '2026-02-01', end: '2026-02-28' },
    lines: zeroRated('K'),
  }),
  'a rate of 0 spelled out': aDraft({ lines: zeroRated('Z').map((line) => ({ ...line, taxRate: '0.00' })) }),
  'an invoice paid in full': aDraft({ prepaidAmount: '356.64' }),
  'an invoice over nothing': aDraft({ lines: [aLine({ unitPrice: '0' })] }),
  'the largest total there is': aDraft({
    lines: [
      { name: 'Moon', quantity: '9999999', unitPrice: '1000000', taxCategory: 'Z' },
      { name: 'Dust', quantity: '1', unitPrice: '999999.99', taxCategory: 'Z' },
    ],
    totals: { payable: MAX_TOTAL },
  }),
};

for (const [name, draft] of Object.entries(accepted)) {
  test(`${name} breaks no rule`, () => assert.deepEqual(checkDraft(draft), []));
}

test('huge amounts that cancel each other out in the end are refused all the same', () => {
  const lines = [
    { name: 'Moon', quantity: '999999999', unitPrice: '999999999', taxCategory: 'Z' as const },
    { name: 'Its return', quantity: '-499999999', unitPrice: '999999999', taxRate: '100' },
  ];
  const [found, ...others] = checkDraft(aDraft({ lines }));
  assert.deepEqual(others, []);
  assert.match(found?.detail ?? '', /at most 9999999999999\.99/);
});

test('everything wrong is reported at once', () => {
  const draft = aDraft({
    series: 'DEMO',
    number: 'R-1',
    typeCode: '384',
    lines: [aLine({ taxRate: '0' })],
    totals: { payable: '1' },
  });
  assert.deepEqual(
    checkDraft(draft).map(({ rule }) => rule),
    ['BR-02', 'BR-DE-26', 'BR-S-05', 'BR-CO-16'],
  );
});
