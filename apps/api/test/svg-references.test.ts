import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readStyleSheet, referencesIn, refersElsewhere } from '../src/logos/svg-references.ts';

test('references within the drawing are told from those that load something', () => {
  assert.deepEqual(referencesIn('url(#a) url( "#b" ) URL(\'#c\')'), ['a', 'b', 'c']);
  for (const value of ['url(#a)', 'url("#a") red', 'red']) assert.equal(refersElsewhere(value), false, value);
  for (const value of ['url(x)', 'url(#a b)', 'url(#a', 'url(#url(x))', '/*/*/ url(x)', 'u\\72l(x)'])
    assert.equal(refersElsewhere(value), true, value);
  assert.deepEqual(readStyleSheet('/* url(x) */ .a { fill: url(#a) }'), ['a']);
  assert.throws(() => readStyleSheet('/*/*/ .a { fill: url(x) }'), /loads something/);
});

test('a hostile value is judged in time in proportion to its length', { timeout: 60_000 }, () => {
  const length = 500_000; // some minutes where the pattern tries each split of it
  assert.equal(refersElsewhere(`url(#${' '.repeat(length)}`), true);
  assert.equal(refersElsewhere('url(#'.repeat(length / 5)), true);
  assert.deepEqual(readStyleSheet('/*'.repeat(length / 2)), []);
});
