import { baseOf } from './bases.ts';
import type { ApiDocument, Operation } from './document.ts';
import { fromSchema, type Schema } from './from-schema.ts';
import { headersOf, type Body } from './headers.ts';
import { mutateText, mutateValue } from './mutate.ts';
import { randomOf, type Random } from './random.ts';
import type { Known } from './site.ts';
import { hostileTexts } from './values.ts';
import { gzipSync } from 'node:zlib';

/** How the bytes of a request reach the API. */
export const wires = ['whole', 'slow', 'truncated', 'abandoned', 'pipelined', 'chunked', 'garbled', 'flood'] as const;
export type Wire = (typeof wires)[number];

export interface FuzzRequest {
  number: number;
  operation: string;
  method: string;
  /** Path and query, as sent. */
  target: string;
  /** As sent, in order, a name perhaps more than once. */
  headers: [string, string][];
  body: Buffer;
  wire: Wire;
  /** Whether it names something of the other tenant, by which no success may come. */
  foreign: boolean;
}

/** The request of this number: it follows from seed, number, the document and what is known of the site. */
export const makeRequest = (seed: number, number: number, document: ApiDocument, known: Known): FuzzRequest => {
  const random = randomOf(seed, number);
  const operation = random.pick(document.operations);
  const unique = `F${seed}-${number}`;
  const { target, foreign } = targetOf(operation, random, known);
  const body = bodyOf(operation, random, document, unique);
  const method = random.oneIn(25)
    ? random.pick(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD', 'TRACE', 'PROPFIND'])
    : operation.method;
  return {
    number,
    operation: operation.id,
    method,
    target,
    headers: headersOf(operation, body, random, known, unique),
    body: body.bytes,
    wire: random.oneIn(12) ? random.pick(wires) : 'whole',
    foreign,
  };
};

const hostileSegments = [
  '..',
  '.',
  '%2e%2e%2f',
  '%00',
  '%',
  '%zz',
  '%ff',
  '%2F',
  'a'.repeat(9_000),
  '\u00e9',
  '%F0%9F%A7%BE',
  'null',
  '-1',
  '1;a=b',
  '__proto__',
  '*',
  '%0d%0aX-A:1',
];

const targetOf = (operation: Operation, random: Random, known: Known): { target: string; foreign: boolean } => {
  let foreign = false;
  const path = operation.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const schema = operation.parameters.find((each) => each.in === 'path' && each.name === name)?.schema ?? {};
    if (schema.enum && !random.oneIn(6)) return String(random.pick(schema.enum));
    if (random.oneIn(8)) {
      foreign = true;
      return random.pick(known.foreignIds);
    }
    if (random.oneIn(5)) return random.pick(hostileSegments);
    if (random.oneIn(10)) return encodeURIComponent(lone(random.pick(hostileTexts))) || 'x';
    return random.pick(known.idsFor(operation.path));
  });
  const query = operation.parameters
    .filter((each) => each.in === 'query' && random.oneIn(3))
    .flatMap(({ name, schema }): string[] => {
      const plain = () => encodeURIComponent(lone(String(fromSchema(schema, random, () => ({})))));
      const hostile = () => encodeURIComponent(lone(random.pick(hostileTexts)));
      const value = random.oneIn(2) ? plain() : hostile();
      return random.pick<() => string[]>([
        () => [`${name}=${value}`],
        () => [`${name}=${value}`],
        () => [`${name}=${plain()}`, `${name}=${value}`],
        () => [`${name}[]=${value}`],
        () => [`${name}[__proto__][x]=${value}`],
        () => [name],
        () => [`${name}=%`, `${name}=%ff`],
        () => [`${name}=${'9'.repeat(random.between(1, 2_000))}`],
      ])();
    });
  if (random.oneIn(15))
    query.push(
      random.pick([
        '__proto__=1',
        'a=1&a=2',
        '=',
        '&&&',
        'constructor[prototype][x]=1',
        `x=${'y'.repeat(7_000)}`,
        '%=%',
        'tenantId=1',
      ]),
    );
  return { target: path + (query.length > 0 ? `?${query.join('&')}` : ''), foreign };
};

/** URLs cannot say half of a pair. */
const lone = (text: string): string => text.toWellFormed();

const bodyOf = (operation: Operation, random: Random, { find }: ApiDocument, unique: string): Body => {
  if (!operation.body) {
    const bytes = random.oneIn(6) ? mutateText('{}', random) : Buffer.alloc(0);
    return { bytes, mediaType: bytes.length > 0 ? 'application/json' : undefined };
  }
  const { mediaType, schema } = operation.body;
  const base = random.oneIn(4) ? undefined : (baseOf(operation.id, unique) ?? exampleOf(schema, find));
  const valid = base ?? fromSchema(schema, random, find);
  const value = random.oneIn(5) ? valid : mutateValue(valid, random);
  if (mediaType !== 'application/json') {
    const form = new URLSearchParams();
    for (const [key, each] of Object.entries(value ?? {}))
      form.append(key, (typeof each === 'string' ? each : (JSON.stringify(each) ?? '')).toWellFormed());
    return { bytes: random.oneIn(5) ? mutateText(form.toString(), random) : Buffer.from(form.toString()), mediaType };
  }
  const text = JSON.stringify(value) ?? 'null';
  const bytes = random.oneIn(8) ? mutateText(text, random) : Buffer.from(text);
  if (!random.oneIn(40)) return { bytes, mediaType };
  return random.pick<() => Body>([
    () => ({ bytes: gzipSync(bytes), mediaType, encoding: 'gzip' }),
    () => ({ bytes: gzipSync(Buffer.alloc(20_000_000, 0x20)), mediaType, encoding: 'gzip' }),
    () => ({ bytes, mediaType, encoding: 'gzip' }),
    () => ({ bytes, mediaType, encoding: 'br' }),
    () => ({ bytes, mediaType, encoding: 'deflate, gzip' }),
    () => ({ bytes, mediaType, encoding: 'x'.repeat(200) }),
  ])();
};

/** What the document itself shows, for operations that nobody wrote a body for. */
const exampleOf = (schema: Schema, find: ApiDocument['find']): unknown =>
  (schema.$ref === undefined ? schema : find(schema.$ref)).examples?.[0];
