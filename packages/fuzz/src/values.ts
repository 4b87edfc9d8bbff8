/** Values that have broken programs before, for any place in a body, a path, a query or a header. */
import type { Random } from './random.ts';

const nested = (depth: number): unknown => {
  let value: unknown = 1;
  for (let i = 0; i < depth; i++) value = i % 2 === 0 ? [value] : { a: value };
  return value;
};

/** Text that is read in more than one way, or not at all. */
export const hostileTexts = [
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\ud800', // half of a surrogate pair
  '\udfff\ud800',
  '\u202e\u2066',
  '\ufeff',
  '\ufffe\uffff',
  '\u0085\u2028\u2029',
  'e\u0301'.repeat(40),
  'Z\u0351\u036b\u0343\u036a\u0302'.repeat(60),
  '👩‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿',
  'ﷺ'.repeat(50),
  '١٢٣',
  '１２３',
  '1e5',
  '0x10',
  '1,5',
  '-0',
  'NaN',
  'Infinity',
  '99999999999999999999999999999999',
  '0.0000000000000000000000000001',
  'true',
  'null',
  'undefined',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  "' OR '1'='1",
  "'; DELETE FROM invoice; --",
  '%27%20--',
  '$1',
  '${7*7}',
  '{{7*7}}',
  '<script>alert(1)</script>',
  '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]>',
  ']]>',
  '#read("main.typ")',
  '../../../../etc/hostname',
  '..\\..\\windows\\win.ini',
  'file:///etc/hostname',
  'http://127.0.0.1:1/',
  'http://[::ffff:169.254.169.254]/',
  'https://user@example.com:99999/',
  '\r\nX-Injected: 1',
  '0000-00-00',
  '2026-02-30',
  '9999-12-31',
  '2026-13-01T00:00:00Z',
  '00000000-0000-0000-0000-000000000000',
  'ffffffff-ffff-ffff-ffff-ffffffffffff',
  '٪',
  'İıſK',
] as const;

const hostileOthers: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  -0,
  2 ** 31,
  2 ** 53,
  -(2 ** 63),
  1e308,
  5e-324,
  [],
  {},
  [null],
  [[]],
  [{}],
  { length: 1e9 },
  { toString: 1 },
  { valueOf: null, toJSON: 1 },
  { constructor: { prototype: { polluted: true } } },
];

/** Small ones are frequent; one in forty is large or deep. Each is the caller's own, to change as it likes. */
export const hostileValue = (random: Random): unknown => {
  if (!random.oneIn(40))
    return random.oneIn(3) ? structuredClone(random.pick(hostileOthers)) : random.pick(hostileTexts);
  return random.pick<() => unknown>([
    () => 'x'.repeat(random.between(1_000, 300_000)),
    () => '\u{1f9fe}'.repeat(random.between(1_000, 50_000)),
    () => random.pick(hostileTexts).repeat(random.between(2, 200)),
    () => nested(random.between(20, 3_000)),
    () => Array.from({ length: random.between(100, 20_000) }, () => null),
    () => Array.from({ length: random.between(10, 500) }, () => ({})),
    () => Object.fromEntries(Array.from({ length: random.between(100, 5_000) }, (_, i) => [`k${i}`, i])),
  ])();
};
