import { scopes as allScopes, type Scope } from '@invoicepress/client';
import { publicKeysIn } from '@invoicepress/proof';
import { operatorRoles, type OperatorRole } from '@invoicepress/database';
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  randomUUID,
  type JsonWebKey,
  type KeyObject,
} from 'node:crypto';
import jwt from 'jsonwebtoken';

/** Who a request speaks for. */
export interface Caller {
  tenantId: string;
  clientId: string;
  /** Of the secret that the token was given for; an external identity provider has secrets of its own. */
  secretId?: string | undefined;
  scopes: ReadonlySet<Scope>;
  /** The token's `jti`, if it has one. */
  tokenId?: string | undefined;
  /** When the token expires. */
  expiresAt: Date;
}

/** A token is good for one purpose, said by its `typ` header (RFC 8725, 3.11), so that none passes for another. */
const types = { access: 'at+jwt', signIn: 'sign-in+jwt', signingIn: 'signing-in+jwt' } as const;
export const ACCESS_TYPE = types.access;

/** Seconds that a sign-in link, and the way to an identity provider and back, are good for. */
export const SIGN_IN_SECONDS = 10 * 60;
/** The only algorithm of ours; anything else in a token's header is refused (RFC 8725, 3.1). */
export const ALGORITHM = 'ES256';
/** Seconds by which clocks may differ. */
export const CLOCK_TOLERANCE_SECONDS = 5;

export interface TokenSettings {
  privateKeyPem: string;
  /** P-256, SPKI, one after the other: the keys before it, whose tokens still count, or the next one. */
  otherPublicKeysPem?: string;
  issuer: string;
  audience: string;
  ttlSeconds: number;
}

/** What a browser keeps while its user is at the identity provider. */
export interface SigningIn {
  state: string;
  nonce: string;
  verifier: string;
}

export interface Tokens {
  readonly issuer: string;
  readonly audience: string;
  readonly ttlSeconds: number;
  /** The public keys (RFC 7517), the signing one first. */
  readonly publicKeys: readonly (JsonWebKey & { kid: string })[];
  /** The key of this id, if tokens that it signed count. */
  keyOf(kid: string | undefined): KeyObject | undefined;
  /** An access token (RFC 9068). */
  issueAccess(caller: { tenantId: string; clientId: string; secretId?: string; scopes: Scope[] }): string;
  /** A link for one sign-in, in this role. */
  issueSignIn(role?: OperatorRole): string;
  issueSigningIn(attempt: SigningIn): string;
  /** @throws {jwt.JsonWebTokenError} forged, expired, or meant for another purpose */
  verifySignIn(token: string): { id: string; role: OperatorRole };
  verifySigningIn(token: string): SigningIn;
}

export const createTokens = ({
  privateKeyPem,
  otherPublicKeysPem = '',
  issuer,
  audience,
  ttlSeconds,
}: TokenSettings): Tokens => {
  const privateKey = createPrivateKey(privateKeyPem);
  const keys = new Map(
    [createPublicKey(privateKey), ...publicKeysIn(otherPublicKeysPem).map((pem) => createPublicKey(pem))].map((key) => [
      thumbprint(key),
      key,
    ]),
  );
  const [kid = ''] = keys.keys();

  const sign = (typ: string, claims: object, expiresIn: number) =>
    jwt.sign(claims, privateKey, {
      algorithm: ALGORITHM,
      header: { alg: ALGORITHM, typ, kid },
      issuer,
      audience,
      notBefore: 0,
      expiresIn,
      jwtid: randomUUID(),
    });

  const verify = (typ: string, token: string): Record<string, unknown> => {
    const key = keys.get(jwt.decode(token, { complete: true })?.header.kid ?? '');
    if (!key) throw new jwt.JsonWebTokenError('the token is signed with no key of ours');
    const { header, payload } = jwt.verify(token, key, { algorithms: [ALGORITHM], issuer, audience, complete: true });
    if (header.typ !== typ || typeof payload === 'string')
      throw new jwt.JsonWebTokenError('the token is meant for another purpose');
    return payload;
  };

  return {
    issuer,
    audience,
    ttlSeconds,
    publicKeys: Array.from(keys, ([id, key]) => ({
      ...key.export({ format: 'jwk' }),
      kid: id,
      alg: ALGORITHM,
      use: 'sig',
    })),
    keyOf: (id) => keys.get(id ?? ''),
    issueAccess: ({ tenantId, clientId, secretId, scopes }) =>
      sign(
        types.access,
        { sub: clientId, client_id: clientId, secret: secretId, tenant: tenantId, scope: scopes.join(' ') },
        ttlSeconds,
      ),
    issueSignIn: (role = 'operator') => sign(types.signIn, { sub: 'operator', role }, SIGN_IN_SECONDS),
    issueSigningIn: (attempt) => sign(types.signingIn, attempt, SIGN_IN_SECONDS),
    verifySignIn: (token) => {
      const { jti, role } = verify(types.signIn, token);
      const known = operatorRoles.find((each) => each === role);
      if (typeof jti !== 'string' || !known) throw new jwt.JsonWebTokenError('the link says no role');
      return { id: jti, role: known };
    },
    verifySigningIn: (token) => {
      const { state, nonce, verifier } = verify(types.signingIn, token);
      return { state: String(state), nonce: String(nonce), verifier: String(verifier) };
    },
  };
};

/** The name of a P-256 key: RFC 7638, its members in lexicographic order. */
const thumbprint = (key: KeyObject): string => {
  const { crv, kty, x, y } = key.export({ format: 'jwk' });
  return createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url');
};

/** The claims of a verified access token of ours; undefined when one is missing that we give (RFC 9068, 2.2). */
export const toCaller = (claims: Record<string, unknown>): Caller | undefined => {
  const { tenant, client_id: clientId, secret, scope, exp, nbf, iat, jti } = claims;
  if (typeof tenant !== 'string' || typeof clientId !== 'string' || typeof scope !== 'string') return undefined;
  if (typeof exp !== 'number' || typeof nbf !== 'number' || typeof iat !== 'number') return undefined;
  return {
    tenantId: tenant,
    clientId,
    secretId: typeof secret === 'string' ? secret : undefined,
    scopes: knownScopes(scope.split(' ')),
    tokenId: typeof jti === 'string' ? jti : undefined,
    expiresAt: new Date(exp * 1_000),
  };
};

/** Of these names, those that are scopes of ours. */
export const knownScopes = (names: readonly string[]): Set<Scope> =>
  new Set(allScopes.filter((known) => names.includes(known)));
