import type { RequestHandler } from 'express';
import type { Context } from '../context.ts';

/** `GET /.well-known/jwks.json`: the public keys of what we sign (RFC 7517), former ones included. */
export const jwks = ({ proofSigner }: Pick<Context, 'proofSigner'>): RequestHandler => {
  const keys = JSON.stringify(proofSigner.allPublicKeys);
  return (_req, res) => {
    res.set('cache-control', 'public, max-age=3600').type('application/jwk-set+json').send(keys);
  };
};
