import { ProblemError, type Client, type InvoiceEvent } from '@invoicepress/client';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Ledger } from './ledger.ts';

/** `fails`: 500. `hangs`: no answer. `redirects`: to where nobody may follow. `breaks off`: in the midst of a 200. */
export type ReceiverMode = 'up' | 'fails' | 'hangs' | 'redirects' | 'breaks off';

export interface Receipt {
  tenant: number;
  eventId: string;
  /** When it was answered in full; later ones are duplicates. */
  answeredInRound: number | undefined;
}

/** Where webhooks arrive: one server, a path per tenant. */
export interface Receiver extends AsyncDisposable {
  /** Makes an endpoint for the next tenant, for events of all types. */
  register(client: Client): Promise<void>;
  /** From now on what arrives is checked, and noted there; what has arrived before is forgotten. */
  listen(ledger: Ledger): void;
  /** The round that is under way. */
  round: number;
  set(mode: ReceiverMode): void;
  /** Requests that have suffered since the mode was set. */
  suffered(): number;
  receipts: Receipt[];
  /** Resolves when every look that arrivals gave rise to is over. */
  settled(): Promise<void>;
}

const eventTypes = [
  'invoice.accepted',
  'invoice.rendering',
  'invoice.queued',
  'invoice.ready',
  'invoice.failed',
  'invoice.canceled',
] as const;

export const startReceiver = async (): Promise<Receiver> => {
  let mode: ReceiverMode = 'up';
  let suffered = 0;
  let ledger: Ledger | undefined;
  const clients: Client[] = [];
  const secrets: string[] = [];
  const looks = new Set<Promise<void>>();
  const receipts: Receipt[] = [];

  const expect = (...args: Parameters<Ledger['expect']>) => ledger?.expect(...args);

  const take = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const current = mode;
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    const tenant = Number(/^\/hook\/(\d)$/.exec(req.url ?? '')?.[1]);
    expect('I8', !Number.isNaN(tenant), receiver.round, () => `a webhook followed a redirect to ${req.url}`);
    if (Number.isNaN(tenant)) return void res.writeHead(204).end();
    const genuine = isGenuine(req, body, secrets[tenant] ?? '');
    expect('I8', genuine, receiver.round, () => `a webhook of tenant ${tenant} has a wrong signature`);
    const event = JSON.parse(body) as InvoiceEvent;
    const receipt: Receipt = { tenant, eventId: event.id, answeredInRound: undefined };
    receipts.push(receipt);
    if (event.type === 'invoice.ready') look(lookAtDocument(tenant, event));
    if (current === 'up') {
      res.writeHead(204).end(() => (receipt.answeredInRound = receiver.round));
      return;
    }
    suffered += 1;
    if (current === 'fails') res.writeHead(500).end();
    if (current === 'redirects') res.writeHead(307, { location: '/trap' }).end();
    if (current === 'breaks off') {
      receipt.answeredInRound = receiver.round; // the status says that it was taken, and may not get there
      res.writeHead(200, { 'content-length': '100' }).write('{', () => req.socket.resetAndDestroy());
    }
  };

  /** I9: whoever hears that it is ready can fetch it. That the API is away says nothing. */
  const lookAtDocument = async (tenant: number, { invoice }: InvoiceEvent): Promise<void> => {
    try {
      const client = clients[tenant];
      if (!client) return;
      const { documents } = await client.getInvoice(invoice.id);
      await Promise.all(documents.map(({ format }) => client.getDocumentLink(invoice.id, format)));
      expect(
        'I9',
        documents.length > 0,
        receiver.round,
        () => `${invoice.id} was told to be ready, and lists no document`,
      );
    } catch (error) {
      if (!(error instanceof ProblemError) || ![404, 409].includes(error.problem.status)) return;
      expect(
        'I9',
        false,
        receiver.round,
        () => `${invoice.id} was told to be ready, and has no document: ${error.message}`,
      );
    }
  };

  const look = (work: Promise<void>) => {
    looks.add(work);
    void work.finally(() => looks.delete(work));
  };

  const server = createServer((req, res) => {
    for (const stream of [req, res]) stream.on('error', () => {});
    take(req, res).catch(() => res.destroy());
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;

  const receiver: Receiver = {
    register: async (client) => {
      const url = `http://127.0.0.1:${port}/hook/${clients.length}`;
      const { secret } = await client.createWebhookEndpoint({ url, eventTypes: [...eventTypes] });
      clients.push(client);
      secrets.push(secret);
    },
    listen: (given) => {
      ledger = given;
      receipts.length = 0;
    },
    round: 0,
    set: (next) => {
      mode = next;
      if (next !== 'up') suffered = 0;
      else server.closeAllConnections(); // those that hang
    },
    suffered: () => suffered,
    receipts,
    settled: async () => void (await Promise.all(looks)),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return receiver;
};

/** Standard Webhooks, "Symmetric signature": v1, HMAC-SHA256 of `id.timestamp.body` under the base64 after `whsec_`. */
const isGenuine = ({ headers }: IncomingMessage, body: string, secret: string): boolean => {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`;
  const due = `v1,${createHmac('sha256', key).update(signed).digest('base64')}`;
  return String(headers['webhook-signature']).split(' ').includes(due);
};
