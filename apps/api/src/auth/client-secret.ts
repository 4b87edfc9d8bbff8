import { MAX_SECRETS } from '@invoicepress/database';
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** 256 bits: nobody guesses it, so one round of SHA-256 hides it as well as a slow hash would (docs/decisions). */
const SECRET_BYTES = 32;

/** A new secret, shown once, and the hash that is stored. */
export const createClientSecret = (): { secret: string; hash: Uint8Array } => {
  const secret = `ips_${randomBytes(SECRET_BYTES).toString('base64url')}`;
  return { secret, hash: hashSecret(secret) };
};

const hashSecret = (secret: string): Uint8Array => new Uint8Array(createHash('sha256').update(secret).digest());

/** Takes the same time whether the client exists, how many secrets it has, and wherever they differ. @returns the id of the one that matches */
export const matchSecret = (
  secret: string,
  secrets: readonly { id: string; hash: Uint8Array }[],
): string | undefined => {
  const given = hashSecret(secret);
  const nobodys = hashSecret('no such client');
  let found: string | undefined;
  for (let i = 0; i < MAX_SECRETS; i++) {
    const candidate = secrets[i];
    if (timingSafeEqual(given, candidate?.hash ?? nobodys) && candidate) found = candidate.id;
  }
  return found;
};
