import type { Operation } from './document.ts';
import type { Random } from './random.ts';
import type { Known } from './site.ts';

/** A body as it is sent, and what its headers say of it. */
export interface Body {
  bytes: Buffer;
  mediaType: string | undefined;
  encoding?: string;
}

const mediaTypes = [
  'text/plain',
  'application/xml',
  'application/json; charset=utf-16',
  'application/json; charset=latin1',
  'application/json;;;',
  'application/json, text/html',
  'multipart/form-data; boundary=x',
  'application/x-www-form-urlencoded',
  'a/b',
  '*/*',
  '',
  'APPLICATION/JSON',
  'application/json; charset="',
];

/** The headers that belong to the request, and now and then wrong ones, or too many. */
export const headersOf = (
  operation: Operation,
  body: Body,
  random: Random,
  known: Known,
  unique: string,
): [string, string][] => {
  const headers: [string, string][] = [['host', known.host]];
  const mediaType = random.oneIn(20) ? random.pick(mediaTypes) : body.mediaType;
  if (mediaType !== undefined) headers.push(['content-type', mediaType]);
  if (body.encoding !== undefined) headers.push(['content-encoding', body.encoding]);
  if (operation.id !== 'issueToken')
    headers.push(['authorization', random.oneIn(20) ? random.pick(wrongTokens(known)) : `Bearer ${known.token}`]);
  if (
    operation.parameters.some(({ in: where, name }) => where === 'header' && name === 'Idempotency-Key') &&
    random.oneIn(3)
  )
    headers.push([
      'idempotency-key',
      random.oneIn(3) ? random.pick(headerTexts) : random.oneIn(3) ? 'one key for many' : unique,
    ]);
  if (random.oneIn(6)) headers.push(random.pick(oddHeaders(known, random)));
  if (random.oneIn(60))
    headers.push(...Array.from({ length: random.between(10, 150) }, (_, i): [string, string] => [`x-${i}`, 'y']));
  return headers;
};

/** What a header may carry, in bytes of ISO 8859-1. */
const headerTexts = [
  '',
  ' ',
  '"',
  '\u00e9\u00ff',
  'a'.repeat(255),
  'a'.repeat(256),
  'a'.repeat(6_000),
  'a,b',
  "'; --",
  '%00',
  '{}',
  '__proto__',
];

const wrongTokens = ({ token }: Known): string[] => {
  const [head = '', claims = '', mark = ''] = token.split('.');
  const none = Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url');
  return [
    '',
    'Bearer',
    'Bearer ',
    `bearer ${token}`,
    `Bearer ${token} ${token}`,
    `Basic ${Buffer.from('a:b').toString('base64')}`,
    `Bearer ${none}.${claims}.`,
    `Bearer ${head}.${claims}.${mark.slice(1)}`,
    `Bearer ${head}.${Buffer.from('{"sub":"x"}').toString('base64url')}.${mark}`,
    `Bearer ${'a'.repeat(7_000)}`,
    'Bearer ...',
    `Bearer ${Buffer.from('null').toString('base64url')}.${claims}.${mark}`,
  ];
};

const oddHeaders = ({ host, token }: Known, random: Random): [string, string][] => [
  ['x-forwarded-for', random.pick(headerTexts)],
  ['x-forwarded-host', 'attacker.example'],
  ['x-http-method-override', 'DELETE'],
  ['host', `${host}.attacker.example`],
  ['authorization', `Bearer ${token}`],
  ['if-none-match', random.pick(['*', '"1"', 'W/"x"', '"', 'a'.repeat(5_000)])],
  [
    'accept',
    random.pick([
      'text/html',
      'application/pdf',
      'image/png',
      '*/*;q=0',
      ',,,',
      'a'.repeat(3_000),
      'text/event-stream-not',
    ]),
  ],
  ['accept-encoding', 'gzip;q=2, br;q=x'],
  ['range', 'bytes=0-1,5-,-9999999999'],
  ['last-event-id', random.pick(headerTexts)],
  ['prefer', 'respond-async, wait=-1'],
  ['x-request-id', random.pick(headerTexts)],
  ['traceparent', random.pick(['00-00-00-00', '00-ffffffffffffffffffffffffffffffff-ffffffffffffffff-ff', 'x'])],
  ['expect', random.pick(['100-continue', '200-ok'])],
  ['upgrade', 'websocket'],
  ['connection', random.pick(['close', 'upgrade', 'keep-alive, host'])],
  ['cookie', `a=${'b'.repeat(3_000)}; __proto__=1`],
  ['content-length', random.pick(['0', '-1', '1e3', '99999999999999999999'])],
  ['transfer-encoding', random.pick(['gzip', 'identity', 'chunked, chunked'])],
];
