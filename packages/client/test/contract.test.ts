import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  issuesOf,
  ListInvoices,
  MAX_BATCH,
  MAX_LINES,
  NumberSeries,
  SubmitBatch,
  SubmitInvoice,
  TokenRequest,
} from '@invoicepress/client';
import type { z } from 'zod';
import { aSmallSubmission, aSubmission } from './a-submission.ts';
import { refusals } from './refusals.ts';

const faultsOf = (schema: z.ZodType, input: unknown): { at: string; says: string }[] => {
  const { error } = schema.safeParse(input);
  const issues = error ? issuesOf(error) : [];
  return issues.map(({ path, message }) => ({ at: path.map((step) => `/${String(step)}`).join(''), says: message }));
};

for (const { what, input, at, says } of refusals) {
  test(`a submission with ${what} is refused: ${says.source}`, () => {
    const faults = faultsOf(SubmitInvoice, input);
    assert.equal(faults.length, 1, `one fault, one message: ${JSON.stringify(faults)}`);
    assert.equal(faults[0]?.at, at);
    assert.match(faults[0].says, says);
  });
}

test('a submission with everything in it is accepted as it is', () => {
  assert.deepEqual(SubmitInvoice.parse(aSubmission()), aSubmission());
});

test('a submission of the least there is, or of the most, is accepted', () => {
  assert.deepEqual(faultsOf(SubmitInvoice, aSmallSubmission()), []);
  const [line] = aSmallSubmission().lines;
  assert.deepEqual(
    faultsOf(SubmitInvoice, aSmallSubmission({ lines: Array.from({ length: MAX_LINES }, () => line!) })),
    [],
  );
  assert.deepEqual(
    faultsOf(SubmitInvoice, aSmallSubmission({ buyer: { name: 'ß'.repeat(200), address: { country: 'DE' } } })),
    [],
  );
  assert.deepEqual(
    faultsOf(SubmitInvoice, aSmallSubmission({ metadata: { text: 'x'.repeat(16_384 - '{"text":""}'.length) } })),
    [],
  );
});

test('an IBAN may be written in groups and small letters', () => {
  const { payment } = SubmitInvoice.parse(aSmallSubmission({ payment: { iban: 'de89 3704 0044 0532 0130 00' } }));
  assert.equal(payment?.iban, 'DE89370400440532013000');
});

test('all faults are named at once', () => {
  const faults = faultsOf(SubmitInvoice, { ...aSmallSubmission({ currency: 'XXX', lines: [] }), colour: 1 });
  assert.deepEqual(
    faults.map(({ at }) => at),
    ['/currency', '/lines', ''],
  );
});

const listRefusals: [name: string, query: Record<string, unknown>, says: RegExp][] = [
  ['status', { status: 'done' }, /none of queued, rendering, ready, failed, canceled/],
  ['status', { status: ['ready', 'failed'] }, /none of queued/],
  ['typeCode', { typeCode: '999' }, /none of 380, 381, 384/],
  ['number', { number: ['a', 'b'] }, /expected string, received array/],
  ['number', { number: { $ne: 'a' } }, /expected string, received object/],
  ['number', { number: 'x'.repeat(61) }, /longer than 60 characters/],
  ['buyer', { buyer: '\u0000' }, /control characters/],
  ['issuedFrom', { issuedFrom: '2026-02-30' }, /no day of the calendar/],
  ['issuedTo', { issuedTo: 'yesterday' }, /not a date/],
  ['metadata', { metadata: '{"project":' }, /no JSON object such as \{"project":"alpha"\}/],
  ['metadata', { metadata: '["alpha"]' }, /not a JSON object/],
  ['metadata', { metadata: '{"__proto__":1}' }, /key named "__proto__"/],
  ['metadata', { metadata: 'x'.repeat(2_001) }, /longer than 2000 characters/],
  ['ids', { ids: 'abc' }, /no UUID/],
  ['ids', { ids: Array.from({ length: 101 }, () => crypto.randomUUID()).join(',') }, /more than 100 ids/],
  ['limit', { limit: '0' }, /no number from 1 to 200/],
  ['limit', { limit: '201' }, /more than 200/],
  ['limit', { limit: '-1' }, /no number from 1 to 200/],
  ['limit', { limit: '1e2' }, /no number/],
  ['cursor', { cursor: 'x'.repeat(201) }, /no cursor of ours/],
  ['', { page: '2' }, /Unrecognized key: "page"/],
];

for (const [name, query, says] of listRefusals) {
  test(`a list with ${JSON.stringify(query).slice(0, 60)} is refused: ${says.source}`, () => {
    const faults = faultsOf(ListInvoices, query);
    assert.ok(faults.length > 0);
    assert.equal(faults[0]?.at.split('/')[1] ?? '', name);
    assert.match(faults[0]!.says, says);
  });
}

test('a list takes every filter at once', () => {
  const [a, b] = [crypto.randomUUID(), crypto.randomUUID()];
  const query = {
    status: 'ready',
    typeCode: '381',
    number: 'R-1',
    externalId: 'o-1',
    buyer: 'Ate',
    issuedFrom: '2026-01-01',
    issuedTo: '2026-12-31',
    metadata: '{"project":"alpha"}',
    ids: `${a},${b}`,
    limit: '200',
    cursor: 'abc',
  };
  assert.deepEqual(ListInvoices.parse(query), { ...query, metadata: { project: 'alpha' }, ids: [a, b], limit: 200 });
  assert.deepEqual(ListInvoices.parse({}), {});
});

test('a batch has 1 to 1,000 invoices, and judges none of them', () => {
  assert.match(faultsOf(SubmitBatch, { invoices: [] })[0]!.says, /is empty; send at least one/);
  assert.match(
    faultsOf(SubmitBatch, { invoices: Array.from({ length: MAX_BATCH + 1 }) })[0]!.says,
    /more than 1000 invoices; send several batches/,
  );
  assert.match(faultsOf(SubmitBatch, { invoices: 'all' })[0]!.says, /not a list of invoices/);
  assert.match(faultsOf(SubmitBatch, { invoices: [1], colour: 1 })[0]!.says, /Unrecognized key/);
  assert.deepEqual(
    faultsOf(SubmitBatch, { invoices: Array.from({ length: MAX_BATCH }, () => 'judged one by one') }),
    [],
  );
});

test('a number series has a name, a sober prefix and at most 12 digits', () => {
  assert.deepEqual(NumberSeries.parse({ name: 'DEMO', prefix: 'D-' }), {
    name: 'DEMO',
    prefix: 'D-',
    padding: 5,
    yearlyReset: false,
  });
  assert.match(
    faultsOf(NumberSeries, { name: 'D', prefix: 'R_' })[0]!.says,
    /letters, digits, "\.", "\/" and "-", 20 at most/,
  );
  assert.match(faultsOf(NumberSeries, { name: 'D', prefix: 'x'.repeat(21) })[0]!.says, /20 at most/);
  assert.match(faultsOf(NumberSeries, { name: 'D', prefix: 'D', padding: 13 })[0]!.says, /<=12/);
  assert.match(faultsOf(NumberSeries, { name: 'D', prefix: 'D', padding: 2.5 })[0]!.says, /expected int/);
});

test('only client credentials are exchanged for a token', () => {
  const client_id = crypto.randomUUID();
  assert.deepEqual(faultsOf(TokenRequest, { grant_type: 'client_credentials', client_id, client_secret: 's' }), []);
  assert.match(
    faultsOf(TokenRequest, { grant_type: 'password' })[0]!.says,
    /not "client_credentials", the only grant there is/,
  );
  assert.match(faultsOf(TokenRequest, { grant_type: 'client_credentials', client_id: ['a'] })[0]!.says, /no client id/);
});
