import type { Request } from 'express';

/** Characters of a token; ours have about 700, those of identity providers with many groups a few thousand. */
export const MAX_TOKEN_CHARACTERS = 8_192;

/** By which a token would choose the key that checks it (RFC 8725, 3.10), or extensions that we do not have (RFC 7515, 4.1.11). */
const refusedHeaders = ['jku', 'jwk', 'x5u', 'x5c', 'crit'];

export interface Bearer {
  token: string;
  header: { kid: string | undefined; typ: string | undefined };
}

/**
 * The token of a request, looked at but not yet believed; undefined when there is none.
 * @throws {BearerRefused} saying what is wrong with it, before any key is asked for
 */
export const readBearer = (req: Request): Bearer | undefined => {
  const given = req.headersDistinct['authorization'] ?? [];
  if (given.length === 0) return undefined;
  if (given.length > 1) throw new BearerRefused('send one Authorization header');
  const [, token] = /^Bearer +([\w~+/.=-]+) *$/i.exec(given[0]?.slice(0, MAX_TOKEN_CHARACTERS + 100) ?? '') ?? [];
  if (token === undefined) throw new BearerRefused('send "Authorization: Bearer …" with a token');
  if (token.length > MAX_TOKEN_CHARACTERS)
    throw new BearerRefused(`the token is longer than ${MAX_TOKEN_CHARACTERS} characters`);
  const [first = ''] = token.split('.', 1);
  const header = parseObject(first);
  if (!header) throw new BearerRefused('the token is no JSON Web Token');
  const refused = refusedHeaders.find((name) => Object.hasOwn(header, name));
  if (refused) throw new BearerRefused(`the token's header has "${refused}", which is not accepted here`);
  const { kid, typ } = header;
  return { token, header: { kid: typeof kid === 'string' ? kid : undefined, typ: mediaType(typ) } };
};

export class BearerRefused extends Error {
  override readonly name = 'BearerRefused';
}

/** Who a token says that it is from: to choose whose keys check it, with which it then has to hold. */
export const claimedIssuer = ({ token }: Bearer): unknown => parseObject(token.split('.', 2)[1] ?? '')?.['iss'];

const parseObject = (part: string): Record<string, unknown> | undefined => {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
};

/** RFC 7515, 4.1.9: "application/" may be left out, and case does not matter. */
const mediaType = (typ: unknown): string | undefined =>
  typeof typ === 'string' ? typ.toLowerCase().replace(/^application\//, '') : undefined;
