import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkDraft } from '@invoicepress/invoice';
import { aDraft, aLine } from '../a-draft.ts';
import { without } from './drafts.ts';
import { violates } from './table.ts';

const allowance = { reason: 'Loyalty', amount: '1', taxRate: '19' };

violates([
  ['BR-26', '/lines/0/unitPrice', /a unitPrice, or a grossPrice/, aDraft({ lines: [without(aLine(), 'unitPrice')] })],
  [
    'BR-27',
    '/lines/0/unitPrice',
    /a return has a negative quantity/,
    aDraft({ lines: [aLine({ unitPrice: '-1', quantity: '-1' })] }),
  ],
  [
    'BR-28',
    '/lines/0/grossPrice',
    /never negative/,
    aDraft({ lines: [{ ...without(aLine(), 'unitPrice'), grossPrice: '-1', quantity: '-1' }] }),
  ],
  [
    'BR-27',
    '/lines/0/priceDiscount',
    /3 is more than the price of 2/,
    aDraft({ lines: [{ ...without(aLine(), 'unitPrice'), quantity: '-1', grossPrice: '2', priceDiscount: '3' }] }),
  ],
  [
    undefined,
    '/lines/0/grossPrice',
    /2 before a discount is less than 3 after it/,
    aDraft({ lines: [aLine({ grossPrice: '2', unitPrice: '3' })] }),
  ],
  [
    'PEPPOL-EN16931-R046',
    '/lines/0/unitPrice',
    /10 less 1 is not 8; leave unitPrice out/,
    aDraft({ lines: [aLine({ grossPrice: '10', priceDiscount: '1', unitPrice: '8' })] }),
  ],
  [
    'BR-CO-17',
    '/lines',
    /0.4 % .* it comes to 4.00/,
    aDraft({ lines: [aLine({ quantity: '1', unitPrice: '1000', taxRate: '0.4' })] }),
  ],
  ['BR-33', '/allowances/0/reason', /a reason or a reasonCode/, aDraft({ allowances: [without(allowance, 'reason')] })],
  ['BR-38', '/charges/0/reason', /a charge has a reason/, aDraft({ charges: [without(allowance, 'reason')] })],
  ['BR-42', '/lines/0/allowances/0/reason', /reason/, aDraft({ lines: [aLine({ allowances: [{ amount: '1' }] })] })],
  ['BR-44', '/lines/0/charges/0/reason', /reason/, aDraft({ lines: [aLine({ charges: [{ amount: '1' }] })] })],
  ['BR-31', '/allowances/0/amount', /or a percent of a/, aDraft({ allowances: [{ reason: 'X', taxRate: '19' }] })],
  [
    'BR-36',
    '/charges/0/amount',
    /or a percent of a baseAmount/,
    aDraft({ charges: [{ reason: 'X', taxRate: '19', percent: '5' }] }),
  ],
  ['BR-41', '/lines/0/allowances/0/amount', /percent/, aDraft({ lines: [aLine({ allowances: [{ reason: 'X' }] })] })],
  [
    'BR-43',
    '/lines/0/charges/0/amount',
    /percent/,
    aDraft({ lines: [aLine({ charges: [{ reason: 'X', baseAmount: '5' }] })] }),
  ],
  [
    'BR-DEC-01',
    '/allowances/0/amount',
    /more decimals than EUR/,
    aDraft({ allowances: [{ ...allowance, amount: '1.005' }] }),
  ],
  [
    'BR-DEC-02',
    '/allowances/0/baseAmount',
    /0\.125 has more decimals than EUR/,
    aDraft({ allowances: [{ ...allowance, baseAmount: '0.125' }] }),
  ],
  [
    'BR-DEC-05',
    '/charges/0/amount',
    /0\.5 .* JPY allows \(0\)/,
    aDraft({ currency: 'JPY', charges: [{ ...allowance, amount: '0.5' }] }),
  ],
  [
    'BR-DEC-06',
    '/charges/0/baseAmount',
    /KWD allows \(2\)/,
    aDraft({ currency: 'KWD', charges: [{ ...allowance, baseAmount: '1.125' }] }),
  ],
  [
    'BR-DEC-24',
    '/lines/0/allowances/0/amount',
    /decimals/,
    aDraft({ lines: [aLine({ allowances: [{ reason: 'X', amount: '1.001' }] })] }),
  ],
  [
    'BR-DEC-25',
    '/lines/0/allowances/0/baseAmount',
    /decimals/,
    aDraft({ lines: [aLine({ allowances: [{ reason: 'X', amount: '1', baseAmount: '1.001' }] })] }),
  ],
  [
    'BR-DEC-27',
    '/lines/0/charges/0/amount',
    /decimals/,
    aDraft({ lines: [aLine({ charges: [{ reason: 'X', amount: '1.001' }] })] }),
  ],
  [
    'BR-DEC-28',
    '/lines/0/charges/0/baseAmount',
    /decimals/,
    aDraft({ lines: [aLine({ charges: [{ reason: 'X', amount: '1', baseAmount: '1.001' }] })] }),
  ],
  ['BR-DEC-16', '/prepaidAmount', /1\.005 has more decimals than EUR allows \(2\)/, aDraft({ prepaidAmount: '1.005' })],
  ['BR-DEC-17', '/roundingAmount', /decimals/, aDraft({ roundingAmount: '-0.001' })],
  [
    undefined,
    '/lines',
    /comes to -285\.60; .* credit note: typeCode 381/,
    aDraft({ lines: [aLine({ quantity: '-3' })] }),
  ],
  [undefined, '/prepaidAmount', /356\.65 prepaid is more than .* 356\.64/, aDraft({ prepaidAmount: '356.65' })],
  [undefined, '/prepaidAmount', /a rounding of -0\.01/, aDraft({ prepaidAmount: '356.64', roundingAmount: '-0.01' })],
  [
    undefined,
    '/lines',
    /comes to 10000000000000\.00; at most 9999999999999\.99/,
    aDraft({ lines: [{ name: 'Moon', quantity: '100000', unitPrice: '100000000', taxCategory: 'Z' }] }),
  ],
]);

test('huge amounts that cancel each other out in the end are refused all the same', () => {
  const lines = [
    { name: 'Moon', quantity: '999999999', unitPrice: '999999999', taxCategory: 'Z' as const },
    { name: 'Its return', quantity: '-499999999', unitPrice: '999999999', taxRate: '100' },
  ];
  const [found, ...others] = checkDraft(aDraft({ lines }));
  assert.deepEqual(others, []);
  assert.match(found?.detail ?? '', /at most 9999999999999\.99/);
});
