import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkDraft, type DraftLine, type TaxCategory } from '@invoicepress/invoice';
import { aDraft, aLine } from '../a-draft.ts';
import { without } from './drafts.ts';
import { holds, violates, type Row } from './table.ts';

const { seller, buyer } = aDraft();
const delivery = { date: '2026-02-27', address: { country: 'FR' } };
const outside = { seller: { ...without(seller, 'vatId'), registrationId: 'VR 1' }, buyer: without(buyer, 'vatId') };
const anonymous = { ...without(seller, 'vatId'), registrationId: 'HRB 1' };
const name: Record<TaxCategory, string> = {
  S: 'S',
  Z: 'Z',
  E: 'E',
  AE: 'AE',
  K: 'IC',
  G: 'G',
  O: 'O',
  L: 'AF',
  M: 'AG',
};

/** A line over 100.00 of a category, with what it needs. */
const of = (taxCategory: TaxCategory, overrides: Partial<DraftLine> = {}): DraftLine => ({
  name: 'Thing',
  quantity: '1',
  unitPrice: '100',
  taxCategory,
  ...(taxCategory === 'S' && { taxRate: '19' }),
  ...(taxCategory === 'E' && { taxExemptionReason: 'Exempt' }),
  ...overrides,
});
const whole = { delivery, ...outside };

violates([
  ['BR-S-05', '/lines/0/taxRate', /above 0; choose Z/, aDraft({ lines: [aLine({ taxRate: '0' })] })],
  ['BR-S-05', '/lines/0/taxRate', /the default/, aDraft({ lines: [{ name: 'Thing', quantity: '1', unitPrice: '1' }] })],
  ['BR-S-06', '/allowances/0/taxRate', /above 0/, aDraft({ allowances: [{ reason: 'Loyalty', amount: '1' }] })],
  ['BR-S-07', '/charges/0/taxRate', /above 0/, aDraft({ charges: [{ reason: 'Toll', amount: '1' }] })],
  ...(['Z', 'E', 'AE', 'K', 'G'] as const).map((category): Row => [
    `BR-${name[category]}-05`,
    '/lines/0/taxRate',
    /has a rate of 0; leave taxRate out or choose category S/,
    aDraft({ delivery, lines: [of(category, { taxRate: '19' })] }),
  ]),
  ['BR-O-05', '/lines/0/taxRate', /has a rate of 0/, aDraft({ ...whole, lines: [of('O', { taxRate: '19' })] })],
  [
    'BR-Z-06',
    '/allowances/0/taxRate',
    /rate of 0/,
    aDraft({ allowances: [{ reason: 'X', amount: '1', taxCategory: 'Z', taxRate: '7' }] }),
  ],
]);

// Who has to be known to the tax office.
violates([
  ...(['S', 'Z', 'E', 'AE', 'L', 'M'] as const).map((category): Row => [
    `BR-${name[category]}-02`,
    '/seller/vatId',
    /seller's vatId or taxNumber/,
    aDraft({ seller: anonymous, lines: [of(category)] }),
  ]),
  ...(['K', 'G'] as const).map((category): Row => [
    `BR-${name[category]}-02`,
    '/seller/vatId',
    /needs the seller's VAT identifier/,
    aDraft({ delivery, seller: { ...anonymous, taxNumber: '22/815/08150' }, lines: [of(category)] }),
  ]),
  ['BR-AE-02', '/buyer/vatId', /buyer's vatId or registrationId/, aDraft({ buyer: outside.buyer, lines: [of('AE')] })],
  [
    'BR-IC-02',
    '/buyer/vatId',
    /buyer's VAT identifier/,
    aDraft({ delivery, buyer: { ...outside.buyer, registrationId: 'HRA 1' }, lines: [of('K')] }),
  ],
  ['BR-O-02', '/seller/vatId', /goes without VAT/, aDraft({ buyer: outside.buyer, lines: [of('O')] })],
  ['BR-O-02', '/buyer/vatId', /goes without VAT/, aDraft({ seller: outside.seller, lines: [of('O')] })],
  [
    'BR-O-02',
    '/taxRepresentative',
    /goes without VAT/,
    aDraft({
      ...outside,
      taxRepresentative: { name: 'Rep', vatId: 'FR1', address: { country: 'FR' } },
      lines: [of('O')],
    }),
  ],
  [
    'BR-IC-11',
    '/delivery/date',
    /delivery date or a period/,
    aDraft({ delivery: { address: { country: 'FR' } }, lines: [of('K')] }),
  ],
  [
    'BR-IC-12',
    '/delivery/address',
    /country of delivery/,
    aDraft({ delivery: { date: '2026-02-27' }, lines: [of('K')] }),
  ],
]);

test('an allowance or a charge alone demands as much as a line', () => {
  const allowances = [{ reason: 'Loyalty', amount: '1', taxRate: '19' }];
  const charges = [{ reason: 'Freight', amount: '1', taxCategory: 'G' as const }];
  const draft = aDraft({ seller: anonymous, lines: [of('Z')], allowances, charges });
  assert.deepEqual(
    checkDraft(draft).map(({ rule }) => rule),
    ['BR-Z-02', 'BR-S-03', 'BR-G-04'],
  );
});

test('what is outside the scope of VAT stands alone', () => {
  const draft = aDraft({ ...outside, seller: { ...outside.seller, taxNumber: '1' }, lines: [of('O'), aLine()] });
  assert.deepEqual(checkDraft(draft), [
    {
      rule: 'BR-O-11',
      term: 'BT-151',
      pointer: '/lines',
      detail: 'category O cannot be combined with others on one invoice',
    },
  ]);
});

// Why there is no VAT.
violates([
  [
    'BR-E-10',
    '/lines/0/taxExemptionReason',
    /taxExemptionReason or a taxExemptionCode/,
    aDraft({ lines: [without(of('E'), 'taxExemptionReason')] }),
  ],
  ...(['S', 'Z', 'L', 'M'] as const).map((category): Row => [
    `BR-${name[category]}-10`,
    '/lines/0/taxExemptionReason',
    /has no reason for an exemption/,
    aDraft({ lines: [of(category, { taxExemptionReason: 'Because' })] }),
  ]),
  [
    'BR-Z-10',
    '/lines/0/taxExemptionCode',
    /choose E/,
    aDraft({ lines: [of('Z', { taxExemptionCode: 'VATEX-EU-132' })] }),
  ],
  [
    'BR-E-01',
    '/lines/1/taxExemptionCode',
    /another line says VATEX-EU-132; make two invoices/,
    aDraft({
      lines: [of('E', { taxExemptionCode: 'VATEX-EU-132' }), of('E', { taxExemptionCode: 'VATEX-EU-143' })],
    }),
  ],
]);

holds({
  'a supply to another member state': aDraft({ delivery, lines: [of('K')] }),
  'such a supply over a period': aDraft({
    delivery: { address: { country: 'FR' } },
    period: { start: '2026-02-01' },
    lines: [of('K')],
  }),
  'a reverse charge': aDraft({ lines: [of('AE')] }),
  'a reverse charge to a registered buyer': aDraft({
    buyer: { ...outside.buyer, registrationId: 'HRA 1' },
    lines: [of('AE')],
  }),
  'an export': aDraft({ lines: [of('G')] }),
  'an association outside the scope of VAT': aDraft({ ...outside, lines: [of('O')] }),
  'the Canary Islands, taxed and at 0': aDraft({
    lines: [of('L', { taxRate: '7' }), of('L'), of('M', { taxRate: '4' })],
  }),
  'a local tax number in place of a VAT identifier': aDraft({ seller: { ...anonymous, taxNumber: '22/815/08150' } }),
  'a tax representative in place of both': aDraft({
    seller: anonymous,
    taxRepresentative: { name: 'Rep', vatId: 'FR1', address: { country: 'FR' } },
    lines: [of('G')],
  }),
  'a rate of 0 spelled out': aDraft({ lines: [of('Z', { taxRate: '0.00' })] }),
  'an exemption that one of its lines explains': aDraft({
    lines: [of('E'), without(of('E', { unitPrice: '5' }), 'taxExemptionReason')],
  }),
  'an exemption by code': aDraft({
    lines: [without(of('E', { taxExemptionCode: 'VATEX-EU-132' }), 'taxExemptionReason')],
  }),
});
