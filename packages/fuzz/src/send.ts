/** Requests as bytes on a connection, because no client library would send most of them. */
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from './random.ts';
import type { FuzzRequest } from './request.ts';

export interface Answer {
  status: number;
  headers: Map<string, string>;
  body: Buffer;
}

export type Outcome =
  /** What came back, perhaps nothing, before the connection ended. */
  | { kind: 'answered'; answers: Answer[]; milliseconds: number }
  /** The connection was still open, without a whole answer, after so long. */
  | { kind: 'hung'; milliseconds: number }
  /** It was we who went away. */
  | { kind: 'left' };

/** Longer than any bound of the API's own, on however busy a machine. */
const HANG_MS = 120_000;
/** Of an answer; more is not looked at. */
const MAX_ANSWER_BYTES = 8 * 2 ** 20;
const FLOOD = 60;

export const send = async (request: FuzzRequest, apiUrl: string, random: Random): Promise<Outcome> => {
  const { hostname, port } = new URL(apiUrl);
  const dial = (): Socket => connect({ host: hostname, port: Number(port), noDelay: true, allowHalfOpen: true });
  const socket = dial();
  const crowd: Socket[] = [];
  const startedAt = performance.now();
  const reading = read(socket);
  try {
    if (request.wire === 'flood') {
      for (let i = 0; i < FLOOD; i++) {
        const idle = dial().on('error', () => {});
        idle.write(random.oneIn(2) ? 'POST /v1/invoices HTTP/1.1\r\nhost: a\r\nx-' : '');
        crowd.push(idle);
      }
    }
    await write(socket, request, random);
    if (request.wire === 'abandoned') return { kind: 'left' };
    const bytes = await Promise.race([reading, sleep(HANG_MS, undefined, { ref: false })]);
    const milliseconds = Math.round(performance.now() - startedAt);
    return bytes === undefined
      ? { kind: 'hung', milliseconds }
      : { kind: 'answered', answers: parseAnswers(bytes, request.method), milliseconds };
  } finally {
    socket.destroy();
    for (const each of crowd) each.destroy();
  }
};

/** All that comes until the connection ends, however; an endless stream ends with us. */
const read = (socket: Socket): Promise<Buffer> => {
  const { promise, resolve } = Promise.withResolvers<Buffer>();
  const chunks: Buffer[] = [];
  let size = 0;
  const done = () => resolve(Buffer.concat(chunks));
  socket.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size <= MAX_ANSWER_BYTES) chunks.push(chunk);
    if (chunks.length === 1 && chunk.includes('content-type: text/event-stream')) done();
  });
  socket.once('end', done).once('close', done).once('error', done);
  return promise;
};

const write = async (socket: Socket, request: FuzzRequest, random: Random): Promise<void> => {
  const { body, wire, headers } = request;
  const put = (bytes: Buffer): void => void (socket.writable && socket.write(bytes));
  if (wire === 'slow') {
    put(headOf(request));
    const pieces = random.between(2, 8);
    const step = Math.ceil(body.length / pieces) || 1;
    for (let at = 0; at < body.length; at += step) {
      await sleep(random.between(1, 40));
      put(body.subarray(at, at + step));
    }
  } else if (wire === 'truncated') {
    put(Buffer.concat([headOf(request), body.subarray(0, random.between(0, Math.max(0, body.length - 1)))]));
    socket.end();
  } else if (wire === 'pipelined') {
    const again = Buffer.concat([headOf(request, { close: false }), body]);
    put(Buffer.concat([again, again, headOf(request), body]));
  } else if (wire === 'chunked') {
    put(Buffer.concat([headOf(request, { chunked: true }), chunksOf(body, random)]));
    socket.end();
  } else if (wire === 'garbled') {
    const head = headOf(request);
    for (let left = random.between(1, 6); left > 0; left--)
      head.writeUInt8(random.between(0, 255), random.between(0, head.length - 1));
    put(Buffer.concat([head, body]));
    socket.end();
  } else put(Buffer.concat([headOf(request), body]));
  // A length that lies would keep the API waiting for the rest, a minute long.
  if (headers.some(([name]) => name === 'content-length' || name === 'transfer-encoding')) socket.end();
};

const headOf = (
  { method, target, headers, body }: FuzzRequest,
  { close = true, chunked = false }: { close?: boolean; chunked?: boolean } = {},
): Buffer => {
  const has = (name: string) => headers.some(([each]) => each === name);
  const framing = chunked
    ? ['transfer-encoding: chunked']
    : has('content-length')
      ? []
      : [`content-length: ${body.length}`];
  const lines = [
    `${method} ${target} HTTP/1.1`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
    ...framing,
    ...(close && !has('connection') ? ['connection: close'] : []),
  ];
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
};

/** Mostly right; else with a size that lies, an extension without end, or no last chunk. */
const chunksOf = (body: Buffer, random: Random): Buffer => {
  const at = random.between(0, body.length);
  const chunk = (bytes: Buffer, size = bytes.length.toString(16)) =>
    bytes.length === 0 ? Buffer.alloc(0) : Buffer.concat([Buffer.from(`${size}\r\n`), bytes, Buffer.from('\r\n')]);
  const [first, second] = [body.subarray(0, at), body.subarray(at)];
  return random.pick<() => Buffer>([
    () => Buffer.concat([chunk(first), chunk(second), Buffer.from('0\r\n\r\n')]),
    () => Buffer.concat([chunk(first), chunk(second), Buffer.from('0\r\nx-trailer: 1\r\n\r\n')]),
    () => Buffer.concat([chunk(first, 'ffffffffffffffff'), Buffer.from('0\r\n\r\n')]),
    () => Buffer.concat([chunk(first, `${first.length.toString(16)};${'a'.repeat(20_000)}`), Buffer.from('0\r\n\r\n')]),
    () => chunk(first),
  ])();
};

const parseAnswers = (bytes: Buffer, method: string): Answer[] => {
  const answers: Answer[] = [];
  let rest = bytes;
  while (rest.length > 0) {
    const end = rest.indexOf('\r\n\r\n');
    if (end < 0) break;
    const [statusLine = '', ...lines] = rest.subarray(0, end).toString('latin1').split('\r\n');
    const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(statusLine)?.[1] ?? Number.NaN);
    const headers = new Map(
      lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
    );
    rest = rest.subarray(end + 4);
    const chunked = headers.get('transfer-encoding') === 'chunked';
    const none = method === 'HEAD' || status < 200 || status === 204 || status === 304;
    const framed = chunked ? withoutChunks(rest) : bytesOf(rest, Number(headers.get('content-length') ?? rest.length));
    const { body, after } = none ? bytesOf(rest, 0) : framed;
    answers.push({ status, headers, body });
    rest = after;
  }
  return answers.filter(({ status }) => status !== 100);
};

const bytesOf = (bytes: Buffer, length: number) => ({ body: bytes.subarray(0, length), after: bytes.subarray(length) });

/** As far as it is well formed (RFC 9112, 7.1); the API sends neither extensions nor trailers. */
const withoutChunks = (bytes: Buffer): { body: Buffer; after: Buffer } => {
  const chunks: Buffer[] = [];
  let at = 0;
  for (;;) {
    const end = bytes.indexOf('\r\n', at);
    const size = end < 0 ? 0 : Number.parseInt(bytes.subarray(at, end).toString('latin1'), 16) || 0;
    if (size === 0) return { body: Buffer.concat(chunks), after: bytes.subarray(end < 0 ? bytes.length : end + 4) };
    chunks.push(bytes.subarray(end + 2, end + 2 + size));
    at = end + 2 + size + 2;
  }
};
