import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decimalOf, minorUnits, percentOf, thousandthsOf, units } from '../src/exact.ts';

test('products and quotients are rounded once, half away from zero', () => {
  assert.equal(minorUnits(2, '3', '0.335'), 101n); // 1.005
  assert.equal(minorUnits(2, '-3', '0.335'), -101n);
  assert.equal(minorUnits(2, '1', '1', '3'), 33n);
  assert.equal(minorUnits(0, '2.5'), 3n);
  assert.equal(percentOf(1_250n, '19'), 238n); // 237.5
  assert.equal(percentOf(-1_250n, '19'), -238n);
});

test('minor units are written with the places of their currency', () => {
  assert.equal(decimalOf(5n, 2), '0.05');
  assert.equal(decimalOf(-1_250n, 2), '-12.50');
  assert.equal(decimalOf(1_250n, 0), '1250');
});

test('a part is cut off, so that it is never more than the whole', () => {
  assert.deepEqual(
    [thousandthsOf('3.39', 1000, 1), thousandthsOf('-3.39', 500, 2), thousandthsOf('7', 100, 0)],
    ['3.3', '-1.69', '0'],
  );
});

test('what is no decimal number is refused', () => {
  assert.throws(() => units('1e3'), /no decimal number/);
});
