import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { payloadSettings } from '../src/index.ts';

const key = (): string => randomBytes(32).toString('base64');
const one = key();

test('master keys that cannot be used are refused with the fault, and none of them is shown', () => {
  const faulty: [string, RegExp][] = [
    [one, /are not id:key pairs/],
    [`k1:${one.slice(4)}`, /32 bytes in base64; make one with/],
    [`k1:${randomBytes(16).toString('base64')}`, /32 bytes in base64/],
    [`k 1:${one}`, /letters, digits/],
    [`k1:${one},`, /separated by commas/],
    [`k1:${one},k1:${key()}`, /one id twice/],
    [`k1:${one},k2:${one}`, /one key under two ids/],
    [Array.from({ length: 11 }, (_, i) => `k${i}:${key()}`).join(','), /more than 10/],
  ];
  for (const [value, fault] of faulty) {
    const { error } = payloadSettings.safeParse({ PAYLOAD_MASTER_KEYS: value });
    assert.match(error?.message ?? 'no fault', fault);
    assert.match(error?.message ?? '', /PAYLOAD_MASTER_KEYS/);
    assert.ok(!error?.message.includes(one.slice(8, 30)), 'no key is shown');
  }
  const { PAYLOAD_MASTER_KEYS: keys } = payloadSettings.parse({ PAYLOAD_MASTER_KEYS: `new:${one}, old:${key()}` });
  assert.deepEqual([keys.map(({ id }) => id), keys[0]?.key.export().toString('base64')], [['new', 'old'], one]);
  assert.deepEqual(payloadSettings.parse({}), { PAYLOAD_MASTER_KEYS: [] }, 'without any, nothing is sealed');
});
