import assert from 'node:assert/strict';
import { test } from 'node:test';
import { holdsCardNumber } from '../src/index.ts';

/** Numbers that the card schemes publish for tests. */
const cards = {
  Visa: '4111 1111 1111 1111',
  'Visa of 13 digits': '4222222222222',
  'Visa of 19 digits': '4111 1111 1111 1111 110',
  Mastercard: '5555-5555-5555-4444',
  'Mastercard of the 2-series': '2223003122003222',
  'American Express': '3782 822463 10005',
  'Diners Club': '3056 930902 5904',
  Discover: '6011111111111117',
  JCB: '3530111333300000',
  UnionPay: '6200000000000005',
  Maestro: '6759649826438453',
};
for (const [scheme, number] of Object.entries(cards))
  test(`a number of ${scheme} is seen, however it is written and whatever stands around it`, () => {
    const bare = number.replaceAll(/[ -]/g, '');
    const spaced = number.replaceAll('-', ' ');
    for (const written of [bare, spaced, spaced.replaceAll(' ', '-')])
      for (const text of [written, `Paid by ${written}, thanks.`, `card:${written}\nexp 12/29`, `1 ${written} 12`])
        assert.ok(holdsCardNumber(text), text);
    const wrong = bare.slice(0, -1) + ((Number(bare.at(-1)) + 1) % 10);
    assert.ok(!holdsCardNumber(wrong), 'one digit is wrong: Luhn does not hold');
  });

test('what merely looks long is no card number', () => {
  for (const text of [
    'DE89 3704 0044 0532 0130 00',
    'IBAN AT611904300234573201, BIC COBADEFFXXX',
    'FR14 2004 1010 0505 0001 3M02 606',
    '4006381333931', // a GTIN-13
    '4006381000093', // another, for which Luhn holds too
    '00000000000000',
    'ORD4111111111111111', // belongs to a word
    'item_4111111111111111',
    '+49 151 2345 6789 012',
    '4111111111111111111111111111', // longer than any card's
    '411111111111.1111',
    '1234.5678901234567',
    '550e8400-e29b-4111-1111-111111111111',
    '2026-11-22 10:15:30 to 2026-11-23 11:00',
    '411111******1111',
    'last four digits 1111',
  ])
    assert.ok(!holdsCardNumber(text), text);
});
