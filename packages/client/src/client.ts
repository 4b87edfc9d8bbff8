import { isSettled, type Format } from '@invoicepress/invoice';
import type {
  BatchOutcome as BatchOutcomeSchema,
  DocumentLink,
  EventPage,
  EventType,
  Invoice,
  InvoiceCheck,
  InvoicePage,
  ListInvoices,
  NumberSeries,
  SubmitInvoice,
  TokenResponse,
} from './contract/index.ts';
import type { z } from 'zod';
import { auditMethods } from './audit-methods.ts';
import { creditNoteMethods } from './credit-note-methods.ts';
import { exportMethods } from './export-methods.ts';
import { followEvents, type FollowOptions } from './follow-events.ts';
import { ProblemError, WaitTimeout } from './problem-error.ts';
import { sellerProfileMethods } from './seller-profile-methods.ts';
import { send, sleep, type TransportOptions } from './transport.ts';
import { templateMethods } from './template-methods.ts';
import { webhookMethods, type SendJson, type SendRequest } from './webhook-methods.ts';

type BatchOutcome = z.infer<typeof BatchOutcomeSchema>;

export interface ClientOptions extends Partial<TransportOptions> {
  /** Where the API is: "http://127.0.0.1:8080". */
  baseUrl: string;
  clientId: string;
  clientSecret: string;
}

export interface KeyOptions {
  /** A key of yours, for one request and its repetitions; one is made up when absent. */
  idempotencyKey?: string;
}

export interface WaitOptions {
  /** Milliseconds until WaitTimeout; a minute when absent. */
  timeoutMs?: number;
  /** Called after every look with all invoices as last seen. */
  onProgress?: (invoices: Invoice[]) => void;
}

export interface EventQuery {
  /** The position of the last event you have; 0 (when absent) for all there are, `latest` for those to come. */
  after?: number | 'latest';
  limit?: number;
  types?: readonly EventType[];
}

export type Client = ReturnType<typeof createClient>;

/** Tokens are renewed this long before they expire, so that none expires on the way. */
const TOKEN_MARGIN_MS = 30_000;
const POLL_MIN_MS = 100;
const POLL_MAX_MS = 2_000;
/** As many ids as one look may ask for. */
const IDS_PER_LOOK = 100;

/**
 * A client of the Invoicepress API. It fetches and renews its token, gives every change an idempotency key,
 * retries what may be retried, and turns refusals into ProblemError.
 */
export const createClient = ({ baseUrl, clientId, clientSecret, ...overrides }: ClientOptions) => {
  const options: TransportOptions = {
    fetch: globalThis.fetch,
    timeoutMs: 30_000,
    attempts: 5,
    sleep,
    random: Math.random,
    ...overrides,
  };
  const root = baseUrl.replace(/\/$/, '');
  let token: Promise<{ value: string; renewAt: number }> | undefined;

  const fetchToken = async () => {
    const { access_token, expires_in } = await send(
      `${root}/oauth2/token`,
      {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: 'client_credentials',
          client_id: clientId,
          client_secret: clientSecret,
        }),
      },
      async (response) => (await response.json()) as TokenResponse,
      options,
    );
    return { value: access_token, renewAt: Date.now() + expires_in * 1_000 - TOKEN_MARGIN_MS };
  };

  const currentToken = async (): Promise<string> => {
    const latest = token;
    const known = await latest?.catch(() => undefined);
    if (known && known.renewAt > Date.now()) return known.value;
    if (token === undefined || token === latest) token = fetchToken(); // else another call has just begun to renew it
    return (await token).value;
  };

  const request: SendRequest = async (method, path, read, { body, headers = {} } = {}) => {
    const attempt = (bearer: string) =>
      send(
        root + path,
        {
          method,
          redirect: 'manual',
          headers: {
            accept: 'application/json',
            authorization: `Bearer ${bearer}`,
            ...(body !== undefined && { 'content-type': 'application/json' }),
            ...headers,
          },
          ...(body !== undefined && { body: JSON.stringify(body) }),
        },
        read,
        options,
      );
    const bearer = await currentToken(); // a refused sign-in is final; a refused token is not
    try {
      return await attempt(bearer);
    } catch (error) {
      if (!(error instanceof ProblemError) || error.problem.status !== 401) throw error;
      token = undefined; // revoked or signed with a retired key: once more with a fresh one
      return attempt(await currentToken());
    }
  };
  const json: SendJson = <T>(...[method, path, given]: Parameters<SendJson>) =>
    request(method, path, async (response) => (await response.json()) as T, given);
  const openStream = async (query: Record<string, string>, headers: Record<string, string>, signal: AbortSignal) => {
    const attempt = async () =>
      options.fetch(`${root}/v1/events?${new URLSearchParams(query)}`, {
        headers: { accept: 'text/event-stream', authorization: `Bearer ${await currentToken()}`, ...headers },
        signal,
      });
    const response = await attempt();
    if (response.status !== 401) return response;
    token = undefined;
    await response.body?.cancel();
    return attempt();
  };
  const keyed = (idempotencyKey: string = crypto.randomUUID()) => ({ 'idempotency-key': idempotencyKey });

  const client = {
    /** Submits one invoice. Repeat with the same key after a crash of yours: you get the first answer. */
    submitInvoice: (invoice: SubmitInvoice, { idempotencyKey }: KeyOptions = {}) =>
      json<Invoice>('POST', '/v1/invoices', { body: invoice, headers: keyed(idempotencyKey) }),

    /** Submits up to 1,000; each is accepted or refused by itself. */
    submitBatch: (invoices: SubmitInvoice[], { idempotencyKey }: KeyOptions = {}) =>
      json<BatchOutcome>('POST', '/v1/invoices/batch', { body: { invoices }, headers: keyed(idempotencyKey) }),

    /** Whether it would be accepted under each profile, if not why, and its totals; nothing is stored. */
    checkInvoice: (invoice: SubmitInvoice) => json<InvoiceCheck>('POST', '/v1/invoices/check', { body: invoice }),

    getInvoice: (id: string) => json<Invoice>('GET', `/v1/invoices/${encodeURIComponent(id)}`),

    listPage: (query: ListInvoices = {}) => {
      const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
      return json<InvoicePage>('GET', `/v1/invoices?${new URLSearchParams(given)}`);
    },

    /** All invoices that match, newest first, page by page as you read on. */
    async *listInvoices(query: ListInvoices = {}): AsyncGenerator<Invoice> {
      let cursor: string | undefined;
      do {
        const page: InvoicePage = await client.listPage({ ...query, ...(cursor && { cursor }) });
        yield* page.invoices;
        cursor = page.nextCursor;
      } while (cursor);
    },

    cancelInvoice: (id: string, { idempotencyKey }: KeyOptions = {}) =>
      json<Invoice>('POST', `/v1/invoices/${encodeURIComponent(id)}/cancel`, { headers: keyed(idempotencyKey) }),
    retryInvoice: (id: string, { idempotencyKey }: KeyOptions = {}) =>
      json<Invoice>('POST', `/v1/invoices/${encodeURIComponent(id)}/retry`, { headers: keyed(idempotencyKey) }),

    /** A page of events; ask again with `after` = `next`, which stays as it was when there is nothing more. */
    listEvents: ({ after, limit, types }: EventQuery = {}) => {
      const query = {
        ...(after !== undefined && { after: String(after) }),
        ...(limit !== undefined && { limit: String(limit) }),
        ...(types && { type: types.join(',') }),
      };
      return json<EventPage>('GET', `/v1/events?${new URLSearchParams(query)}`);
    },

    /**
     * Events as they happen, each once and in order, over a stream that is made anew whenever it ends. Keep the
     * position of the last event that you have dealt with, and begin `after` it when you start again.
     * @throws {ProblemError} the API refused  @throws {Unreachable} not even the first connection came about
     */
    followEvents: (follow: FollowOptions = {}) => followEvents(openStream, follow, options),

    createNumberSeries: (series: z.input<typeof NumberSeries>, { idempotencyKey }: KeyOptions = {}) =>
      json<z.infer<typeof NumberSeries>>('POST', '/v1/number-series', { body: series, headers: keyed(idempotencyKey) }),

    ...auditMethods(json),
    ...creditNoteMethods(json, keyed),
    ...exportMethods(json, keyed, options),
    ...webhookMethods(json, keyed),
    ...sellerProfileMethods(json, keyed),
    ...templateMethods({ request, json, keyed, sleep: options.sleep }),

    getDocumentLink: (id: string, format: Format = 'pdf') =>
      json<DocumentLink>('GET', `/v1/invoices/${encodeURIComponent(id)}/documents/${format}`),

    /** Fetches a document's bytes by a fresh pre-signed URL. */
    downloadDocument: async (
      id: string,
      format: Format = 'pdf',
    ): Promise<{ bytes: Uint8Array; link: DocumentLink }> => {
      const link = await client.getDocumentLink(id, format);
      const bytes = await send(link.url, {}, async (response) => new Uint8Array(await response.arrayBuffer()), options);
      return { bytes, link };
    },

    /** The signed proof bundle of a ready invoice, a ZIP file; `invoicepress verify` checks it. */
    downloadProof: (id: string): Promise<Uint8Array> =>
      request(
        'GET',
        `/v1/invoices/${encodeURIComponent(id)}/documents/bundle`,
        async (response) => new Uint8Array(await response.arrayBuffer()),
        { headers: { accept: 'application/zip' } },
      ),

    /**
     * Waits until every invoice is ready, failed or canceled, looking less often the longer it takes.
     * @throws {WaitTimeout} some were not settled in time
     */
    waitUntilSettled: async (
      ids: readonly string[],
      { timeoutMs = 60_000, onProgress }: WaitOptions = {},
    ): Promise<Invoice[]> => {
      const seen = new Map<string, Invoice>();
      const deadline = Date.now() + timeoutMs;
      for (let pauseMs = POLL_MIN_MS; ; pauseMs = Math.min(POLL_MAX_MS, pauseMs * 1.5)) {
        const open = ids.filter((id) => !isSettled(seen.get(id)?.status ?? 'queued'));
        for (let i = 0; i < open.length; i += IDS_PER_LOOK) {
          const look = open.slice(i, i + IDS_PER_LOOK);
          const page = await client.listPage({ ids: look.join(','), limit: String(IDS_PER_LOOK) });
          for (const invoice of page.invoices) seen.set(invoice.id, invoice);
        }
        onProgress?.([...seen.values()]);
        const waiting = ids.filter((id) => !isSettled(seen.get(id)?.status ?? 'queued'));
        if (waiting.length === 0) return ids.flatMap((id) => seen.get(id) ?? []);
        if (Date.now() > deadline)
          throw new WaitTimeout(
            `${waiting.length} of ${ids.length} invoices not settled after ${timeoutMs} ms; are the workers running?`,
          );
        await options.sleep(pauseMs);
      }
    },
  };
  return client;
};
