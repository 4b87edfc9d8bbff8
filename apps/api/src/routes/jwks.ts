import type { RequestHandler } from 'express';
import type { Context } from '../context.ts';

/**
 * `GET /.well-known/jwks.json`: the public keys of what we sign (RFC 7517), former ones included: of proof bundles
 * (EdDSA) and of access tokens (ES256), told apart by `alg`, to which their verifiers hold fast.
 */
export const jwks = ({ proofSigner, tokens }: Pick<Context, 'proofSigner' | 'tokens'>): RequestHandler => {
  const keys = JSON.stringify({ keys: [...proofSigner.allPublicKeys.keys, ...tokens.publicKeys] });
  return (_req, res) => {
    res.set('cache-control', 'public, max-age=3600').type('application/jwk-set+json').send(keys);
  };
};
