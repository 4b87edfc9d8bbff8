/** Requests to addresses that strangers gave: nothing of ours can be reached by them. */
import { faultInWebhookUrl, hostOf, isLoopbackAddress, isPublicAddress } from '@invoicepress/database';
import { lookup as resolve } from 'node:dns/promises';
import http from 'node:http';
import https from 'node:https';
import { isIP, type LookupFunction } from 'node:net';

export interface Address {
  address: string;
  /** 4 or 6. */
  family: number;
}

export interface OutboundOptions {
  /** Milliseconds for all of it, the resolver included. */
  timeoutMs: number;
  /** Plain http and addresses of this machine are possible, for tests and development. */
  allowLoopback: boolean;
  signal?: AbortSignal;
  /** All addresses of a name; the system's resolver when absent. */
  lookup?: (host: string) => Promise<Address[]>;
}

export interface OutboundAnswer {
  status: number;
  /** Of `Retry-After`, when it says one. */
  retryAfterMs: number | undefined;
  /** The beginning of the body, as one line of printable text. */
  excerpt: string;
}

/** The request was not made, or nothing came back; the message says why and is fit for its owner to read. */
export class OutboundError extends Error {
  override readonly name = 'OutboundError';
}

/** Of the body; the rest is not read. */
const MAX_ANSWER_BYTES = 4_096;
const MAX_EXCERPT_CHARACTERS = 500;
const MAX_HEADER_BYTES = 16_384;

const systemLookup = (host: string): Promise<Address[]> => resolve(host, { all: true });

/**
 * Posts `body` and reads the beginning of the answer. The name is resolved once; when any of its addresses is not
 * public nothing is sent, and the connection goes to the addresses that were looked at and to no others, so that a
 * name which changes its mind in between gains nothing. TLS is checked against the name. No redirect is followed, no
 * proxy of the environment asked, no connection kept.
 * @throws {OutboundError}
 */
export const post = async (
  target: string,
  body: string,
  headers: Record<string, string>,
  { timeoutMs, allowLoopback, signal, lookup = systemLookup }: OutboundOptions,
): Promise<OutboundAnswer> => {
  const fault = faultInWebhookUrl(target, { allowLoopback });
  if (fault) throw new OutboundError(`the URL ${fault}`);
  const url = new URL(target);
  const timeout = AbortSignal.timeout(timeoutMs);
  const ended = signal ? AbortSignal.any([timeout, signal]) : timeout;
  try {
    const addresses = await unlessAborted(ended, addressesOf(url, allowLoopback, lookup));
    return await send(url, body, headers, addresses, ended);
  } catch (error) {
    if (error instanceof OutboundError) throw error;
    if (signal?.aborted) throw new OutboundError('the attempt was cut short', { cause: error });
    if (timeout.aborted) throw new OutboundError(`there was no answer within ${timeoutMs} ms`, { cause: error });
    throw new OutboundError(`the request failed: ${reasonOf(error)}`, { cause: error });
  }
};

/** The addresses of a URL's host. @throws {OutboundError} when one of them is not to be reached */
const addressesOf = async (
  url: URL,
  allowLoopback: boolean,
  lookup: (host: string) => Promise<Address[]>,
): Promise<Address[]> => {
  const host = hostOf(url);
  const family = isIP(host);
  const addresses = family === 0 ? await lookup(host) : [{ address: host, family }];
  if (addresses.length === 0) throw new OutboundError('the name of the host has no address');
  const isAllowed = ({ address }: Address): boolean =>
    (url.protocol === 'https:' && isPublicAddress(address)) || (allowLoopback && isLoopbackAddress(address));
  if (!addresses.every(isAllowed))
    throw new OutboundError('the name of the host leads to an address that is not public');
  return addresses;
};

const send = async (
  url: URL,
  body: string,
  headers: Record<string, string>,
  addresses: Address[],
  signal: AbortSignal,
): Promise<OutboundAnswer> => {
  const { promise: answered, resolve: answer, reject } = Promise.withResolvers<http.IncomingMessage>();
  const options = {
    method: 'POST',
    lookup: pinned(addresses),
    signal,
    maxHeaderSize: MAX_HEADER_BYTES,
    headers: { ...headers, 'content-length': Buffer.byteLength(body), connection: 'close' },
  };
  // An agent of its own: the global one may have learned of proxies from the environment.
  const request =
    url.protocol === 'https:'
      ? https.request(url, { ...options, agent: new https.Agent({ keepAlive: false }) }, answer)
      : http.request(url, { ...options, agent: new http.Agent({ keepAlive: false }) }, answer);
  request.on('error', reject);
  request.end(body);
  try {
    const response = await answered;
    const retryAfter = response.headers['retry-after'];
    return {
      status: response.statusCode ?? 0,
      retryAfterMs: retryAfter === undefined ? undefined : toMilliseconds(retryAfter),
      excerpt: await beginningOf(response),
    };
  } finally {
    request.destroy();
  }
};

/** A resolver that knows the addresses that were looked at, and asks nobody. */
const pinned = (addresses: Address[]): LookupFunction => {
  const [first] = addresses;
  return (_host, options, found) =>
    options.all ? found(null, addresses) : found(null, first?.address ?? '', first?.family);
};

/** What can be had of the body; the status has said what there is to say, so a body that breaks off does not matter. */
const beginningOf = async (response: http.IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes >= MAX_ANSWER_BYTES) break;
    }
  } catch {
    // What came is enough.
  }
  return toOneLine(Buffer.concat(chunks).toString('utf8'));
};

const toOneLine = (text: string): string =>
  text
    .replaceAll(/[\p{C}\s]+/gu, ' ')
    .trim()
    .slice(0, MAX_EXCERPT_CHARACTERS)
    .toWellFormed();

/** RFC 9110, 10.2.3: seconds or a date. */
const toMilliseconds = (retryAfter: string): number | undefined => {
  const milliseconds = /^\d{1,9}$/.test(retryAfter) ? Number(retryAfter) * 1_000 : Date.parse(retryAfter) - Date.now();
  return Number.isFinite(milliseconds) ? Math.max(0, milliseconds) : undefined;
};

/** A code alone: messages of the network name addresses, which are nobody's business. */
const reasonOf = (error: unknown): string => {
  const code: unknown = (error as { code?: unknown }).code;
  const known = typeof code === 'string' ? explanations[code] : undefined;
  return known ?? (typeof code === 'string' ? code : 'the connection broke off');
};

const explanations: Record<string, string> = {
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'the connection broke off',
  ENOTFOUND: 'the name of the host is unknown',
  EAI_AGAIN: 'the name of the host could not be resolved',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'the certificate is signed by nobody who is trusted',
  SELF_SIGNED_CERT_IN_CHAIN: 'the certificate is signed by nobody who is trusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'the certificate comes without its intermediate ones',
  ERR_TLS_CERT_ALTNAME_INVALID: 'the certificate is for another name',
  CERT_HAS_EXPIRED: 'the certificate has expired',
};

const unlessAborted = async <T>(signal: AbortSignal, work: Promise<T>): Promise<T> => {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(signal.reason as Error);
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
    work.catch(() => {});
  }
};
