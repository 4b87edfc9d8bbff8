import assert from 'node:assert/strict';
import { test } from 'node:test';
import { variants } from '../src/variants.ts';
import { chaos } from './chaos.ts';

test('the checker finds each deliberate defect by the invariant that it breaks', async (t) => {
  const { code, stdout, stderr } = await chaos('--variant', 'all', '--seed', '5', '--bound', '10');
  const lines = stdout.trimEnd().split('\n');
  for (const [name, { invariant }] of Object.entries(variants)) {
    await t.test(`${name}, by ${invariant}`, () => {
      const line = lines.find((each) => each.startsWith(`${name}: `));
      assert.match(line ?? '', new RegExp(`: found by ${invariant} `), stderr);
    });
  }
  const count = Object.keys(variants).length;
  assert.equal(lines.at(-1), `chaos: ${count} deliberate defects, ${count} found`);
  assert.equal(code, 0);
});
