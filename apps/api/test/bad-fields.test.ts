import { aDraft, aLine } from '@invoicepress/invoice/testing';
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { assertProblem, faultsIn } from './assert-problem.ts';
import { startApi } from './start-api.ts';

const api = await startApi();
after(() => api[Symbol.asyncDispose]());
const tenant = await api.tenant();
const { address } = aDraft().buyer;
const buyer = (name: unknown) => ({ buyer: { name, address } });

/** Each draft has one fault, at this pointer, told in words like these. */
const faulty: [name: string, fields: object, pointer: string, detail: RegExp][] = [
  ['an unknown field', { curency: 'EUR' }, '/curency', /spelling/],
  ['an unknown field of a line', { lines: [{ ...aLine(), price: '1' }] }, '/lines/0/price', /spelling/],
  ['a missing field', { currency: undefined }, '/currency', /./],
  ['a number where text belongs', { number: 42 }, '/number', /string/],
  ['a list where an object belongs', { seller: [] }, '/seller', /object/],
  ['null', { lines: null }, '/lines', /array/],
  [
    'an amount as a JSON number',
    { lines: [{ ...aLine(), unitPrice: 80 }] },
    '/lines/0/unitPrice',
    /send decimals as strings/,
  ],
  ['an exponent', { lines: [aLine({ quantity: '1e9' })] }, '/lines/0/quantity', /quantity/],
  ['a thousands separator', { prepaidAmount: '1,000.00' }, '/prepaidAmount', /amount/],
  ['too many digits', { lines: [aLine({ unitPrice: '12345678901' })] }, '/lines/0/unitPrice', /9 digits/],
  ['too many decimals', { prepaidAmount: '1.234' }, '/prepaidAmount', /2 decimals/],
  ['a negative price', { lines: [aLine({ unitPrice: '-1' })] }, '/lines/0/unitPrice', /not negative/],
  ['a tax rate over 100', { lines: [aLine({ taxRate: '101' })] }, '/lines/0/taxRate', /percentage/],
  ['an unknown currency', { currency: 'XXX' }, '/currency', /ISO 4217/],
  ['a currency in lower case', { currency: 'eur' }, '/currency', /ISO 4217/],
  ['an unknown country', { buyer: { name: 'A', address: { country: 'ZZ' } } }, '/buyer/address/country', /ISO 3166/],
  ['an impossible day', { dueDate: '2026-02-29' }, '/dueDate', /calendar/],
  ['a day with a time', { issueDate: '2026-02-01T00:00:00Z' }, '/issueDate', /date/],
  ['a day of another age', { issueDate: '0001-01-01' }, '/issueDate', /date/],
  ['an IBAN with a slip', { payment: { iban: 'DE89370400440532013001' } }, '/payment/iban', /IBAN/],
  ['a language that is none', { language: 'deutsch!' }, '/language', /BCP 47/],
  ['no lines', { lines: [] }, '/lines', /at least one/],
  ['2,001 lines', { lines: Array.from({ length: 2_001 }, () => aLine()) }, '/lines', /2000 lines/],
  ['21 notes', { notes: Array.from({ length: 21 }, () => 'x') }, '/notes', /20 notes/],
  ['absurdly long text', { notes: ['x'.repeat(2_001)] }, '/notes/0', /2000 characters/],
  ['blank text', buyer(' \n'), '/buyer/name', /blank/],
  ['a NUL', buyer('a\u0000b'), '/buyer/name', /control characters/],
  ['half a surrogate pair', buyer('a\uD800b'), '/buyer/name', /surrogate/],
  ['half a surrogate pair in the number', { number: '\uDC00' }, '/number', /surrogate/],
  ['a NUL in the externalId', { externalId: '\u0000' }, '/externalId', /control characters/],
  ['both number and series', { series: 'sales' }, '/number', /exactly one/],
  ['neither number nor series', { number: undefined }, '/number', /exactly one/],
  ['a series nobody defined', { number: undefined, series: 'nobody' }, '/series', /POST \/v1\/number-series/],
  ['a negative total', { lines: [aLine({ quantity: '-1' })] }, '/lines', /credit note/],
  ['more prepaid than is due', { prepaidAmount: '1000' }, '/prepaidAmount', /prepaid/],
  [
    'a total beyond counting',
    { lines: [aLine({ quantity: '999999999', unitPrice: '999999999' })] },
    '/lines',
    /at most/,
  ],
  ['a standard rate of 0', { lines: [aLine({ taxRate: '0' })] }, '/lines/0/taxRate', /above 0/],
  ['a period backwards', { period: { start: '2026-02-02', end: '2026-02-01' } }, '/period/end', /before/],
  ['metadata that is a list', { metadata: ['a'] }, '/metadata', /object/],
  ['metadata with a NUL', { metadata: { a: ['\u0000'] } }, '/metadata', /NUL/],
  ['metadata with half a surrogate pair as a key', { metadata: { '\uD800': 1 } }, '/metadata', /surrogate/],
  ['metadata that is too deep', { metadata: { a: { b: { c: { d: { e: {} } } } } } }, '/metadata', /deep/],
  ['metadata that is too large', { metadata: { a: 'x'.repeat(16_400) } }, '/metadata', /16384 bytes/],
];

for (const [name, fields, pointer, detail] of faulty) {
  test(`an invoice with ${name} is refused, at ${pointer}`, async () => {
    const problem = await assertProblem(
      await tenant.post('/v1/invoices', { ...aDraft(), ...fields }),
      'invalid-invoice',
    );
    const faults = faultsIn(problem);
    assert.match(faults[pointer] ?? `nothing at ${pointer} in ${JSON.stringify(faults)}`, detail);
  });
}

test('JSON that JavaScript would not write is understood or refused, never half of it', async () => {
  const withMetadata = (json: string) =>
    JSON.stringify(aDraft({ number: json.slice(0, 20) })).replace('{', `{"metadata":${json},`);
  for (const json of ['{"a":1e400}', '{"__proto__":{"a":1}}', '{"a":{"__proto__":1}}', '{"a":"\\ud800"}']) {
    const faults = faultsIn(
      await assertProblem(await tenant.post('/v1/invoices', withMetadata(json)), 'invalid-invoice'),
    );
    assert.ok(faults['/metadata'], json);
  }
});

test('none of them left anything behind', async () => {
  assert.deepEqual((await tenant.client.listPage()).invoices, []);
  assert.equal((await api.context.queue.depth()).waiting, 0);
  assert.deepEqual(api.log.lines('request_failed'), []);
});

test('an invoice at the bounds is accepted', async () => {
  const draft = aDraft({
    number: '№'.repeat(60),
    lines: Array.from({ length: 2_000 }, () => aLine({ unitPrice: '0.000001' })),
    notes: Array.from({ length: 20 }, () => '😀'.repeat(1_000)),
    metadata: { a: { b: { c: { d: ['x'.repeat(16_000)] } } } },
    attachments: [
      { id: 'A', file: { name: 'a.pdf', mediaType: 'application/pdf', base64: 'A'.repeat(2_000_000) } },
      ...Array.from({ length: 19 }, (_, i) => ({ id: `B-${i}` })),
    ],
  });
  assert.equal((await tenant.post('/v1/invoices', draft)).status, 202);
});

test('a card number in free text is refused, and repeated in no answer and no log', async () => {
  const card = '5555 5555 5555 4444';
  for (const [fields, pointer] of [
    [{ notes: [`paid with ${card}`] }, '/notes/0'],
    [{ metadata: { card } }, '/metadata'],
  ] as const) {
    const answer = await tenant.post('/v1/invoices', { ...aDraft({ number: 'CARD-1' }), ...fields });
    const problem = await assertProblem(answer, 'invalid-invoice');
    assert.match(faultsIn(problem)[pointer] ?? '', /looks like a payment card number/);
    assert.doesNotMatch(JSON.stringify(problem) + api.log.text(), /5555.?5555.?5555.?4444/);
  }
});
