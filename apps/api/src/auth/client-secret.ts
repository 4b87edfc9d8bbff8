import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** 256 bits: nobody guesses it, so one round of SHA-256 hides it as well as a slow hash would (docs/decisions). */
const SECRET_BYTES = 32;

/** A new secret, shown once, and the hash that is stored. */
export const createClientSecret = (): { secret: string; hash: Uint8Array } => {
  const secret = `ips_${randomBytes(SECRET_BYTES).toString('base64url')}`;
  return { secret, hash: hashSecret(secret) };
};

const hashSecret = (secret: string): Uint8Array => new Uint8Array(createHash('sha256').update(secret).digest());

/** Takes the same time whether the client exists, and wherever the secret differs. */
export const secretMatches = (secret: string, hash: Uint8Array | undefined): boolean => {
  const given = hashSecret(secret);
  return (
    timingSafeEqual(given, hash?.length === given.length ? hash : hashSecret('no such client')) && hash !== undefined
  );
};
