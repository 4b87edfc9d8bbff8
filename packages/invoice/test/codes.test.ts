import assert from 'node:assert/strict';
import { test } from 'node:test';
import { amountDecimals, countries, currencies, isIban } from '@invoicepress/invoice';

// Examples that the IBAN registry and national banks publish.
const ibans = [
  'DE89370400440532013000',
  'GB29NWBK60161331926819',
  'FR1420041010050500013M02606',
  'NL91ABNA0417164300',
  'IT60X0542811101000000123456',
  'ES9121000418450200051332',
  'PL61109010140000071219812874',
  'MT84MALT011000012345MTLCAST001S',
  'NO9386011117947',
];

for (const iban of ibans) {
  test(`${iban} is an IBAN, and no more so with one character changed`, () => {
    assert.ok(isIban(iban));
    for (const at of [2, 3, iban.length - 1]) {
      const digit = iban[at] === '1' ? '2' : '1';
      assert.ok(!isIban(iban.slice(0, at) + digit + iban.slice(at + 1)), `with another character at ${at}`);
    }
    assert.ok(!isIban(iban.slice(0, 4) + iban.slice(5)), 'with a character missing');
  });
}

test('what only resembles an IBAN is none', () => {
  for (const value of [
    '',
    'DE',
    'DE89 3704 0044 0532 0130 00',
    'de89370400440532013000',
    '89DE370400440532013000',
    'DE8937040044053201300€',
    'DE89',
  ]) {
    assert.ok(!isIban(value), value);
  }
});

test('currencies are those in use', () => {
  for (const code of ['EUR', 'USD', 'JPY', 'CHF', 'PLN', 'UAH', 'XOF']) assert.ok(currencies.has(code), code);
  for (const code of ['XXX', 'XTS', 'XAU', 'DEM', 'HRK', 'BGN', 'STN', 'eur', ''])
    assert.ok(!currencies.has(code), code);
});

test('countries are those of ISO 3166-1, Northern Ireland and Kosovo', () => {
  for (const code of ['DE', 'GR', 'GB', 'XI', '1A', 'TW']) assert.ok(countries.has(code), code);
  for (const code of ['EL', 'UK', 'XX', 'EU', 'de', '']) assert.ok(!countries.has(code), code);
});

test('a currency without a known peculiarity has two decimals, and none has more', () => {
  assert.deepEqual(['EUR', 'JPY', 'KRW', 'ISK', 'KWD', 'TND', 'HUF'].map(amountDecimals), [2, 0, 0, 0, 2, 2, 2]);
});
