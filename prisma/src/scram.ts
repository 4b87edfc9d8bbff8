import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';

/** PostgreSQL's own defaults. */
const iterations = 4_096;
const saltBytes = 16;

/**
 * The SCRAM-SHA-256 verifier of a password (RFC 5803, as PostgreSQL stores it). Sent instead of the password,
 * it keeps the password out of the server's log and statistics. For printable ASCII only, which SASLprep leaves as it is.
 */
export const scramVerifier = (password: string, salt: Buffer = randomBytes(saltBytes)): string => {
  const salted = pbkdf2Sync(password, salt, iterations, 32, 'sha256');
  const clientKey = createHmac('sha256', salted).update('Client Key').digest();
  const storedKey = createHash('sha256').update(clientKey).digest('base64');
  const serverKey = createHmac('sha256', salted).update('Server Key').digest('base64');
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${storedKey}:${serverKey}`;
};
