import { createCipheriv, createDecipheriv, randomBytes, type CipherKey } from 'node:crypto';

/** The form of what is sealed: a version, a nonce, AES-256-GCM's tag, and as many bytes as the text has. */
const VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEAD_BYTES = 1 + NONCE_BYTES + TAG_BYTES;

/**
 * AES-256-GCM under a random nonce of 96 bits: up to 2^32 times with one key (NIST SP 800-38D, 8.3).
 * @param key 32 bytes  @param place what it is sealed for: it opens for that alone (additional authenticated data)
 */
export const encrypt = (key: CipherKey, plain: string | Uint8Array, place: string): Buffer<ArrayBuffer> => {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(place));
  const bytes = typeof plain === 'string' ? Buffer.from(plain) : plain;
  const sealed = [cipher.update(bytes), cipher.final()];
  return Buffer.concat([Buffer.from([VERSION]), nonce, cipher.getAuthTag(), ...sealed]);
};

/** @throws when it was sealed under another key or for another place, or changed since */
export const decrypt = (key: CipherKey, sealed: Uint8Array, place: string): Buffer<ArrayBuffer> => {
  if (sealed[0] !== VERSION) throw new Error(`version ${sealed[0]} is unknown`);
  const nonce = sealed.subarray(1, 1 + NONCE_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
    .setAAD(Buffer.from(place))
    .setAuthTag(sealed.subarray(1 + NONCE_BYTES, HEAD_BYTES));
  return Buffer.concat([decipher.update(sealed.subarray(HEAD_BYTES)), decipher.final()]);
};
