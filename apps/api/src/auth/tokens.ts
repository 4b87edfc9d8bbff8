import { scopes as allScopes, type Scope } from '@invoicepress/client';
import { createHash, createPrivateKey, createPublicKey, randomUUID, type KeyObject } from 'node:crypto';
import jwt from 'jsonwebtoken';

/** Who a request speaks for. */
export interface Caller {
  tenantId: string;
  clientId: string;
  scopes: ReadonlySet<Scope>;
  /** The token's `jti`, if it has one. */
  tokenId?: string | undefined;
  /** When the token expires. */
  expiresAt: Date;
}

/** A token is good for one purpose, said by its `typ` header (RFC 8725, 3.11), so that none passes for another. */
const types = { access: 'at+jwt', session: 'session+jwt', signIn: 'sign-in+jwt' } as const;

export const SESSION_SECONDS = 8 * 60 * 60;
export const SIGN_IN_SECONDS = 10 * 60;
/** The only algorithm there is; anything else in a token's header is refused (RFC 8725, 3.1). */
export const ALGORITHM = 'ES256';

export interface TokenSettings {
  privateKeyPem: string;
  issuer: string;
  audience: string;
  ttlSeconds: number;
}

export interface Tokens {
  readonly publicKey: KeyObject;
  readonly issuer: string;
  readonly audience: string;
  readonly ttlSeconds: number;
  /** An access token (RFC 9068). */
  issueAccess(caller: { tenantId: string; clientId: string; scopes: Scope[] }): string;
  /** What an operator's browser holds, and the link that gives it. */
  issueSession(): string;
  issueSignIn(): string;
  /** @throws {jwt.JsonWebTokenError} forged, expired, or meant for another purpose */
  verify(kind: 'session' | 'signIn', token: string): void;
  /** Whether a token's header is that of an access token signed with our key. */
  isAccessHeader(token: string): boolean;
}

export const createTokens = ({ privateKeyPem, issuer, audience, ttlSeconds }: TokenSettings): Tokens => {
  const privateKey = createPrivateKey(privateKeyPem);
  const publicKey = createPublicKey(privateKey);
  const kid = createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('base64url')
    .slice(0, 16);

  const sign = (typ: string, claims: object, expiresIn: number) =>
    jwt.sign(claims, privateKey, {
      algorithm: ALGORITHM,
      header: { alg: ALGORITHM, typ, kid },
      issuer,
      audience,
      expiresIn,
      jwtid: randomUUID(),
    });

  const verify = (typ: string, token: string) => {
    const { header } = jwt.verify(token, publicKey, { algorithms: [ALGORITHM], issuer, audience, complete: true });
    if (header.typ !== typ) throw new jwt.JsonWebTokenError('the token is meant for another purpose');
  };

  return {
    publicKey,
    issuer,
    audience,
    ttlSeconds,
    issueAccess: ({ tenantId, clientId, scopes }) =>
      sign(types.access, { sub: clientId, client_id: clientId, tenant: tenantId, scope: scopes.join(' ') }, ttlSeconds),
    issueSession: () => sign(types.session, { sub: 'operator' }, SESSION_SECONDS),
    issueSignIn: () => sign(types.signIn, { sub: 'operator' }, SIGN_IN_SECONDS),
    verify: (kind, token) => verify(types[kind], token),
    isAccessHeader: (token) => {
      const header = jwt.decode(token, { complete: true })?.header;
      return header?.typ === types.access && header.kid === kid && header.alg === ALGORITHM;
    },
  };
};

/** The claims of a verified access token; undefined when they are not ours. */
export const toCaller = (claims: Record<string, unknown>): Caller | undefined => {
  const { tenant, client_id: clientId, scope, exp, jti } = claims;
  if (typeof tenant !== 'string' || typeof clientId !== 'string' || typeof scope !== 'string') return undefined;
  if (typeof exp !== 'number') return undefined;
  const granted = new Set(scope.split(' '));
  return {
    tenantId: tenant,
    clientId,
    scopes: new Set(allScopes.filter((known) => granted.has(known))),
    tokenId: typeof jti === 'string' ? jti : undefined,
    expiresAt: new Date(exp * 1_000),
  };
};
