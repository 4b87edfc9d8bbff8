/** A short run of the fuzzer against the real service; the long one is `npm run fuzz`. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judge } from '../src/judge.ts';
import { randomOf } from '../src/random.ts';
import { makeRequest, type FuzzRequest } from '../src/request.ts';
import { run } from '../src/run.ts';
import type { Answer, Outcome } from '../src/send.ts';

test('hostile requests are answered, and nothing fails, hangs, leaks or stays by half', async () => {
  const report = await run({ seed: 7, requests: 200, concurrency: 8, workers: 0, only: undefined, maxMb: 1_024 });
  assert.deepEqual(report.findings, []);
  assert.deepEqual(report.faults, []);
  const answered = Object.keys(report.statuses);
  for (const status of ['200', '400', '401', '404', '422'])
    assert.ok(answered.includes(status), `some got ${status}: ${answered.join()}`);
});

const request: FuzzRequest = {
  number: 1,
  operation: 'getInvoice',
  method: 'GET',
  target: '/v1/invoices/x',
  headers: [],
  body: Buffer.alloc(0),
  wire: 'whole',
  foreign: false,
};

test('what an answer may not be is found', () => {
  const problem = (status: number, detail: string) =>
    JSON.stringify({ type: 'about:blank', title: 'No', status, detail });
  const kinds = (status: number, body: string, mediaType = 'application/problem+json', foreign = false) => {
    const answer: Answer = { status, headers: new Map([['content-type', mediaType]]), body: Buffer.from(body) };
    const outcome: Outcome = { kind: 'answered', answers: [answer], milliseconds: 1 };
    return judge({ ...request, foreign }, outcome, ['CANARY']).map(({ kind }) => kind);
  };
  assert.deepEqual(kinds(404, problem(404, 'there is none')), []);
  assert.deepEqual(kinds(500, problem(500, 'sorry')), ['server-error']);
  assert.deepEqual(kinds(400, problem(400, 'Error\n    at x (/srv/apps/api/src/app.ts:3:1)')), ['leak', 'leak']);
  assert.deepEqual(kinds(400, problem(400, 'SELECT id FROM invoice')), ['leak']);
  assert.deepEqual(kinds(200, '{"name":"CANARY Ltd"}', 'application/json'), ['leak']);
  assert.deepEqual(kinds(200, '{}', 'application/json', true), ['foreign']);
  assert.deepEqual(kinds(400, 'no', 'text/plain'), ['form']);
  assert.deepEqual(kinds(400, problem(404, 'another')), ['form']);
  assert.deepEqual(
    judge(request, { kind: 'hung', milliseconds: 9 }, []).map(({ kind }) => kind),
    ['hang'],
  );
});

test('the same seed and number give the same request, whatever was made in between', () => {
  const schema = {
    type: 'object',
    properties: { number: { type: 'string' }, lines: { type: 'array', items: { type: 'integer' } } },
  };
  const document = {
    operations: [
      {
        id: 'submitInvoice',
        method: 'POST',
        path: '/v1/invoices/{id}',
        parameters: [],
        body: { mediaType: 'application/json', schema },
      },
    ],
    find: () => ({}),
  };
  const known = {
    apiUrl: '',
    host: 'h',
    token: 'a.b.c',
    idsFor: () => ['1'],
    foreignIds: ['2'],
    canaries: [],
    secrets: [],
  };
  const make = (number: number) => makeRequest(3, number, document, known);
  const first = Array.from({ length: 4_000 }, (_, i) => make(i + 1));
  assert.deepEqual(
    first.map((_, i) => make(i + 1)),
    first,
  );
  assert.notEqual(randomOf(1, 2).between(0, 2 ** 30), randomOf(1, 3).between(0, 2 ** 30));
});
