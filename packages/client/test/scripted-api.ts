import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Invoice } from '@invoicepress/client';

export interface Received {
  method: string;
  /** With the query. */
  path: string;
  headers: IncomingMessage['headers'];
  body: string;
}

/** What the API does with a request: answers, or misbehaves as networks and overloaded servers do. */
export type Behaviour =
  | { status?: number; headers?: Record<string, string>; json?: unknown; body?: string | Uint8Array }
  /** Sends this of a text/event-stream, and leaves it open. */
  | { stream: string }
  /** Closes the connection instead of an answer. */
  | 'reset'
  /** Begins an answer and closes the connection in the middle of it. */
  | 'break off'
  /** Takes the request and says nothing. */
  | 'hang';

/**
 * A real HTTP server on a free port of loopback. It issues tokens ("token-1", "token-2", …) that last an hour, unless
 * `script` has something else to say about the request; other requests need a `script`.
 */
export const startScriptedApi = async (script: (request: Received, nth: number) => Behaviour | undefined) => {
  const received: Received[] = [];
  let tokens = 0;
  const behave = (request: Received): Behaviour => {
    // The how-manieth request to this path it is, from 0.
    const nth = received.filter(({ path }) => path === request.path).length - 1;
    const scripted = script(request, nth);
    if (scripted) return scripted;
    if (request.path !== '/oauth2/token')
      return {
        status: 404,
        json: { type: 'about:blank', title: 'Not found', status: 404, detail: 'not in the script' },
      };
    return {
      json: { access_token: `token-${++tokens}`, token_type: 'Bearer', expires_in: 3_600, scope: 'invoices:write' },
    };
  };

  const server = createServer((request, response) => {
    void (async () => {
      const { method = '', url: path = '', headers } = request;
      const heard = { method, path, headers, body: await text(request) };
      received.push(heard);
      answer(response, behave(heard));
    })();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    /** Those that are no requests for a token. */
    calls: () => received.filter(({ path }) => path !== '/oauth2/token'),
    tokensIssued: () => tokens,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
};

const answer = (response: ServerResponse, behaviour: Behaviour): void => {
  if (behaviour === 'hang') return;
  if (behaviour === 'reset') {
    response.socket?.destroy();
    return;
  }
  if (behaviour === 'break off') {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
    response.write('{"id":', () => response.socket?.destroy());
    return;
  }
  if ('stream' in behaviour) {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(behaviour.stream);
    return;
  }
  const { status = 200, headers = {}, json, body = '' } = behaviour;
  response.writeHead(status, { ...(json !== undefined && { 'content-type': 'application/json' }), ...headers });
  response.end(json === undefined ? body : JSON.stringify(json));
};

export const anAnsweredInvoice = (overrides: Partial<Invoice> = {}): Invoice => ({
  id: '0197a000-0000-7000-8000-000000000001',
  status: 'queued',
  number: 'R-1',
  typeCode: '380',
  currency: 'EUR',
  issueDate: '2026-03-02',
  buyerName: 'B',
  totals: { taxExclusive: '1.00', tax: '0.19', taxInclusive: '1.19', payable: '1.19' },
  metadata: {},
  generation: 1,
  documents: [],
  createdAt: '2026-03-02T10:00:00.000Z',
  updatedAt: '2026-03-02T10:00:00.000Z',
  ...overrides,
});
