import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contrast, faultInAccent, faultInTextColour, tintOf } from '@invoicepress/invoice';

/** Published with WCAG 2.2 and its techniques. */
const known: [string, string, number][] = [
  ['#000000', '#ffffff', 21],
  ['#ffffff', '#ffffff', 1],
  ['#767676', '#ffffff', 4.54],
  ['#777777', '#ffffff', 4.48],
  ['#ff0000', '#ffffff', 4],
];
for (const [one, other, ratio] of known) {
  test(`the contrast of ${one} and ${other} is ${ratio}:1, whichever is named first`, () => {
    assert.equal(Number(contrast(one, other).toFixed(2)), ratio);
    assert.equal(contrast(one, other), contrast(other, one));
  });
}

test('an accent has to be legible under white and on its own tint, a text colour on white', () => {
  for (const accent of ['#0b4f5c', '#7a1f3d', '#000000', '#b91c1c']) assert.equal(faultInAccent(accent), undefined);
  assert.match(faultInAccent('#777777') ?? '', /white on #777777 is 4\.47:1, and WCAG 2\.2 \(1\.4\.3\) wants 4\.5:1/);
  assert.match(faultInAccent('#757575') ?? '', new RegExp(`#757575 on its tint ${tintOf('#757575')} is 4\\.\\d\\d:1`));
  assert.equal(faultInTextColour('#15191e'), undefined);
  assert.match(faultInTextColour('#666666') ?? '', /#666666 on white is 5\.74:1, and WCAG 2\.2 \(1\.4\.6\) wants 7:1/);
});
