import assert from 'node:assert/strict';
import { test } from 'node:test';
import { issueInvoice, lineNetAmount, type DraftLine, type InvoiceDraft } from '@invoicepress/invoice';
import { aDraft, aLine } from './a-draft.ts';

const totalsOf = (overrides: Partial<InvoiceDraft>) => issueInvoice(aDraft(overrides), 'R-1', '2026-03-02').totals;
const net = (quantity: string, unitPrice: string, priceBaseQuantity: string, currency = 'EUR') =>
  lineNetAmount(aLine({ quantity, unitPrice, priceBaseQuantity }), currency).toFixed();

test('a plain invoice adds up', () => {
  assert.deepEqual(totalsOf({}), {
    lineTotal: '299.70',
    allowanceTotal: '0.00',
    chargeTotal: '0.00',
    taxExclusive: '299.70',
    tax: '56.94',
    taxInclusive: '356.64',
    prepaid: '0.00',
    payable: '356.64',
    taxSubtotals: [{ category: 'S', rate: '19', taxable: '299.70', tax: '56.94' }],
  });
});

test('a line is rounded half away from zero, to the cent', () => {
  assert.equal(net('1', '0.005', '1'), '0.01');
  assert.equal(net('1', '0.004999', '1'), '0');
  assert.equal(net('3', '0.335', '1'), '1.01'); // 1.005 exactly; a float would say 1.00
  assert.equal(net('-1', '0.005', '1'), '-0.01');
  assert.equal(net('-3', '0.335', '1'), '-1.01');
  assert.equal(net('1', '2.5', '1', 'JPY'), '3');
});

test('a price may be for many units', () => {
  assert.equal(net('250', '4.20', '100'), '10.5');
  assert.equal(net('1', '10', '3'), '3.33');
  assert.equal(net('2', '10', '3'), '6.67');
  assert.equal(net('0.5', '1', '1000'), '0');
});

test('a quotient that lies a hair below half a cent is not rounded up on the way', () => {
  // 0.0049999999999999999980…: it would be half a cent if the quotient were cut at 20 decimals.
  assert.equal(net('5733037.661471', '0.872138', '999999999.999999'), '0');
  assert.equal(net('42339.031157', '590.471707', '999999999.999999'), '0.02');
});

test('VAT is rounded once per category and rate, not per line', () => {
  const lines = Array.from({ length: 3 }, () => aLine({ quantity: '1', unitPrice: '0.13' })); // 0.0247 VAT each
  assert.equal(totalsOf({ lines }).tax, '0.07'); // 0.39 × 19 % = 0.0741; line by line it would be 0.06
});

test('each category and rate has one row, in order of appearance, and 19 is the same rate as 19.00', () => {
  const lines = [
    aLine({ unitPrice: '10', quantity: '1', taxRate: '19' }),
    aLine({ unitPrice: '20', quantity: '1', taxRate: '7.0' }),
    aLine({ unitPrice: '30', quantity: '1', taxRate: '19.00' }),
    aLine({ unitPrice: '40', quantity: '1', taxCategory: 'Z', taxRate: '0.0' }),
  ];
  assert.deepEqual(totalsOf({ lines }).taxSubtotals, [
    { category: 'S', rate: '19', taxable: '40.00', tax: '7.60' },
    { category: 'S', rate: '7', taxable: '20.00', tax: '1.40' },
    { category: 'Z', rate: '0', taxable: '40.00', tax: '0.00' },
  ]);
});

test('allowances lower and charges raise the sum of their own category', () => {
  const totals = totalsOf({
    lines: [aLine({ unitPrice: '100', quantity: '1' }), aLine({ unitPrice: '50', quantity: '1', taxRate: '7' })],
    allowances: [{ reason: 'Loyalty', amount: '10', taxRate: '19' }],
    charges: [{ reason: 'Freight', amount: '5.5', taxRate: '7' }],
  });
  assert.deepEqual(totals, {
    lineTotal: '150.00',
    allowanceTotal: '10.00',
    chargeTotal: '5.50',
    taxExclusive: '145.50',
    tax: '20.99',
    taxInclusive: '166.49',
    prepaid: '0.00',
    payable: '166.49',
    taxSubtotals: [
      { category: 'S', rate: '19', taxable: '90.00', tax: '17.10' },
      { category: 'S', rate: '7', taxable: '55.50', tax: '3.89' }, // 3.885
    ],
  });
});

test('a percentage is of its base, and rounded like any amount', () => {
  const { allowances, totals } = issueInvoice(
    aDraft({ allowances: [{ reason: 'Loyalty', percent: '2.5', baseAmount: '299.70', taxRate: '19' }] }),
    'R-1',
    '2026-03-02',
  );
  assert.equal(allowances[0]?.amount, '7.49'); // 7.4925
  assert.equal(totals.taxExclusive, '292.21');
});

test('allowances and charges of a line are part of its net amount', () => {
  const line = aLine({
    quantity: '250',
    unitPrice: '4.20',
    priceBaseQuantity: '100', // 10.50
    allowances: [{ reason: 'Damaged', percent: '10', baseAmount: '10.50' }], // 1.05
    charges: [{ reasonCode: 'FC', amount: '2.5' }],
  });
  const { lines, totals } = issueInvoice(aDraft({ lines: [line] }), 'R-1', '2026-03-02');
  assert.equal(lines[0]?.netAmount, '11.95');
  assert.deepEqual([lines[0]?.allowances[0]?.amount, lines[0]?.charges[0]?.amount], ['1.05', '2.50']);
  assert.deepEqual([totals.lineTotal, totals.allowanceTotal, totals.chargeTotal], ['11.95', '0.00', '0.00']);
});

test('a price is the gross price less its discount, unless it is given', () => {
  const { unitPrice: _price, ...line } = aLine({ quantity: '3', grossPrice: '10', priceDiscount: '0.755' });
  const price = (lines: DraftLine[]) => issueInvoice(aDraft({ lines }), 'R-1', '2026-03-02').lines[0];
  assert.deepEqual([price([line])?.unitPrice, price([line])?.netAmount], ['9.245', '27.74']); // 27.735
  assert.equal(price([{ ...line, unitPrice: '9' }])?.netAmount, '27.00');
  const { priceDiscount: _discount, ...undiscounted } = line;
  assert.equal(price([undiscounted])?.unitPrice, '10');
});

test('a rounding is added to what is to be paid, and changes no tax', () => {
  const totals = totalsOf({ currency: 'CHF', roundingAmount: '-0.04' });
  assert.deepEqual([totals.taxInclusive, totals.rounding, totals.payable], ['356.64', '-0.04', '356.60']);
  assert.equal(totalsOf({ prepaidAmount: '100', roundingAmount: '0.01' }).payable, '256.65');
  assert.ok(!('rounding' in totalsOf({})));
});

test('VAT in a second currency is rounded to that currency', () => {
  const inCurrency = (currency: string, rate: string) => totalsOf({ taxCurrency: { currency, rate } }).taxInTaxCurrency;
  assert.equal(inCurrency('PLN', '4.2735'), '243.33'); // 56.94 × 4.2735 = 243.33309
  assert.equal(inCurrency('JPY', '161.5'), '9196'); // 9195.81
  assert.ok(!('taxInTaxCurrency' in totalsOf({})));
});

test('what was prepaid is no longer due', () => {
  const totals = totalsOf({ prepaidAmount: '100' });
  assert.equal(totals.prepaid, '100.00');
  assert.equal(totals.taxInclusive, '356.64');
  assert.equal(totals.payable, '256.64');
});

test('a return that outweighs its group carries its VAT with it', () => {
  const lines = [
    aLine({ quantity: '10', unitPrice: '10', taxRate: '19' }),
    aLine({ quantity: '-1', unitPrice: '0.50', taxRate: '7' }),
  ];
  const { taxSubtotals, tax } = totalsOf({ lines });
  assert.deepEqual(taxSubtotals[1], { category: 'S', rate: '7', taxable: '-0.50', tax: '-0.04' }); // -0.035
  assert.equal(tax, '18.96');
});

test('amounts have the decimals of their currency, and never more than two', () => {
  const lines = [aLine({ quantity: '1', unitPrice: '1234.567', taxRate: '10' })];
  const [yen, dinar, dollar] = ['JPY', 'KWD', 'USD'].map((currency) => totalsOf({ lines, currency }));
  assert.deepEqual([yen?.lineTotal, yen?.tax, yen?.payable, yen?.prepaid], ['1235', '124', '1359', '0']); // 123.5
  assert.deepEqual([dinar?.lineTotal, dinar?.tax, dinar?.payable], ['1234.57', '123.46', '1358.03']); // EN 16931 BR-DEC-*
  assert.deepEqual([dollar?.lineTotal, dollar?.tax, dollar?.payable], ['1234.57', '123.46', '1358.03']);
});

test('nothing is ever minus zero', () => {
  const lines = [
    aLine({ quantity: '-1', unitPrice: '0.001' }),
    aLine({ quantity: '-1', unitPrice: '0.01', taxRate: '5' }),
    aLine(),
  ];
  const { lines: issued, totals } = issueInvoice(aDraft({ lines }), 'R-1', '2026-03-02');
  assert.equal(issued[0]?.netAmount, '0.00');
  assert.equal(totals.taxSubtotals[1]?.tax, '0.00'); // -0.0005
});

test('a tax-free category says why, in its own words or in the usual ones', () => {
  const rows = (...lines: Partial<DraftLine>[]) =>
    totalsOf({ lines: lines.map((line) => aLine({ taxRate: '0', ...line })) }).taxSubtotals;
  const reasons = (line: Partial<DraftLine>) => rows(line).map((row) => row.exemptionReason);
  const codes = (line: Partial<DraftLine>) => rows(line).map((row) => row.exemptionCode);
  assert.deepEqual(
    (['AE', 'K', 'G', 'O'] as const).flatMap((taxCategory) => codes({ taxCategory })),
    ['VATEX-EU-AE', 'VATEX-EU-IC', 'VATEX-EU-G', 'VATEX-EU-O'],
  );
  assert.deepEqual(codes({ taxCategory: 'AE', taxExemptionCode: 'VATEX-FR-AE' }), ['VATEX-FR-AE']);
  assert.deepEqual(codes({ taxCategory: 'E', taxExemptionReason: 'Art. 132' }), [undefined]);
  const two = ['School', 'Hospital', 'School'].map((taxExemptionReason) => ({
    taxCategory: 'E' as const,
    taxExemptionReason,
  }));
  assert.equal(rows(...two)[0]?.exemptionReason, 'School; Hospital');
  assert.deepEqual(reasons({ taxCategory: 'AE' }), ['Reverse charge']);
  assert.deepEqual(reasons({ taxCategory: 'K' }), ['Intra-community supply']);
  assert.deepEqual(reasons({ taxCategory: 'G' }), ['Export outside the EU']);
  assert.deepEqual(reasons({ taxCategory: 'O' }), ['Not subject to VAT']);
  assert.deepEqual(reasons({ taxCategory: 'E', taxExemptionReason: 'Art. 132 of Directive 2006/112/EC' }), [
    'Art. 132 of Directive 2006/112/EC',
  ]);
  assert.deepEqual(reasons({ taxCategory: 'Z' }), [undefined]);
});
