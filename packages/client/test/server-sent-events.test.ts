import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createEventParser, type ServerSentEvent } from '../src/server-sent-events.ts';

const parse = (...pieces: Uint8Array[]): ServerSentEvent[] => pieces.flatMap(createEventParser());
const bytes = (text: string) => new TextEncoder().encode(text);

const blocks = [
  'retry: 1000\n: a comment\nid: 7\n\n',
  'id:8\nevent: invoice.ready\ndata: {"name":"Βιβλία 🦊"}\n\n',
  'data: two\ndata: lines\ndata\n\n',
  'data:  a space of its own\n\n',
];
const parsed = [
  { id: '7' },
  { id: '8', data: '{"name":"Βιβλία 🦊"}' },
  { data: 'two\nlines\n' },
  { data: ' a space of its own' },
];

for (const [name, end] of Object.entries({ LF: '\n', CRLF: '\r\n', CR: '\r' })) {
  test(`a stream with lines that end in ${name} is read the same, wherever it is cut`, () => {
    const whole = bytes(`${blocks.join('').replaceAll('\n', end)}: end\n`);
    assert.deepEqual(parse(whole), parsed);
    assert.deepEqual(parse(...Array.from(whole, (byte) => Uint8Array.of(byte))), parsed);
  });
}

test('what breaks off in the middle is no event', () => {
  assert.deepEqual(parse(bytes('id: 1\ndata: 1\n\nid: 2\ndata: 2\n')), [{ id: '1', data: '1' }]);
});

test('an event without an end is given up', () => {
  const piece = bytes('x'.repeat(100_000));
  assert.throws(() => parse(bytes('data: '), ...Array.from({ length: 11 }, () => piece)), /too long/);
  const line = bytes(`data: ${'x'.repeat(100_000)}\n`);
  assert.throws(() => parse(...Array.from({ length: 11 }, () => line)), /too long/);
});
