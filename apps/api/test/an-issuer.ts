import jwt from 'jsonwebtoken';
import { generateKeyPairSync, randomUUID, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A key of an identity provider. */
export interface IssuerKey {
  kid: string;
  privateKey: KeyObject;
  publicKey: KeyObject;
}

export const anRsaKey = (): IssuerKey => ({
  kid: randomUUID(),
  ...generateKeyPairSync('rsa', { modulusLength: 2048 }),
});

export interface Issuer extends AsyncDisposable {
  url: string;
  /** What it publishes; tests change it. */
  keys: IssuerKey[];
  /** When set, what it answers in the place of its keys. */
  answer: { status?: number; body?: string; headers?: Record<string, string> } | undefined;
  /** How often its keys were asked for. */
  asked: number;
  /** Hangs up on whoever asks. */
  away: boolean;
  sign(claims: object, options?: { key?: IssuerKey; typ?: string; algorithm?: jwt.Algorithm }): string;
}

/**
 * Publishes keys over HTTP and signs with them, as an identity provider does. It stands in for one because outages,
 * withdrawn keys and hostile answers are what the tests are about; a real OpenID provider is in oidc.test.ts.
 */
export const startIssuer = async (audience: string): Promise<Issuer> => {
  const server = createServer((_req, res) => {
    issuer.asked += 1;
    if (issuer.away) return void res.destroy();
    const { status = 200, body, headers } = issuer.answer ?? {};
    const keys = issuer.keys.map(({ kid, publicKey }) => ({ ...publicKey.export({ format: 'jwk' }), kid, use: 'sig' }));
    res.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body ?? JSON.stringify({ keys }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const issuer: Issuer = {
    url,
    keys: [anRsaKey()],
    answer: undefined,
    asked: 0,
    away: false,
    sign: (claims, { key = issuer.keys[0], typ = 'at+jwt', algorithm = 'RS256' } = {}) =>
      jwt.sign({ jti: randomUUID(), ...claims }, key?.privateKey ?? '', {
        algorithm,
        header: { alg: algorithm, typ, ...(key && { kid: key.kid }) },
        ...(!('exp' in claims) && { expiresIn: 300 }),
        ...(!('iss' in claims) && { issuer: url }),
        ...(!('aud' in claims) && { audience }),
      }),
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
  return issuer;
};
